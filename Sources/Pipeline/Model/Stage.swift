package import EventLog
package import YAML

/// One step of a pipeline.
///
/// The runner gives a stage batches of documents, at most 256 of them or 1 MiB, in three ways: it
/// measures batches in parallel, lets a ``Decider`` go over them in input order, and measures on.
package protocol Stage: Sendable {
    /// Its name in this pipeline: its kind, with a number where a kind occurs twice.
    var name: String { get }

    /// What can be said of each document by itself; runs in parallel, in any order of batches.
    ///
    /// It touches live documents only, records its events in them, and settles those that it takes
    /// out of the stream. What it throws ends the run: a document's own fault never does.
    func measure(_ documents: inout [Document]) async throws

    /// Does without measuring what it did of a document before, and decides anew on what it measured.
    ///
    /// - Parameters:
    ///   - recorded: all events that it recorded of the document as it is now; at least one.
    ///   - document: the document as it came to the stage.
    /// - Throws: what ends the run, such as events that cannot be read.
    func recall(_ recorded: [PendingEvent], into document: inout Document) throws

    /// What only trying can tell is wrong with it, before documents come.
    func check() async -> [Diagnostic]

    /// Lets go of what it holds outside of memory, when the run is over.
    func close() async

    /// What it remembers of earlier runs; each is shown every committed event before a run.
    var memories: [any StageMemory] { get }

    /// A new decider with no memory, for a stage whose decision depends on earlier documents.
    func makeDecider() -> (any Decider)?
}

extension Stage {
    /// Most stages need no memory.
    package func makeDecider() -> (any Decider)? { nil }

    /// Most stages decide on nothing that could be decided otherwise.
    package func recall(_ recorded: [PendingEvent], into document: inout Document) throws {
        try document.recall(recorded)
    }

    /// What is wrong with most stages can be told by reading.
    package func check() async -> [Diagnostic] { [] }

    /// Most stages hold nothing.
    package func close() async {}

    /// Most stages need none.
    package var memories: [any StageMemory] { [] }
}

/// What a stage throws when it cannot go on: no document's fault, and for people to read.
package protocol StageFault: Error, CustomStringConvertible {}

/// What a stage remembers of earlier runs, however the pipeline changed since: a projection of the
/// log, like all memory.
package protocol StageMemory: Sendable {
    /// Remembers from a batch of committed events.
    func restore(_ batch: borrowing EventBatch) throws
    /// From where to read what it remembers the places of.
    func attach(_ reader: EventLogReader)
}

/// The part of a stage that sees every document, one after the other, in input order.
///
/// What it remembers is a projection of the log: the runner shows it every committed event before a
/// run, so that a crash can neither forget a document nor remember one that was never committed.
package protocol Decider: Sendable {
    /// Remembers from a batch of committed events.
    mutating func restore(_ batch: borrowing EventBatch) throws
    /// Forgets everything: it is to see all documents anew.
    mutating func reset()
    /// A run ended: every decision stands that was made until then.
    mutating func finishRun()
    /// Whether decisions of this run are to be made anew, for what a revision made of another document.
    var isUnsettled: Bool { get }
    /// Decides on each live document and remembers it.
    mutating func decide(_ documents: inout [Document])
}
