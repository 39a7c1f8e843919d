internal import Glibc
internal import YAML

/// What a pipeline says of a plugin, beside its options.
struct PluginSettings: Sendable {
    var name = ""
    /// The node to speak of when something is wrong with the plugin.
    let place: Node
    var options: Node?
    var limits = PluginPool.Limits()
    var grants = PluginWalls.Grants()
    var keepsAnswers = false
    /// What it may read, as the pipeline says it.
    private var granted: [String] = []
    var folder: String?

    /// Keys that do not determine what a plugin answers.
    static let incidental = ["instances", "max_failed", "sandbox", "allow", "cache"]

    /// A plugin by its name alone.
    init(name: String, at place: Node) {
        self.name = name
        self.place = place
    }

    /// Reads `{name: …, options: …, …}`.
    init(_ reader: inout FieldReader, kind: Set<PluginManifest.Kind>, folder: String) {
        place = reader.node
        name = reader.string("name")
        options = reader.optionalNode("options")
        limits.instances = reader.integer("instances", in: 1...64, default: limits.instances)
        limits.failuresMax = reader.integer(
            "max_failed",
            in: 0...1_000_000_000,
            default: limits.failuresMax
        )
        grants.isSandboxed = reader.choice("sandbox", of: ["on", "off"], default: "on") == "on"
        if !kind.isDisjoint(with: [.reader, .clean, .enrich]) {
            keepsAnswers = reader.choice("cache", of: ["on", "off"], default: "off") == "on"
        }
        if kind.contains(.exporter) { self.folder = reader.optionalString("to") }
        reader.optionalMapping("allow") { reader in
            grants.network = reader.bool("network", default: false)
            granted = reader.strings("read", default: [])
            grants.read = granted.map { Self.absolute($0, in: folder) }
        }
    }

    /// A path relative to the pipeline's folder; as it is if nothing lies there.
    private static func absolute(_ path: String, in folder: String) -> String {
        let near = path.hasPrefix("/") || folder.isEmpty ? path : folder + "/" + path
        guard let real = unsafe realpath(near, nil) else { return near }
        defer { unsafe free(real) }
        return unsafe String(cString: real)
    }

    /// Says whether the pipeline names a folder where there must be one, and only there.
    func checkFolder(_ manifest: PluginManifest, into diagnostics: inout DiagnosticBag) {
        if manifest.kind == .exporter, folder == nil {
            diagnostics.error(
                "plugin.to",
                "the exporter \(manifest.name) needs a folder to write to",
                at: place,
                hint: "write to: out/\(manifest.name)"
            )
        }
        if manifest.kind != .exporter, folder != nil {
            diagnostics.error(
                "plugin.to",
                "the plugin \(manifest.name) is no exporter: it writes to no folder",
                at: place["to"] ?? place,
                hint: "leave to: out"
            )
        }
    }

    /// Says where what the plugin asks for, and what the pipeline grants, differ.
    func checkGrants(_ manifest: PluginManifest, into diagnostics: inout DiagnosticBag) {
        if manifest.needs.network, !grants.network, grants.isSandboxed {
            diagnostics.error(
                "plugin.not-granted",
                "the plugin \(manifest.name) asks for the network",
                at: place,
                hint: "grant it by allow: {network: true}, or do without the plugin"
            )
        }
        for path in manifest.needs.read where !granted.contains(path) && grants.isSandboxed {
            diagnostics.error(
                "plugin.not-granted",
                "the plugin \(manifest.name) asks to read \(path)",
                at: place,
                hint: "grant it by allow: {read: [\(path)]}, or do without the plugin"
            )
        }
        if !manifest.needs.network, grants.network {
            diagnostics.warning(
                "plugin.needless-grant",
                "the plugin \(manifest.name) does not ask for the network",
                at: place,
                hint: "leave allow: {network: true} out"
            )
        }
        for path in grants.read where unsafe access(path, R_OK) != 0 {
            diagnostics.error("plugin.no-such-path", "\(path) cannot be read", at: place)
        }
    }
}
