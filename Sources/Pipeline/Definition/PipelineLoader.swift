internal import Bytes
package import YAML

/// Reads a pipeline file and builds its stages, or says everything that is wrong with it.
package struct PipelineLoader: Sendable {
    private let kinds: [StageKind]
    private let environment: [String: String]
    private let log: StageContext.Log
    private let checkingProjections: @Sendable ([DeclaredProjection], String) -> [Diagnostic]

    /// Prepares to read.
    ///
    /// - Parameters:
    ///   - kinds: the stages that a pipeline may name.
    ///   - environment: what `${env:NAME}` stands for.
    ///   - log: takes what stages have to say while they work.
    ///   - checkingProjections: what is wrong with the projections that a file in a folder declares.
    package init(
        kinds: [StageKind],
        environment: [String: String],
        log: @escaping StageContext.Log = { _, _, _ in },
        checkingProjections:
            @escaping @Sendable ([DeclaredProjection], String) -> [Diagnostic] = { _, _ in [] }
    ) {
        self.kinds = kinds
        self.environment = environment
        self.log = log
        self.checkingProjections = checkingProjections
    }

    /// What came of a file.
    package struct Result: Sendable {
        /// The pipeline, if nothing is wrong with it.
        package let pipeline: PipelineDefinition?
        /// Errors and warnings, by place.
        package let diagnostics: [Diagnostic]

        /// States what came of a file.
        package init(pipeline: PipelineDefinition?, diagnostics: [Diagnostic]) {
            self.pipeline = pipeline
            self.diagnostics = diagnostics
        }
    }

    /// Reads a file.
    package func load(_ path: String) -> Result {
        var diagnostics = DiagnosticBag()
        var pipeline: PipelineDefinition?
        do {
            let source = try YAMLSource.read(path)
            let tree = try YAMLParser.parse(source)
            let node = EnvironmentSubstitution.apply(
                to: tree,
                environment: environment,
                into: &diagnostics
            )
            var builder = PipelineBuilder(
                kinds: kinds,
                folder: Self.folder(of: path),
                diagnostics: diagnostics,
                log: log
            )
            pipeline = builder.build(node, yaml: String(lossyUTF8: source.bytes.span))
            diagnostics = builder.diagnostics
            for diagnostic in checkingProjections(builder.projections, builder.folder) {
                diagnostics.add(diagnostic)
            }
        } catch {
            diagnostics.add(error)
        }
        return Result(
            pipeline: diagnostics.hasErrors ? nil : pipeline,
            diagnostics: diagnostics.sorted()
        )
    }

    /// The projections that a pipeline's text declares; its stages are not built.
    package static func projections(in yaml: String) -> [DeclaredProjection] {
        let source = YAMLSource(name: "pipeline", text: yaml)
        guard let tree = try? YAMLParser.parse(source) else { return [] }
        var reader = FieldReader(tree, context: "the pipeline")
        var ignored = DiagnosticBag()
        defer { reader.finish(into: &ignored) }
        return ProjectionReader.read(&reader)
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "" }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
