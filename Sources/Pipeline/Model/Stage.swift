package import EventLog
package import Events

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

    /// Lets go of what it holds outside of memory, when the run is over.
    func close() async

    /// A new decider with no memory, for a stage whose decision depends on earlier documents.
    func makeDecider() -> (any Decider)?
}

extension Stage {
    /// Most stages need no memory.
    package func makeDecider() -> (any Decider)? { nil }

    /// Most stages hold nothing.
    package func close() async {}
}

/// The part of a stage that sees every document, one after the other, in input order.
///
/// What it remembers is a projection of the log: the runner shows it every committed event before a
/// run, so that a crash can neither forget a document nor remember one that was never committed.
package protocol Decider: Sendable {
    /// The types of the events that it remembers from.
    var consumes: Set<String> { get }
    /// Remembers from a batch of committed events.
    mutating func restore(_ batch: borrowing EventBatch) throws
    /// Forgets everything: the log goes over to another pipeline.
    mutating func reset()
    /// Documents decided before that have to be decided anew, for what a revision made of another.
    var pending: Set<DocumentID> { get }
    /// Decides on each live document and remembers it.
    mutating func decide(_ documents: inout [Document])
}
