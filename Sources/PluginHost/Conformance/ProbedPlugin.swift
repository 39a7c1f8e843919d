internal import Bytes
internal import CLauncher

/// A plugin that is put through the suite, and what it is put through with.
struct ProbedPlugin: Sendable {
    let manifest: PluginManifest
    let settings: Conformance.Settings
    /// What it said beside its answers.
    let record = ProbeRecord()

    /// Whether this machine can wall a program in.
    static var hasWalls: Bool { annals_landlock_version() > 0 }

    /// The options that it is started with: those that were given, and the defaults of its schema.
    var options: CBORValue {
        var pairs = settings.options
        for property in properties {
            guard let value = property.schema["default"],
                !pairs.contains(where: { $0.key == property.name })
            else { continue }
            pairs.append(CBORValue.Pair(property.name, value))
        }
        return .map(pairs.inCBOROrder())
    }

    /// The options that its schema describes.
    var properties: [(name: String, schema: CBORValue)] {
        guard let schema = manifest.options.node.map({ CBORValue($0) }) else { return [] }
        return (schema["properties"]?.pairs ?? []).map { ($0.key, $0.value) }
    }

    /// Options that must be given, have no default and were not given.
    var missingOptions: [String] {
        let schema = manifest.options.node.map { CBORValue($0) }
        let required = (schema?["required"]?.items ?? []).compactMap(\.text)
        return required.filter { options[$0] == nil }
    }

    /// Its program, with folders of its own below a scratch folder.
    func program(
        _ folder: String,
        isSandboxed: Bool
    ) throws(PluginFault) -> PluginProcess.Program {
        let own = folder + "/own"
        let scratch = folder + "/scratch"
        FolderMaking.make(own)
        FolderMaking.make(scratch)
        var grants = PluginWalls.Grants()
        grants.isSandboxed = isSandboxed
        if settings.isGranted {
            grants.network = manifest.needs.network
            grants.read = manifest.needs.read
        }
        let keeps = manifest.kind == .exporter || manifest.kind == .projection
        let kept = keeps ? own : nil
        return try PluginWalls.program(of: manifest, scratch: scratch, keeping: kept, grants)
    }

    /// What its batches are made of.
    var member: String {
        switch manifest.kind {
        case .clean, .enrich, .exporter: "documents"
        case .reader: "sources"
        case .projection: "events"
        }
    }
}
