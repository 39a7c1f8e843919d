internal import Bytes
internal import EventLog
internal import Pipeline
internal import PluginHost
internal import Projections
internal import YAML

/// The projections of a store that plugins fold.
struct PluginProjections {
    private let declared: [DeclaredProjection]
    private let folder: String
    private let store: String
    private let reader: EventLogReader
    /// Whether the pipeline's file is at hand, and so its folder known.
    private let isOfPipeline: Bool

    /// Takes those that are a plugin's; they are looked for from a pipeline's folder.
    init(
        _ declared: [DeclaredProjection],
        folder: String,
        store: String,
        reader: EventLogReader,
        isOfPipeline: Bool
    ) {
        self.isOfPipeline = isOfPipeline
        self.declared = declared.filter { $0.kind == .plugin }
        self.folder = folder
        self.store = store
        self.reader = reader
    }

    var names: [String] { declared.map(\.name) }

    /// What is wrong with a declaration.
    static func diagnostics(of projection: DeclaredProjection, in folder: String) -> [Diagnostic] {
        var context = context(projection, folder)
        _ = reference(projection, &context)
        if ProjectionDeclaration.everyStore.contains(where: { $0.name == projection.name }) {
            context.diagnostics.error(
                "pipeline.projection",
                "every store has a projection '\(projection.name)'",
                at: projection.place,
                hint: "give this one another name"
            )
        }
        return context.diagnostics.sorted()
    }

    /// What only trying can tell is wrong with a declaration.
    static func check(_ projection: DeclaredProjection, in folder: String) -> [Diagnostic] {
        var context = context(projection, folder)
        return reference(projection, &context)?.check() ?? []
    }

    private static func context(_ projection: DeclaredProjection, _ folder: String) -> StageContext
    {
        StageContext(
            name: projection.name,
            number: 0,
            folder: folder,
            diagnostics: DiagnosticBag(),
            log: PipelineFile.log
        )
    }

    private static func reference(
        _ projection: DeclaredProjection,
        _ context: inout StageContext
    ) -> PluginReference? {
        guard let node = projection.plugin else { return nil }
        return .read(node, kinds: [.projection], in: &context)
    }

    /// The projection of a name; nil if no plugin folds it.
    func projection(_ name: String) throws -> PluginProjection? {
        guard let declared = declared.first(where: { $0.name == name }) else { return nil }
        var context = Self.context(declared, folder)
        guard let reference = Self.reference(declared, &context) else {
            for diagnostic in context.diagnostics.sorted() { PipelineFile.show(diagnostic) }
            throw Failure(
                .badData,
                "the projection '\(name)' needs its plugin; name its pipeline with --pipeline"
            )
        }
        if let problem = reference.lockProblem(), problem.severity == .error {
            PipelineFile.show(problem)
            throw Failure(.badData)
        }
        let projection = PluginProjection(
            name: name,
            reference: reference,
            store: store,
            reader: reader
        )
        // Found from here, not from the pipeline: it may be another of the same name.
        guard isOfPipeline || !projection.isOfAnother else {
            throw Failure(
                .badData,
                "the plugin '\(reference.manifest.name)' that is found here is not the one that folded"
                    + " '\(name)'; name the pipeline with --pipeline"
            )
        }
        return projection
    }

    /// Brings all of them to the log's end.
    func catchUp() async throws {
        for name in names { try await projection(name)?.catchUp() }
    }

    /// The position at which a limit ends.
    private func end(_ limit: ReplayLimit?) throws -> EventPosition? {
        try limit.map { try reader.position(of: $0) }
    }

    /// What it answers, as a table.
    func table(
        _ projection: PluginProjection,
        _ arguments: [String],
        asOf limit: ReplayLimit?
    ) async throws -> Table {
        let answer = try await projection.answer(to: arguments, asOf: end(limit))
        return Table(columns: answer.columns, rows: answer.rows.map { $0.map(Self.cell) })
    }

    private static func cell(_ value: CBORValue) -> Table.Cell {
        switch value {
        case .null: return .null
        case .bool(let truth): return .bool(truth)
        case .integer(let number): return .integer(number)
        case .double(let number): return .real(number)
        case .text(let text): return .text(text)
        case .utf8, .bytes, .array, .map:
            var writer = JSONWriter()
            writer.value(value)
            return .text(String(decoding: writer.bytes, as: UTF8.self))
        }
    }

    /// Folds a projection anew.
    func replay(
        _ projection: PluginProjection,
        until limit: ReplayLimit?
    ) async throws
        -> ReplayResult
    {
        let start = ContinuousClock.now
        let (folded, path) = try await projection.rebuild(until: end(limit))
        let time = ContinuousClock.now - start
        return ReplayResult(
            projection: projection.name,
            events: folded.events,
            position: folded.position,
            digest: folded.digest,
            seconds: time / .seconds(1),
            path: path
        )
    }
}
