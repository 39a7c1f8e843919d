internal import Bytes
internal import Glibc
package import Pipeline
package import YAML

extension PluginReference {
    /// The plugin that a mapping, or a name alone, stands for, its options checked; nil after what is wrong was said.
    package static func read(
        _ node: Node,
        kinds: Set<PluginManifest.Kind>,
        in context: inout StageContext
    ) -> PluginReference? {
        if let name = node.text { return named(name, at: node, kinds: kinds, in: &context) }
        var problems = DiagnosticBag()
        let folder = context.folder
        let settings = FieldReader.read(node, context: "the plugin", into: &problems) { reader in
            PluginSettings(&reader, kind: kinds, folder: folder)
        }
        context.diagnostics.add(contentsOf: problems)
        return problems.hasErrors ? nil : find(settings, kinds: kinds, in: &context)
    }

    /// The plugin of a name, without options; nil after what is wrong was said.
    package static func named(
        _ name: String,
        at node: Node,
        kinds: Set<PluginManifest.Kind>,
        in context: inout StageContext
    ) -> PluginReference? {
        find(PluginSettings(name: name, at: node), kinds: kinds, in: &context)
    }

    private static func find(
        _ settings: PluginSettings,
        kinds: Set<PluginManifest.Kind>,
        in context: inout StageContext
    ) -> PluginReference? {
        let name = settings.name
        let places = PluginFolders.all(context.folder).map { $0 + "/" + name }
        let file = PluginManifest.fileName
        guard let folder = PluginFolders.find(name, context.folder) else {
            let others = PluginFolders.all(context.folder).flatMap(FolderTree.names)
            context.diagnostics.error(
                "plugin.unknown",
                "there is no plugin '\(TerminalText.escaped(name))'",
                at: settings.place["name"] ?? settings.place,
                expected: "a folder with a \(file): " + places.joined(separator: " or "),
                hint: Suggestion.hint(for: name, among: others)
                    ?? (PluginManifest.isName(name)
                        ? "annals plugin new \(name) --language python makes one"
                        : "write the plugin's name: lower-case letters, digits and hyphens")
            )
            return nil
        }
        var problems = DiagnosticBag()
        defer { context.diagnostics.add(contentsOf: problems) }
        guard let manifest = PluginManifest.read(folder, into: &problems) else { return nil }
        guard manifest.name == name else {
            problems.error(
                "plugin.name",
                "the plugin in \(folder) calls itself '\(manifest.name)'",
                at: settings.place["name"] ?? settings.place
            )
            return nil
        }
        guard kinds.contains(manifest.kind) else {
            problems.error(
                "plugin.kind",
                "the plugin \(name) is of kind \(manifest.kind.rawValue)",
                at: settings.place,
                expected: kinds.map(\.rawValue).sorted().joined(separator: " or "),
                hint: manifest.kind.usage(name)
            )
            return nil
        }
        settings.checkFolder(manifest, into: &problems)
        settings.checkGrants(manifest, into: &problems)
        let options = manifest.options.options(
            settings.options,
            at: settings.place,
            of: name,
            into: &problems
        )
        guard let options, !problems.hasErrors else { return nil }
        let digest: PluginDigest
        do throws(PluginLockError) {
            digest = try PluginDigest.of(folder)
        } catch {
            problems.error(error.code.rawValue, error.description, at: settings.place)
            return nil
        }
        context.dependsOn(digest: digest.description)
        settings.recordDefaults(of: manifest.options)
        return PluginReference(
            manifest,
            options: options,
            publicOptions: manifest.options.publicOptions(
                settings.options,
                at: settings.place,
                of: name
            ),
            digest: digest,
            pipelineFolder: context.folder,
            settings: settings,
            log: context.log
        )
    }
}

extension PluginManifest.Kind {
    /// How a pipeline uses a plugin of this kind.
    func usage(_ name: String) -> String {
        switch self {
        case .reader: "write format: plugin:\(name) in the ingest stage"
        case .clean: "write - plugin: {name: \(name)} among the stages"
        case .enrich: "write - plugin: {name: \(name)} among the stages, or in the list of enrich"
        case .exporter: "write - plugin: {name: \(name), to: FOLDER} among the stages"
        case .projection: "write NAME: {plugin: \(name)} among the projections"
        }
    }
}
