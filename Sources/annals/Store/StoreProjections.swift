internal import EventLog
internal import Events
internal import Pipeline
internal import Projections
internal import YAML

/// The projections of a store: those of every store, and those that its pipeline declares.
struct StoreProjections {
    let engine: ProjectionEngine
    let declarations: [ProjectionDeclaration]
    /// Those that plugins fold.
    let plugins: PluginProjections
    /// Whether the declarations are a pipeline file's, not the log's.
    private let isOfPipeline: Bool
    private let store: String
    private let declared: [DeclaredProjection]

    /// Takes the declarations from a pipeline.
    init(store: String, pipeline: PipelineDefinition) throws {
        try self.init(
            store: store,
            reader: StoreArgument.reader(of: store),
            pipeline.projections,
            pipelineFolder: pipeline.folder
        )
    }

    /// Takes the declarations from the definition that the log holds last; plugins are looked for
    /// from the working folder.
    init(store: String) throws {
        let reader = try StoreArgument.reader(of: store)
        let declared = try Self.declared(in: reader, before: reader.end)
        try self.init(store: store, reader: reader, declared, pipelineFolder: nil)
    }

    private init(
        store: String,
        reader: EventLogReader,
        _ declared: [DeclaredProjection],
        pipelineFolder: String?
    ) throws {
        engine = ProjectionEngine(store: store, reader: reader)
        isOfPipeline = pipelineFolder != nil
        self.store = store
        self.declared = declared
        declarations = try Self.declarations(declared) + ProjectionDeclaration.everyStore
        plugins = PluginProjections(
            declared,
            folder: pipelineFolder ?? "",
            store: store,
            reader: reader,
            isOfPipeline: isOfPipeline
        )
    }

    /// The same as they were declared at a moment, so that they show what was shown then.
    ///
    /// Those that were declared later are as they are now; a pipeline file's declarations stay.
    func asOf(_ limit: ReplayLimit?) throws -> StoreProjections {
        guard let limit, !isOfPipeline else { return self }
        let reader = engine.reader
        let then = try Self.declared(in: reader, before: reader.position(of: limit))
        let later = declared.filter { now in !then.contains { $0.name == now.name } }
        return try StoreProjections(
            store: store,
            reader: reader,
            then + later,
            pipelineFolder: nil
        )
    }

    /// What the last definition of the log before a position declares.
    private static func declared(
        in reader: EventLogReader,
        before end: EventPosition
    ) throws -> [DeclaredProjection] {
        PipelineFile.projections(
            in: try lastDefinition(reader, before: end)?.yaml ?? "",
            folder: ""
        )
    }

    /// A pipeline's declarations, checked.
    static func declarations(
        _ declared: [DeclaredProjection]
    ) throws -> [ProjectionDeclaration] {
        try declared.filter { $0.kind != .plugin }.map { projection in
            do throws(ProjectionError) {
                return try ProjectionDeclaration(
                    name: projection.name,
                    projection.statement ?? AggregationStatement(.count, of: [], by: [])
                )
            } catch {
                throw YAMLErrors(projection.diagnostics)
            }
        }
    }

    private static func lastDefinition(
        _ reader: EventLogReader,
        before end: EventPosition
    ) throws -> PipelineDefined? {
        var definition: PipelineDefined?
        let type = EventType.pipelineDefined.rawValue
        try reader.scan(until: end, types: [type]) { (batch) throws in
            for index in batch.indices where batch.type(index) == type {
                definition = try PipelineDefined(cbor: batch.facts(index))
            }
            return .continue
        }
        return definition
    }

    /// The declaration of a name.
    func declaration(_ name: String) throws -> ProjectionDeclaration {
        if let declaration = declarations.first(where: { $0.name == name }) { return declaration }
        let names = declarations.map(\.name) + plugins.names
        let hint = Suggestion.hint(for: name, among: names).map { "; " + $0 } ?? ""
        throw Failure(
            .usage,
            "there is no projection '\(name)' here\(hint)\nthe projections are "
                + names.joined(separator: ", ")
                + (isOfPipeline
                    ? "" : "\none that a pipeline declares since its last run: --pipeline FILE")
        )
    }

    /// Brings all projections to the log's end, in one scan.
    func catchUp() throws {
        try engine.catchUp(declarations, report: { Console.error("annals: \($0)\n") })
    }

    /// A projection, brought to the log's end or as of an earlier moment.
    func view(
        _ declaration: ProjectionDeclaration,
        asOf limit: ReplayLimit?
    ) throws -> ProjectionView {
        if let limit { return try engine.snapshot(declaration, asOf: limit) }
        // One that is up to date needs no lock, nor leave to write.
        if let view = try? engine.view(declaration), view.position == engine.reader.end {
            return view
        }
        try engine.catchUp([declaration], report: { Console.error("annals: \($0)\n") })
        return try engine.view(declaration)
    }

    /// Rebuilds projections beside the live ones and swaps them in.
    func replay(
        _ declarations: [ProjectionDeclaration],
        until: ReplayLimit?,
        onError action: PoisonPolicy.Action,
        jobs: Int
    ) async throws -> [ReplayResult] {
        let start = ContinuousClock.now
        return try await engine.replay(
            declarations,
            until: until,
            onPoison: PoisonPolicy(action),
            jobs: jobs == 0 ? ProcessorCount.available : jobs,
            now: { ContinuousClock.now - start }
        )
    }

    /// Forgets what the projections of a store hold, whatever its log can still say of them.
    static func discardAll(store: String) throws {
        try ProjectionEngine(store: store, reader: try EventLogReader.open(store)).discardAll()
    }

    /// Compares the live projections with what the log gives, `jobs` at a time.
    func check(jobs: Int) async throws -> [ProjectionCheck] {
        let (engine, declarations) = (engine, declarations)
        return try await withThrowingTaskGroup(of: (Int, ProjectionCheck?).self) { group in
            var checks = [ProjectionCheck?](repeating: nil, count: declarations.count)
            var running = 0
            for (index, declaration) in declarations.enumerated() {
                if running == jobs, let (done, check) = try await group.next() {
                    checks[done] = check
                    running -= 1
                }
                group.addTask { (index, try engine.check(declaration)) }
                running += 1
            }
            for try await (done, check) in group { checks[done] = check }
            return checks.compactMap(\.self)
        }
    }

    /// The documents view, to look documents up in.
    func documents() throws -> ProjectionView {
        try view(.documents, asOf: nil)
    }

    /// A document's whole story.
    func story(of document: String, in view: ProjectionView) throws -> DocumentStory {
        try engine.story(of: document, in: view)
    }
}
