internal import EventLog
internal import Events

/// How far an export's file should reach, as the log says.
struct SinkState: Sendable {
    let stage: Int
    let name: String
    let nameBytes: [UInt8]
    let path: String
    let preamble: [UInt8]
    /// Whether its records go to somebody else than a file.
    let isDelivered: Bool
    /// The file's length, in bytes.
    private(set) var end: Int
    /// Where the log goes over to the export as it is now: earlier events speak of another file.
    private(set) var generationStart = EventPosition.first
    /// Where the records of an unfinished run begin; nil where the last run finished.
    private(set) var unfinishedStart: Int?
    /// Where the unfinished run begins in the log.
    private(set) var unfinishedRun: EventPosition?
    /// Where the log says that the file was written anew; earlier events speak of an older file.
    private(set) var rewrittenAt: EventPosition?
    /// The last time the file was written anew happened in an unfinished run.
    private(set) var isRewriteUnfinished = false

    /// Whether events that put records into the file may be lost: it has to be written anew.
    private(set) var isIncomplete = false
    /// Whether the log has ever put a record into the file.
    private(set) var isOurs = false

    init(stage: Int, export: any ExportStage) {
        self.stage = stage
        name = export.name
        path = export.path
        nameBytes = Array(export.name.utf8)
        preamble = export.preamble
        isDelivered = export is any DeliveringExport
        end = preamble.count
    }

    /// The log goes over to another export of this name.
    mutating func reset(at position: EventPosition) {
        generationStart = position
        end = preamble.count
        unfinishedStart = nil
        isRewriteUnfinished = false
        rewrittenAt = nil
        isIncomplete = false
        isOurs = false
    }

    /// A repair gave up events.
    mutating func lose() {
        isIncomplete = true
    }

    mutating func exported(at offset: Int, length: Int, unfinishedRun: EventPosition?) {
        if unfinishedRun == nil {
            unfinishedStart = nil
        } else if unfinishedStart == nil {
            unfinishedStart = offset
            self.unfinishedRun = unfinishedRun
        }
        end = offset + length
    }

    /// The log has put a record into a file of this path, whatever the export was then.
    mutating func own() {
        isOurs = true
    }

    mutating func rewritten(
        _ event: ExportRewritten,
        at position: EventPosition,
        isUnfinished: Bool
    ) {
        end = event.length
        rewrittenAt = position
        isIncomplete = false
        unfinishedStart = nil
        isRewriteUnfinished = isUnfinished
    }

    /// The last run finished: what its events say is in the file.
    mutating func settle() {
        unfinishedStart = nil
        isRewriteUnfinished = false
    }
}
