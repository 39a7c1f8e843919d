internal import Events

/// The first stage of a pipeline: it reads records and makes documents of them.
package protocol SourceStage: Stage {
    /// The sources as declared.
    var sources: [String] { get }
    /// Whether a file of this path is, or would be, among the sources.
    func reads(_ path: String) -> Bool
    /// What there is to read now, and where it would change.
    func survey() -> SourceSurvey
    /// Whether a document that the sources no longer hold is removed; not where they cannot be read
    /// twice.
    var forgetsGone: Bool { get }
    /// The same stage over other sources.
    func reading(_ sources: [String]) -> any SourceStage
    /// Finds the files and begins to read, in path order, then record order.
    func makeReader() throws(SourceError) -> any RecordReader
    /// Makes documents, live or failed, of the records; runs in parallel. What it throws ends the run.
    func parse(_ records: [RawRecord]) async throws -> [Document]
}

extension SourceStage {
    /// Whether files of a store in this folder would be read as documents.
    package func readsStore(at folder: String) -> Bool {
        ["STORE", "HEAD", "LOCK", "log/0.seg", "derived/projections/p.sqlite"]
            .contains { reads(folder + "/" + $0) }
    }
}

/// What a source stage would read, and the folders in which that would change.
package struct SourceSurvey: Sendable, Equatable {
    /// The files, and the places where none can be read, in path order.
    package let paths: [String]
    /// The folders that were gone through to find them, and those in which the first of these lie.
    package let folders: Set<String>

    /// States what was found.
    package init(paths: [String], folders: Set<String>) {
        self.paths = paths
        self.folders = folders
    }
}

/// Hands out the records of all sources in order.
package protocol RecordReader {
    /// The next records, at most 256 of them or 1 MiB (or one larger record); nil at the end.
    mutating func next() -> [RawRecord]?
    /// Bytes read from files so far, and in all where that is known.
    var progress: ReadProgress { get }
}

/// How far reading has come.
package struct ReadProgress: Sendable {
    /// Bytes of files read so far.
    package var bytesRead: Int
    /// Bytes of all files; nil where a source is a stream.
    package var bytesTotal: Int?

    /// States progress.
    package init(bytesRead: Int, bytesTotal: Int?) {
        self.bytesRead = bytesRead
        self.bytesTotal = bytesTotal
    }
}

/// A record as read: its bytes, or why there are none.
package struct RawRecord: Sendable {
    /// Where it stands.
    package let origin: Document.Origin
    /// Its bytes.
    package let bytes: [UInt8]
    /// Why it could not be read.
    package let fault: SourceFault?

    /// A record that was read.
    package init(origin: Document.Origin, bytes: [UInt8]) {
        self.origin = origin
        self.bytes = bytes
        fault = nil
    }

    /// A record that could not be read.
    package init(origin: Document.Origin, fault: SourceFault) {
        self.origin = origin
        bytes = []
        self.fault = fault
    }
}

/// Why a source, or a part of it, could not be read.
package struct SourceFault: Error, Sendable, Equatable {
    /// A stable code, such as `ingest.unreadable`.
    package let code: String
    /// What is wrong and what to do about it.
    package let message: String
    /// Whether reading again can help.
    package let retryable: Bool

    /// States a fault.
    package init(code: String, message: String, retryable: Bool) {
        self.code = code
        self.message = message
        self.retryable = retryable
    }
}

/// There is nothing to read at all.
package struct SourceError: Error, Sendable, CustomStringConvertible {
    /// A line for each source, saying why.
    package let description: String

    /// States it.
    package init(_ description: String) { self.description = description }
}
