internal import Bytes
internal import EventLog
internal import Events
internal import Projections
internal import YAML

/// Finds out what is to be told of a document; reads the batches that speak of it, no others.
struct Explainer {
    let projections: StoreProjections
    let documents: ProjectionView
    let history: LogHistory
    /// The folder of the pipeline's file, where it is known.
    let folder: String?

    init(_ projections: StoreProjections, folder: String?) throws {
        self.projections = projections
        self.folder = folder
        documents = try projections.documents()
        history = try projections.engine.history()
    }

    /// The document that a user means.
    func find(_ text: String) throws -> DocumentRow {
        switch try documents.find(text) {
        case .one(let row): return row
        case .several(let rows):
            let list = rows.map { row in
                "  \(TerminalText.escaped(row.document))  \(row.status.name)"
                    + (row.title.map { "  " + TerminalText.escaped($0) } ?? "")
            }
            throw Failure(
                .usage,
                "'\(text)' may be several documents; name one by id:\n"
                    + list.joined(separator: "\n")
            )
        case .none:
            let hint = Suggestion.hint(for: text, among: try candidates(like: text))
            throw Failure(
                .noInput,
                "no document has '\(text)' as its id or source, or in its title"
                    + (hint.map { "; " + $0 } ?? " (annals show documents lists them)")
            )
        }
    }

    /// What a misspelt name may have meant: identities, sources, and as many words of a title.
    private func candidates(like text: String) throws -> [String] {
        let count = text.split(separator: " ").count
        return try documents.names(limit: 5_000).flatMap { name in
            let words = name.split(separator: " ")
            guard count > 0, words.count > count else { return [name] }
            return [name]
                + (0...(words.count - count)).map { words[$0..<$0 + count].joined(separator: " ") }
        }
    }

    /// Everything about a document; every statement in full if asked for.
    func explain(_ row: DocumentRow, all: Bool) throws -> Explanation {
        let story = try projections.engine.story(of: row.document, in: documents)
        var tellings: [Explanation.Telling] = []
        for statement in story.statements {
            let before = tellings.last?.statement
            let definition = history.definition(at: statement.position)
            let causes = ChangeCauses(
                before.flatMap { history.definition(at: $0.position) },
                definition,
                changes: try originals(before?.fate, statement.fate, of: statement)
            )
            tellings.append(
                Explanation.Telling(
                    statement: statement,
                    cause: before.map { causes.cause($0.fate, statement.fate) },
                    before: before?.fate,
                    definition: causes.after,
                    isFull: all
                )
            )
        }
        let told = Set(story.events.map(\.run))
        let first = story.events.first?.position ?? .first
        let runs = history.runs.filter { $0.end ?? history.end > first }
        var explanation = Explanation(
            row: row,
            tellings: tellings,
            runs: (runs.count, runs.count { !told.contains($0.id) }),
            rewrites: history.rewrites,
            copies: try projections.view(.duplicates, asOf: nil).copies(of: row.document)
        )
        try tellInFull(&explanation)
        return explanation
    }

    /// Marks what is told in full, the newest statement and what took it back, and reads its texts.
    private func tellInFull(_ explanation: inout Explanation) throws {
        let newest = explanation.newest?.statement.position
        for index in explanation.tellings.indices {
            let statement = explanation.tellings[index].statement
            if let newest, statement.position >= newest {
                explanation.tellings[index].isFull = true
            }
            guard explanation.tellings[index].isFull else { continue }
            for event in statement.events {
                explanation.tellings[index].texts[event.position] =
                    try projections.engine.content(of: event)
            }
            explanation.tellings[index].evidence = try evidence(for: explanation.tellings[index])
        }
    }

    /// How the documents that it is or was a copy of fared between two statements.
    private func originals(
        _ before: DocumentFate?,
        _ after: DocumentFate,
        of statement: DocumentStatement
    ) throws -> [FateChange] {
        guard let before, before.revision == after.revision else { return [] }
        var changes: [FateChange] = []
        for fate in [before, after] {
            guard case .duplicate(let kinship) = fate.outcome,
                !changes.contains(where: { $0.document == kinship.original })
            else { continue }
            let story = try projections.engine.story(of: kinship.original, in: documents)
            let statements = story.statements
            let old = statements.last { $0.position < before.position }?.fate
            // The original may have been stated behind its copy in the same run.
            guard
                let new = statements.last(where: {
                    $0.position < after.position || $0.run == statement.run
                })?.fate
            else { continue }
            if let old, old.isSame(as: new), old.outcome == new.outcome { continue }
            changes.append(FateChange(document: kinship.original, before: old, after: new))
        }
        return changes
    }

    /// The text that the stages after cleaning saw.
    static func text(of telling: Explanation.Telling) -> [UInt8]? {
        let event = telling.statement.events.last { event in
            telling.texts[event.position] != nil
                && (event.type == EventType.documentCleaned.rawValue
                    || event.type == EventType.documentIngested.rawValue)
        }
        return event.flatMap { telling.texts[$0.position] }
    }

    /// The fields that the stages after cleaning saw.
    static func fields(of statement: DocumentStatement) -> DocumentFields {
        let event = statement.events.last { event in
            !event.isErased
                && (event.type == EventType.documentCleaned.rawValue
                    || event.type == EventType.documentIngested.rawValue)
        }
        guard let bytes = event?.payload["fields"]?.encoded else { return DocumentFields() }
        var reader = CBORReader(bytes.span)
        return (try? DocumentFields(&reader)) ?? DocumentFields()
    }
}
