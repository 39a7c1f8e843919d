internal import ArgumentParser
internal import Glibc
internal import Pipeline
internal import PluginHost
internal import Stages
internal import YAML

/// `annals schema`: the JSON Schema of pipeline files, for editors.
struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Print the JSON Schema of pipeline files, for editors.",
        discussion: """
            Stages and their options are those of this program, plugins and theirs those that \
            pipelines in the folder find. Write it beside the pipelines, and editors with \
            yaml-language-server complete and check them as one types:

              annals schema Pipelines > Pipelines/pipeline.schema.json

            with a first line in each pipeline:

              # yaml-language-server: $schema=pipeline.schema.json
            """
    )

    @Argument(help: "The folder of the pipelines.", completion: .directory)
    var folder: String = ""

    func run() throws {
        guard unsafe folder.isEmpty || access(folder + "/.", F_OK) == 0 else {
            throw Failure(.noInput, "\(folder) is no folder: name the folder of the pipelines")
        }
        var diagnostics = DiagnosticBag()
        var plugins: [PipelineSchema.Plugin] = []
        for place in PluginFolders.plugins(
            folder.hasSuffix("/") ? String(folder.dropLast()) : folder
        ) {
            guard let manifest = PluginManifest.read(place, into: &diagnostics) else { continue }
            plugins.append(
                PipelineSchema.Plugin(
                    name: manifest.name,
                    kind: manifest.kind.rawValue,
                    summary: manifest.summary,
                    options: manifest.options.json
                )
            )
        }
        for diagnostic in diagnostics.sorted() { PipelineFile.show(diagnostic) }
        let schema = PipelineSchema(kinds: BuiltInStages.kinds, plugins: plugins).json
        Console.out(JSONText.indented(schema))
        if diagnostics.hasErrors { throw Failure(.badData) }
    }
}
