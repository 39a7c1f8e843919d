internal import Bytes
internal import Events
internal import YAML

/// Builds a pipeline from its tree.
struct PipelineBuilder {
    let kinds: [StageKind]
    let folder: String
    var diagnostics: DiagnosticBag
    /// The paths of the files that stages were to read.
    private(set) var files: [String] = []
    private var annotators: [String] = []
    private var annotationFields: [String: [String]] = [:]
    private var stages: [any Stage] = []
    private var fingerprints: [PipelineDefined.StageFingerprint] = []

    private let log: StageContext.Log
    private let composed: ComposedPipeline

    init(
        kinds: [StageKind],
        folder: String,
        composed: ComposedPipeline,
        diagnostics: DiagnosticBag,
        log: @escaping StageContext.Log
    ) {
        self.composed = composed
        self.log = log
        self.kinds = kinds
        self.folder = folder
        self.diagnostics = diagnostics
    }

    /// The projections that the file declares, whatever else is wrong with it.
    private(set) var projections: [DeclaredProjection] = []

    mutating func build(_ node: Node, yaml: String) -> PipelineDefinition? {
        var reader = FieldReader(node, context: "the pipeline")
        let name = reader.string("pipeline")
        if let place = reader.optionalNode("pipeline"), !Self.isName(name), place.text != nil {
            reader.error(
                "pipeline.name",
                "'\(TerminalText.escaped(name))' cannot name a pipeline",
                at: place,
                expected: "letters, digits, - and _",
                hint: "use letters, digits, - and _: the name becomes a folder's name"
            )
        }
        let description = reader.optionalString("description")
        let store = reader.string("store", default: ".annals/" + name)
        let errorBudget = reader.optionalNode(
            "max_failed",
            like: .integer(0...Int.max),
            .text
        ).flatMap { reader.scalar($0, subject: "\"max_failed\"", ErrorBudget.rule) ?? nil }
        let stageNodes = reader.nodes("stages")
        projections = ProjectionReader.read(&reader)
        let testNode = reader.optionalNode("tests", like: .definition("tests"))
        for key in ["include", "templates", "profiles"] {
            _ = reader.optionalNode(key, like: .definition(key))
        }
        let list = reader.optionalNode("stages")
        reader.finish(into: &diagnostics)
        buildStages(stageNodes)
        // Where a stage could not be built, what it would have brought cannot be missed.
        if stages.count == stageNodes.count, composed.isComplete {
            checkOrder(stageNodes, list: list ?? node)
            checkExports(stageNodes, store: store)
            checkAnnotators()
        }
        let tests = readTests(testNode, areStagesBuilt: stages.count == stageNodes.count)
        guard !diagnostics.hasErrors, let source = stages.first as? any SourceStage else {
            return nil
        }
        return PipelineDefinition(
            name: name,
            folder: folder,
            description: description,
            store: store,
            errorBudget: errorBudget,
            yaml: yaml,
            source: source,
            stages: stages,
            fingerprints: fingerprints,
            projections: projections,
            tests: tests
        )
    }

    private mutating func readTests(_ node: Node?, areStagesBuilt: Bool) -> [PipelineTest] {
        guard let node else { return [] }
        var reader = PipelineTestReader(
            stages: areStagesBuilt ? stages.map(\.name) : nil,
            annotators: annotators,
            projections: projections.map(\.name)
        )
        let tests = reader.read(node)
        diagnostics.add(contentsOf: reader.diagnostics)
        return tests
    }

    private mutating func buildStages(_ nodes: [Node]) {
        var counts: [String: Int] = [:]
        for (number, node) in nodes.enumerated() {
            guard !TemplateExpansion.isUse(node),
                let (nameNode, options) = diagnostics.variant(node, noun: "stage")
            else { continue }
            let kindName = nameNode.text ?? ""
            guard let kind = kinds.first(where: { $0.name == kindName }) else {
                let names = kinds.map(\.name)
                diagnostics.error(
                    "pipeline.unknown-stage",
                    "there is no stage '\(TerminalText.escaped(kindName))'",
                    at: nameNode,
                    expected: "one of " + names.joined(separator: ", "),
                    hint: Suggestion.hint(for: kindName, among: names)
                        ?? "the stages are " + names.joined(separator: ", ")
                )
                continue
            }
            counts[kindName, default: 0] += 1
            let count = counts[kindName, default: 1]
            let name = count == 1 ? kindName : "\(kindName)-\(count)"
            build(kind, named: name, options, of: composed.uses[number])
        }
    }

    private mutating func build(
        _ kind: StageKind,
        named name: String,
        _ options: Node,
        of use: TemplateExpansion.Use?
    ) {
        var context = StageContext(
            name: name,
            number: stages.count,
            folder: folder,
            diagnostics: DiagnosticBag(),
            log: log
        )
        context.annotators = annotators
        context.included = Set(composed.included.map(\.name))
        let (stage, fingerprint) = StageFingerprinter.build(kind, options, &context)
        annotators = context.annotators
        files += context.files
        for diagnostic in context.diagnostics.diagnostics {
            diagnostics.add(use.map { diagnostic.with($0.note) } ?? diagnostic)
        }
        annotationFields.merge(context.annotationFields) { _, later in later }
        guard let stage else { return }
        stages.append(stage)
        fingerprints.append(fingerprint)
    }

    private mutating func checkOrder(_ nodes: [Node], list: Node) {
        guard let first = nodes.first else {
            diagnostics.error(
                "pipeline.no-stage",
                "the pipeline has no stage",
                at: list,
                hint: "begin with - ingest: {from: [news/*.txt]}"
            )
            return
        }
        if !(stages.first is any SourceStage) {
            diagnostics.error(
                "pipeline.no-ingest",
                "the first stage must be ingest",
                at: first,
                hint: "begin with - ingest: {from: [news/*.txt]}"
            )
        }
        for (node, stage) in zip(nodes, stages).dropFirst() where stage is any SourceStage {
            diagnostics.error(
                "pipeline.second-ingest",
                "only the first stage can be ingest",
                at: node,
                hint: "list all sources under the first ingest's from"
            )
        }
    }

    /// Projections are about annotators that there are; what those find is known by now.
    private mutating func checkAnnotators() {
        for index in projections.indices where projections[index].kind != .plugin {
            projections[index].vocabulary = vocabulary
            let projection = projections[index]
            for subject in projection.subjects
            where subject.text != DeclaredProjection.documents && vocabulary[subject.text] == nil {
                let name = TerminalText.escaped(subject.text)
                let known = annotators + [DeclaredProjection.documents]
                diagnostics.error(
                    "pipeline.unknown-annotator",
                    "projection '\(TerminalText.escaped(projection.name))' reads '\(name)',"
                        + " which no stage appends",
                    at: subject.node,
                    expected: "one of " + known.joined(separator: ", "),
                    hint: Suggestion.hint(for: subject.text, among: known)
                        ?? "add it to an enrich stage"
                )
            }
        }
    }

    /// The annotators, and the fields of what they find; nil of a plugin, which may find any.
    private var vocabulary: [String: [String]?] {
        var vocabulary: [String: [String]?] = [:]
        for annotator in annotators {
            vocabulary.updateValue(annotationFields[annotator], forKey: annotator)
        }
        return vocabulary
    }

    /// An export must not write over what the pipeline reads, nor into its store.
    private mutating func checkExports(_ nodes: [Node], store: String) {
        let source = stages.first as? any SourceStage
        if let source, let node = nodes.first, source.readsStore(at: store) {
            diagnostics.error(
                "store.among-sources",
                "the store \(store) lies among the sources",
                at: node,
                hint: "give it a folder that ingest does not read, such as .annals/NAME"
            )
        }
        var paths: Set<String> = []
        for (node, stage) in zip(nodes, stages) {
            guard let export = stage as? any ExportStage else { continue }
            let path = FilePath.normalised(export.path)
            if !paths.insert(path).inserted {
                diagnostics.error(
                    "export.same-path",
                    "two exports write \(path)",
                    at: node,
                    hint: "give each export a file of its own"
                )
            }
            if source?.reads(path) == true {
                diagnostics.error(
                    "export.reads-itself",
                    "the export \(path) is among the sources",
                    at: node,
                    hint: "write it to a folder that ingest does not read"
                )
            }
            if export is any DeliveringExport {
                checkDelivery(path, store, source?.sources ?? [], at: node)
            }
            if FilePath.lies(path, in: store) {
                diagnostics.error(
                    "export.in-store",
                    "the export \(path) lies in the pipeline's store",
                    at: node,
                    hint: "write it to another folder than \(store)"
                )
            }
        }
    }

    /// A plugin may write whatever it likes into its folder: nothing else may lie there.
    private mutating func checkDelivery(
        _ path: String,
        _ store: String,
        _ sources: [String],
        at node: Node
    ) {
        let others =
            [("the store", store), ("the pipeline", folder)] + sources.map { ("the source", $0) }
        for (what, other) in others where FilePath.lies(other, in: path) {
            diagnostics.error(
                "export.holds-other",
                "\(what) \(other) lies in the folder \(path) of an exporter",
                at: node,
                hint: "give the exporter a folder of its own, such as out/NAME"
            )
        }
        if path == "." || path.hasPrefix("..") {
            diagnostics.error(
                "export.path",
                "the folder \(path) of an exporter leads out of the working folder, or is it",
                at: node,
                hint: "give the exporter a folder of its own, such as out/NAME"
            )
        }
    }

    static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 64
            && text.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0)
                    || (0x61...0x7A).contains($0) || $0 == 0x2D || $0 == 0x5F
            }
    }
}
