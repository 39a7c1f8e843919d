internal import Bytes
internal import Events
internal import YAML

/// Builds a pipeline from its tree.
struct PipelineBuilder {
    let kinds: [StageKind]
    let folder: String
    var diagnostics: DiagnosticBag
    private var annotators: [String] = []
    private var stages: [any Stage] = []
    private var fingerprints: [PipelineDefined.StageFingerprint] = []

    private let log: StageContext.Log

    init(
        kinds: [StageKind],
        folder: String,
        diagnostics: DiagnosticBag,
        log: @escaping StageContext.Log
    ) {
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
        let stageNodes = reader.nodes("stages")
        projections = Self.readProjections(&reader)
        let testNode = reader.optionalNode("tests")
        let list = reader.optionalNode("stages")
        reader.finish(into: &diagnostics)
        buildStages(stageNodes)
        // Where a stage could not be built, what it would have brought cannot be missed.
        if stages.count == stageNodes.count {
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
        for node in nodes {
            guard let (nameNode, options) = diagnostics.variant(node, noun: "stage") else {
                continue
            }
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
            build(kind, named: name, options)
        }
    }

    private mutating func build(_ kind: StageKind, named name: String, _ options: Node) {
        var context = StageContext(
            name: name,
            number: stages.count,
            folder: folder,
            diagnostics: DiagnosticBag(),
            log: log
        )
        context.annotators = annotators
        let stage = kind.build(options, &context)
        annotators = context.annotators
        diagnostics.add(contentsOf: context.diagnostics)
        guard let stage else { return }
        stages.append(stage)
        fingerprints.append(
            PipelineDefined.StageFingerprint(
                stage: name,
                fingerprint: StageFingerprinter.fingerprint(
                    of: kind,
                    options: options,
                    resources: context.resourceDigests
                )
            )
        )
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

    private mutating func checkAnnotators() {
        for projection in projections
        where projection.kind != .plugin && !annotators.contains(projection.annotator) {
            let name = TerminalText.escaped(projection.annotator)
            diagnostics.error(
                "pipeline.unknown-annotator",
                "projection '\(projection.name)' reads '\(name)', which no stage appends",
                at: projection.place,
                expected: annotators.isEmpty ? nil : "one of " + annotators.joined(separator: ", "),
                hint: Suggestion.hint(for: projection.annotator, among: annotators)
                    ?? "add it to an enrich stage"
            )
        }
    }

    /// An export must not write over what the pipeline reads, nor into its store.
    private mutating func checkExports(_ nodes: [Node], store: String) {
        let source = stages.first as? any SourceStage
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

    static func readProjections(_ reader: inout FieldReader) -> [DeclaredProjection] {
        reader.optionalMapping("projections") { reader in
            reader.entries().compactMap { entry -> DeclaredProjection? in
                guard let name = entry.key.text else { return nil }
                return reader.nested(entry.value, context: "projection \(name)") {
                    Self.readProjection(named: name, &$0)
                }
            }
        } ?? []
    }

    private static func readProjection(
        named name: String,
        _ reader: inout FieldReader
    ) -> DeclaredProjection? {
        if let plugin = reader.optionalNode("plugin") {
            guard isName(name) else {
                reader.error(
                    "pipeline.projection",
                    "'\(TerminalText.escaped(name))' cannot name a projection of a plugin",
                    at: reader.node,
                    expected: "letters, digits, - and _",
                    hint: "use letters, digits, - and _: the name becomes a folder's name"
                )
                return nil
            }
            return DeclaredProjection(
                name: name,
                kind: .plugin,
                annotator: plugin.text ?? plugin["name"]?.text ?? "",
                by: [],
                place: reader.node,
                plugin: plugin
            )
        }
        let by = reader.strings("by", default: [])
        let index = reader.optionalString("index")
        let count = reader.optionalString("count")
        switch (index, count) {
        case (let annotator?, nil):
            return DeclaredProjection(
                name: name,
                kind: .index,
                annotator: annotator,
                by: by,
                place: reader.node
            )
        case (nil, let annotator?):
            return DeclaredProjection(
                name: name,
                kind: .count,
                annotator: annotator,
                by: by,
                place: reader.node
            )
        default:
            reader.error(
                "pipeline.projection",
                "projection '\(name)' must say what it is",
                at: reader.node,
                expected: "index: ANNOTATOR, count: ANNOTATOR or plugin: NAME",
                hint: "write {index: leaders, by: leader} or {count: topics, by: [topic, month]}"
            )
            return nil
        }
    }

    private static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 64
            && text.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0)
                    || (0x61...0x7A).contains($0) || $0 == 0x2D || $0 == 0x5F
            }
    }
}
