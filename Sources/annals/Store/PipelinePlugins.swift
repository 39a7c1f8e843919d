internal import Glibc
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
            do {
                let tree = try YAMLParser.parse(try YAMLSource.read(file))
                let node = EnvironmentSubstitution.apply(
                    to: tree,
                    environment: PipelineFile.environment,
                    into: &diagnostics
                )
                for reference in PluginReferences.all(in: node) {
                    entries[reference.name] = try entry(reference, folder, &diagnostics)
                }
            } catch let errors as YAMLErrors {
                isMissing = errors.diagnostics.contains { $0.code == YAMLCode.unreadable }
                diagnostics.add(errors)
            }
        }
        for diagnostic in diagnostics.sorted() { PipelineFile.show(diagnostic) }
        guard !diagnostics.hasErrors else { throw Failure(isMissing ? .noInput : .badData) }
        return entries
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
