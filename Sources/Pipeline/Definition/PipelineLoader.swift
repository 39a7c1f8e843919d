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
        /// The profiles that may be laid over it, with where they are declared.
        package let profiles: [Node]
        /// The paths of the files that it was made of: what it includes, dictionaries.
        package let files: [String]

        /// States what came of a file.
        package init(
            pipeline: PipelineDefinition?,
            diagnostics: [Diagnostic],
            secrets: [String] = [],
            profiles: [Node] = [],
            files: [String] = []
        ) {
            self.files = files
            self.profiles = profiles
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
            let result = Result(pipeline: nil, diagnostics: diagnostics.sorted(), files: [path])
            return (result, nil)
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
            secrets: secrets.values,
            profiles: composed.profileNodes,
            files: [path] + composed.included.map(\.name) + builder.files
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

    /// What the log keeps: the file's text, or the whole that it becomes part of.
    ///
    /// Neither holds what `${…}` stands for.
    private static func yaml(of composed: ComposedPipeline, _ source: YAMLSource) -> String {
        composed.isComposed
            ? YAMLOutline(composed.node, in: source).text : String(lossyUTF8: source.bytes.span)
    }

    /// The projections that a pipeline's text declares, as the log keeps it; its stages are not built.
    ///
    /// - Parameters:
    ///   - yaml: the text.
    ///   - folder: the pipeline file's folder, to which the paths of secrets are relative.
    ///   - environment: what `${env:NAME}` stands for.
    ///   - secrets: reads secrets and keeps what they are.
    /// - Returns: the projections; a plugin of which something cannot be substituted is left out.
    package static func projections(
        in yaml: String,
        folder: String,
        environment: [String: String],
        secrets: inout SecretFiles
    ) -> [DeclaredProjection] {
        let name = folder.isEmpty ? "pipeline" : folder + "/pipeline"
        let source = YAMLSource(name: name, text: yaml)
        guard let tree = try? YAMLParser.parse(source) else { return [] }
        var problems = DiagnosticBag()
        let node = Substitution.apply(
            to: tree,
            environment: environment,
            secrets: &secrets,
            into: &problems
        )
        return projections(in: node).map { projection in
            let range = projection.place.range
            let isWrong = problems.errors.contains { problem in
                problem.range.map { range.start <= $0.start && $0.end <= range.end } ?? false
            }
            return isWrong ? projection.withoutPlugin : projection
        }
    }

    /// The projections that a pipeline's text declares; nothing is substituted.
    package static func projections(in yaml: String) -> [DeclaredProjection] {
        let source = YAMLSource(name: "pipeline", text: yaml)
        return (try? YAMLParser.parse(source)).map(projections(in:)) ?? []
    }

    private static func projections(in tree: Node) -> [DeclaredProjection] {
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
