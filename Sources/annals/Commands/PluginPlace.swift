internal import ArgumentParser
internal import PluginHost
internal import YAML

/// Where a command looks for plugins that are named, not given by their folder.
struct PluginPlace: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Look for plugins beside this pipeline's file, too.",
            valueName: "pipeline"
        ),
        completion: .file(extensions: ["yaml", "yml"])
    )
    var pipeline: String?

    /// The folder of the pipeline's file; "" is the working folder.
    var folder: String { pipeline.map(PipelineFile.folder(of:)) ?? "" }

    /// The folder of a plugin that is named, or given by its folder.
    func find(_ plugin: String) throws -> String {
        var path = plugin
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        if path.contains("/") || path == "." || path == "..", PluginFolders.isPlugin(path) {
            return path
        }
        if let folder = PluginFolders.find(path, folder) { return folder }
        if PluginFolders.isPlugin(path) { return path }
        let places = PluginFolders.all(folder).joined(separator: ", ")
        throw Failure(
            .noInput,
            "there is no plugin '\(plugin)': no folder \(plugin) with a \(PluginManifest.fileName),"
                + " and none of that name in \(places)"
        )
    }

    /// The manifest in a folder; what is wrong with it is printed before it throws.
    static func manifest(_ folder: String) throws -> PluginManifest {
        var diagnostics = DiagnosticBag()
        let manifest = PluginManifest.read(folder, into: &diagnostics)
        for diagnostic in diagnostics.sorted() { PipelineFile.show(diagnostic) }
        guard let manifest else { throw Failure(.badData) }
        return manifest
    }
}
