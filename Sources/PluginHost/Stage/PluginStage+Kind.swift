internal import Bytes
internal import Glibc
package import Pipeline
internal import Synchronization
internal import YAML

extension PluginStage {
    /// How pipelines name it.
    ///
    /// - Parameter log: takes what plugins print and log.
    package static func kind(log: @escaping @Sendable (PluginLogLine) -> Void) -> StageKind {
        StageKind(
            name: "plugin",
            summary: "has a plugin clean documents or find something in them",
            version: 1,
            incidentalOptions: ["instances", "max_failed"]
        ) { node, context in
            build(node, &context, log)
        }
    }

    /// Where plugins are looked for, in this order.
    private static func folders(_ name: String, _ pipelineFolder: String) -> [String] {
        let near = pipelineFolder.isEmpty ? "" : pipelineFolder + "/"
        return [near + "plugins/" + name, near + "../Plugins/" + name, "Plugins/" + name]
    }

    private static func build(
        _ node: Node,
        _ context: inout StageContext,
        _ log: @escaping @Sendable (PluginLogLine) -> Void
    ) -> (any Stage)? {
        var problems = DiagnosticBag()
        var name = ""
        var options = CBORValue.map([])
        var limits = PluginPool.Limits()
        var grants = PluginWalls.Grants()
        FieldReader.read(node, context: "stage \(context.name)", into: &problems) { reader in
            name = reader.string("name")
            options = reader.optionalNode("options").map { CBORValue($0) } ?? options
            limits.instances = reader.integer("instances", in: 1...64, default: limits.instances)
            limits.failuresMax = reader.integer("max_failed", in: 0...Int.max, default: 100)
            grants.isSandboxed = reader.choice("sandbox", of: ["on", "off"], default: "on") == "on"
            reader.optionalMapping("allow") { reader in
                grants.network = reader.bool("network", default: false)
                grants.read = reader.strings("read", default: [])
            }
        }
        context.diagnostics.add(contentsOf: problems)
        guard !problems.hasErrors else { return nil }
        let places = folders(name, context.folder)
        let file = PluginManifest.fileName
        guard PluginManifest.isName(name),
            let folder = places.first(where: { unsafe access($0 + "/" + file, F_OK) == 0 })
        else {
            context.diagnostics.error(
                "plugin.unknown",
                "there is no plugin '\(name)'",
                at: node,
                expected: "a folder with a \(file): " + places.joined(separator: " or "),
                hint: "annals plugin new \(name) makes one"
            )
            return nil
        }
        guard let manifest = PluginManifest.read(folder, into: &context.diagnostics) else {
            return nil
        }
        if manifest.kind == .enrich { context.annotators.append(manifest.name) }
        let pool = PluginPool(
            manifest,
            options: options,
            limits: limits,
            program: { [grants] instance throws(PluginFault) in
                let scratch = try Scratch.folder(of: manifest.name, instance)
                return try PluginWalls.program(of: manifest, scratch: scratch, grants)
            },
            log: log
        )
        return PluginStage(name: context.name, number: context.number, manifest: manifest, pool: pool)
    }
}

/// Folders that plugins may write to.
enum Scratch {
    /// An empty folder for a process.
    static func folder(of plugin: String, _ instance: Int) throws(PluginFault) -> String {
        let parent = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
        var template = Array("\(parent)/annals-\(plugin)-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else {
            let reason = unsafe String(cString: strerror(errno))
            throw PluginFault(.launch, plugin, "no scratch folder can be made in \(parent): \(reason)")
        }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
