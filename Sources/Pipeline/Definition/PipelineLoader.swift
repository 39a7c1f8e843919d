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
        /// What must never be shown.
        package let secrets: [String]

        /// States what came of a file.
        package init(
            pipeline: PipelineDefinition?,
            diagnostics: [Diagnostic],
            secrets: [String] = []
        ) {
            self.pipeline = pipeline
            self.diagnostics = diagnostics
            self.secrets = secrets
        }
    }

    /// Reads a file, with a profile laid over what it says if one is named.
    package func load(_ path: String, profile: String? = nil) -> Result {
        build(path, profile).result
    }

    /// Reads a file, and tells where each value of the pipeline comes from, defaults included.
    package func effective(
        _ path: String,
        profile: String? = nil
    ) -> (result: Result, pipeline: EffectivePipeline?) {
        let recorder = FieldRecorder()
        let (result, whole) = recorder.recording { build(path, profile) }
        guard result.pipeline != nil, let whole else { return (result, nil) }
        let pipeline = EffectivePipeline(
            whole.node,
            composed: whole.composed,
            readings: recorder.readings
        )
        return (result, pipeline)
    }

    private func build(
        _ path: String,
        _ profile: String?
    ) -> (result: Result, whole: (composed: ComposedPipeline, node: Node)?) {
        var diagnostics = DiagnosticBag()
        guard let (composed, source) = compose(path, profile: profile, into: &diagnostics) else {
            return (Result(pipeline: nil, diagnostics: diagnostics.sorted()), nil)
        }
        var secrets = SecretFiles()
        let node = Substitution.apply(
            to: composed.node,
            environment: environment,
            secrets: &secrets,
            into: &diagnostics
        )
        var builder = PipelineBuilder(
            kinds: kinds,
            folder: Self.folder(of: path),
            composed: composed,
            diagnostics: diagnostics,
            log: log
        )
        let pipeline = builder.build(node, yaml: Self.yaml(of: composed, source))
        diagnostics = builder.diagnostics
        for diagnostic in checkingProjections(builder.projections, builder.folder) {
            diagnostics.add(diagnostic)
        }
        let result = Result(
            pipeline: diagnostics.hasErrors ? nil : pipeline,
            diagnostics: diagnostics.sorted(),
            secrets: secrets.values
        )
        return (result, (composed, node))
    }

    /// Reads a file and everything that it includes; nil after what is wrong with it was said.
    package func compose(
        _ path: String,
        profile: String?,
        into diagnostics: inout DiagnosticBag
    ) -> (ComposedPipeline, YAMLSource)? {
        do throws(YAMLErrors) {
            let source = try YAMLSource.read(path)
            let tree = try YAMLParser.parse(source)
            return (ComposedPipeline(tree, profile: profile, into: &diagnostics), source)
        } catch {
            diagnostics.add(error)
            return nil
        }
    }

    /// What the log keeps: the file's text, or the whole that it becomes part of. Neither holds
    /// what `${…}` stands for.
    private static func yaml(of composed: ComposedPipeline, _ source: YAMLSource) -> String {
        composed.isComposed ? YAMLText(composed.node).text : String(lossyUTF8: source.bytes.span)
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
