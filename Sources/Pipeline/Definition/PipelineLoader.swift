internal import Bytes
package import YAML

/// Reads a pipeline file and builds its stages, or says everything that is wrong with it.
package struct PipelineLoader: Sendable {
    private let kinds: [StageKind]
    private let environment: [String: String]
    private let checkingProjections: @Sendable ([DeclaredProjection]) -> [Diagnostic]

    /// Prepares to read.
    ///
    /// - Parameters:
    ///   - kinds: the stages that a pipeline may name.
    ///   - environment: what `${env:NAME}` stands for.
    ///   - checkingProjections: what is wrong with the declared projections.
    package init(
        kinds: [StageKind],
        environment: [String: String],
        checkingProjections: @escaping @Sendable ([DeclaredProjection]) -> [Diagnostic] = { _ in []
        }
    ) {
        self.kinds = kinds
        self.environment = environment
        self.checkingProjections = checkingProjections
    }

    /// What came of a file.
    package struct Result: Sendable {
        /// The pipeline, if nothing is wrong with it.
        package let pipeline: PipelineDefinition?
        /// Errors and warnings, by place.
        package let diagnostics: [Diagnostic]
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
                diagnostics: diagnostics
            )
            pipeline = builder.build(node, yaml: String(lossyUTF8: source.bytes.span))
            diagnostics = builder.diagnostics
            for diagnostic in checkingProjections(builder.projections) {
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
        return PipelineBuilder.readProjections(&reader)
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "" }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
