internal import Bytes
internal import Events

/// A pipeline as a drawing: what it reads, its stages, what it writes and shows, and what became
/// of the documents of a run on the way.
package struct PipelineGraph: Sendable {
    /// What a node stands for, which is told by its form.
    enum Form: Sendable {
        case source, stage, loss, export, projection
    }

    struct Node: Sendable {
        let id: String
        let label: String
        let form: Form
    }

    struct Edge: Sendable {
        let from: String
        let to: String
        var label: String?
        /// Whether documents do not pass along it, but findings do.
        var isIndirect = false
    }

    let name: String
    let run: String?
    private(set) var nodes: [Node] = []
    private(set) var edges: [Edge] = []

    /// Draws a pipeline, with the counts of a run if there is one.
    package init(_ pipeline: PipelineDefinition, counts: RunCounts?) {
        name = pipeline.name
        run = counts?.run
        let balances = pipeline.stages.map { stage in
            counts?.stages.first { $0.stage == stage.name }
        }
        addStages(pipeline, balances, counts)
        addExports(pipeline, balances)
        let last = pipeline.stages.indices.last { !(pipeline.stages[$0] is any ExportStage) }
        for (number, projection) in pipeline.projections.enumerated() {
            nodes.append(Node(id: "view\(number)", label: projection.name, form: .projection))
            edges.append(Edge(from: "stage\(last ?? 0)", to: "view\(number)", isIndirect: true))
        }
    }

    private mutating func addStages(
        _ pipeline: PipelineDefinition,
        _ balances: [StageBalance?],
        _ counts: RunCounts?
    ) {
        nodes.append(
            Node(id: "source", label: Self.list(pipeline.source.sources), form: .source)
        )
        for (number, stage) in pipeline.stages.enumerated() {
            let id = "stage\(number)"
            nodes.append(Node(id: id, label: stage.name, form: .stage))
            let before = number == 0 ? "source" : "stage\(number - 1)"
            edges.append(
                Edge(from: before, to: id, label: balances[number].map { "\($0.input)" })
            )
            guard let balance = balances[number] else { continue }
            addLosses(of: id, balance, counts?.drops[stage.name] ?? [])
        }
    }

    private mutating func addLosses(
        of stage: String,
        _ balance: StageBalance,
        _ rules: [(rule: String, documents: Int)]
    ) {
        let rules = rules.map { "\($0.rule) \($0.documents)" }
        for (word, count, details) in [
            ("dropped", balance.dropped, rules), ("duplicates", balance.duplicates, []),
            ("failed", balance.failed, []),
        ] where count > 0 {
            let id = stage + "_" + word
            let label = details.isEmpty ? word : word + ": " + Self.list(details, lines: false)
            nodes.append(Node(id: id, label: label, form: .loss))
            edges.append(Edge(from: stage, to: id, label: "\(count)"))
        }
    }

    private mutating func addExports(
        _ pipeline: PipelineDefinition,
        _ balances: [StageBalance?]
    ) {
        for (number, export) in pipeline.exports {
            nodes.append(Node(id: "export\(number)", label: export.path, form: .export))
            edges.append(
                Edge(
                    from: "stage\(number)",
                    to: "export\(number)",
                    label: balances[number].map { "\($0.kept)" }
                )
            )
        }
    }

    private static let listed = 5

    private static func list(_ items: [String], lines: Bool = true) -> String {
        var shown = Array(items.prefix(listed))
        if items.count > listed { shown.append("… and \(items.count - listed) more") }
        return shown.joined(separator: lines ? "\n" : ", ")
    }
}
