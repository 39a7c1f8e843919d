internal import EventLog
internal import Events

/// The files of a pipeline's exports: brought to what the log says, then appended to.
///
/// The log is written first, the files after it, so that a crash leaves files short, never ahead;
/// what is missing is rendered again from the log (invariant 5).
struct ExportFiles {
    private let exports: [any ExportStage]
    private let stageNames: [String]
    /// Nil for an export that lies in no file.
    private var files: [ExportFile?] = []
    /// What had to be mended, in words.
    private(set) var notices: [String] = []

    init(exports: [any ExportStage], stageNames: [String]) {
        self.exports = exports
        self.stageNames = stageNames
    }

    /// Opens every file and makes it what the log says.
    mutating func open(
        _ sinks: [SinkState],
        reader: EventLogReader
    ) throws {
        for (sink, export) in zip(sinks, exports) {
            let replay = ExportReplay(
                reader: reader,
                sink: sink,
                export: export,
                stageNames: stageNames
            )
            files.append(sink.isDelivered ? nil : try open(sink, replay))
        }
    }

    private mutating func open(_ sink: SinkState, _ replay: ExportReplay) throws -> ExportFile {
        if !sink.isOurs { try keepForeign(sink) }
        let file = try ExportFile(path: sink.path)
        let size = try file.size()
        if sink.end == sink.preamble.count {
            try file.truncate(to: 0)
            try file.write(sink.preamble, at: 0)
            return file
        }
        if let start = sink.unfinishedStart, size >= start, !sink.isRewriteUnfinished {
            try file.truncate(to: start)
            try replay.restore(from: start, since: sink.unfinishedRun, into: file)
            return file
        }
        if sink.isIncomplete {
            notices.append("\(sink.path) is written anew: a repair gave up events of it")
        }
        guard sink.isRewriteUnfinished || size != sink.end else { return file }
        if !sink.isRewriteUnfinished, !sink.isIncomplete {
            notices.append(
                (size == 0 ? "\(sink.path) was gone" : "\(sink.path) was changed by somebody else:")
                    + (size == 0 ? "" : " it was \(size) bytes long instead of \(sink.end)")
                    + "; it has been written again from the log"
            )
        }
        let temporary = sink.path + ".rebuilding"
        let fresh = try ExportFile(path: temporary, truncating: true)
        try replay.rebuild(into: fresh)
        try fresh.synchronize()
        try ExportFile.replace(sink.path, by: temporary)
        return fresh
    }

    /// Moves a file aside that lay there before the store wrote its first record.
    private mutating func keepForeign(_ sink: SinkState) throws(RunError) {
        let kept = sink.path + ".previous"
        guard try ExportFile.holdsOther(than: sink.preamble, sink.path) else { return }
        try ExportFile.replace(kept, by: sink.path)
        notices.append("\(sink.path) was there before this store; it is now \(kept)")
    }

    /// Writes records whose events are durable.
    func write(_ exports: [CommitGroup.ExportBytes]) throws(RunError) {
        for export in exports {
            try files[export.sink]?.write(export.bytes, at: export.offset)
        }
    }

    /// Makes all files durable.
    func synchronize() throws(RunError) {
        for file in files { try file?.synchronize() }
    }

    /// Writes beside a file what it should be without dead records.
    func prepareRewrite(
        of sink: SinkState,
        export: any ExportStage,
        reader: EventLogReader
    ) throws -> ExportRewritten {
        let replay = ExportReplay(
            reader: reader,
            sink: sink,
            export: export,
            stageNames: stageNames
        )
        guard !sink.isDelivered else {
            return ExportRewritten(sink: sink.name, path: sink.path, length: 0, records: 0)
        }
        let fresh = try ExportFile(path: sink.path + ".rebuilding", truncating: true)
        let (length, records) = try replay.writeLive(until: nil, into: fresh)
        try fresh.synchronize()
        return ExportRewritten(
            sink: sink.name,
            path: sink.path,
            length: length,
            records: records
        )
    }

    /// Puts the file that was prepared in the place of the old one.
    func finishRewrite(of sink: SinkState) throws(RunError) {
        guard !sink.isDelivered else { return }
        try ExportFile.replace(sink.path, by: sink.path + ".rebuilding")
    }
}
