internal import Glibc
internal import Pipeline
internal import PluginHost
internal import YAML

/// The plugins that pipeline files name, as they lie there now.
enum PipelinePlugins {
    /// What is to be locked of the plugins of pipelines in a folder.
    ///
    /// Every error is printed before it throws: all of them, as in `annals check`.
    static func entries(
        of files: [String],
        in folder: String
    ) throws -> [String: PluginLock.Entry] {
        var diagnostics = DiagnosticBag()
        var entries: [String: PluginLock.Entry] = [:]
        var isMissing = false
        for file in files {
            var problems = DiagnosticBag()
            for reference in references(in: file, &problems) {
                entries[reference.name] = try entry(reference, folder, &problems)
            }
            isMissing = isMissing || problems.errors.contains { $0.code == YAMLCode.unreadable }
            diagnostics.add(contentsOf: problems)
        }
        for diagnostic in diagnostics.sorted() { PipelineFile.show(diagnostic) }
        guard !diagnostics.hasErrors else { throw Failure(isMissing ? .noInput : .badData) }
        return entries
    }

    /// The plugins of a file and of what it includes, whatever profile is chosen.
    private static func references(
        in file: String,
        _ diagnostics: inout DiagnosticBag
    ) -> [PluginReferences.Reference] {
        guard
            let (plain, _) = PipelineFile.loader.compose(file, profile: nil, into: &diagnostics)
        else { return [] }
        var problems = DiagnosticBag()
        var ignored = DiagnosticBag()
        var nodes = [substituted(plain.node, &problems)]
        for profile in plain.profiles {
            let other = PipelineFile.loader.compose(file, profile: profile, into: &ignored)
            if let node = other?.0.node { nodes.append(substituted(node, &ignored)) }
        }
        // A plugin can be locked where its secrets are not.
        for problem in problems.diagnostics where problem.code != YAMLCode.secretUnreadable {
            diagnostics.add(problem)
        }
        return nodes.flatMap(PluginReferences.all(in:))
    }

    private static func substituted(_ node: Node, _ diagnostics: inout DiagnosticBag) -> Node {
        Substitution.apply(
            to: node,
            environment: PipelineFile.environment,
            into: &diagnostics
        )
    }

    private static func entry(
        _ reference: PluginReferences.Reference,
        _ folder: String,
        _ diagnostics: inout DiagnosticBag
    ) throws -> PluginLock.Entry? {
        guard let place = PluginFolders.find(reference.name, folder) else {
            let places = PluginFolders.all(folder).joined(separator: ", ")
            diagnostics.error(
                "plugin.unknown",
                "there is no plugin '\(reference.name)'",
                at: reference.node,
                expected: "a folder with a \(PluginManifest.fileName) in one of \(places)",
                hint: "annals plugin new \(reference.name) makes one"
            )
            return nil
        }
        guard let manifest = PluginManifest.read(place, into: &diagnostics) else { return nil }
        guard manifest.name == reference.name else {
            diagnostics.error(
                "plugin.name",
                "the plugin in \(place) calls itself '\(manifest.name)'",
                at: reference.node
            )
            return nil
        }
        return PluginLock.Entry(
            version: manifest.version,
            digest: try PluginDigest.of(manifest.folder)
        )
    }

    /// The pipeline files of a folder: YAML with a key `pipeline` at the top.
    static func files(in folder: String) throws -> [String] {
        guard let stream = unsafe opendir(folder) else {
            let reason = unsafe String(cString: strerror(errno))
            throw Failure(.noInput, "\(folder) cannot be read: \(reason)")
        }
        unsafe closedir(stream)
        var files: [String] = []
        for name in FolderTree.names(in: folder)
        where (name.hasSuffix(".yaml") || name.hasSuffix(".yml")) && !name.hasPrefix(".") {
            let path = folder == "." ? name : folder + "/" + name
            if try isPipeline(path) { files.append(path) }
        }
        return files
    }

    /// A file that is no YAML may be a pipeline: that must not go unsaid.
    private static func isPipeline(_ path: String) throws -> Bool {
        guard let source = try? YAMLSource.read(path) else { return false }
        return try YAMLParser.parse(source)["pipeline"] != nil
    }
}
