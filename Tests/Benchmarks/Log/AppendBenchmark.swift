internal import EventLog

/// Durable appending, a batch of 1,000 events of 300 bytes a commit, against a bare file and
/// against SQLite.
///
/// The sides take turns, so that each meets the same disk. Where other processes use the machine, a
/// turn takes as long as they let it: limits are held against the fastest quarter of each side's
/// turns, medians are shown beside.
@MainActor
struct AppendBenchmark {
    let directory: String
    /// Turns of each side, and batches in a turn.
    let turns: Int
    let batches: Int

    /// Millions of events per second, one figure for each turn of a side.
    private struct Side {
        /// Per second of wall time, which the limits speak of.
        var wall = Samples()
        /// Per second of processor time, which other processes cannot spoil.
        var processor = Samples()

        var unit: String {
            "million events/s; \(Report.text(processor.median, 2)) per CPU-s"
        }
    }

    private struct Results {
        var bare = Side()
        var table = Side()
        var ahead = Side()
        var inline = Side()
        var alone = Side()
    }

    func run(_ report: inout Report) async throws {
        try await run(.random, .none, "random facts, plain", &report)
        try await run(.text, .fast, "facts of text, zstd", &report)
    }

    private func run(
        _ kind: SampleEvents.Kind,
        _ compression: Compression,
        _ name: String,
        _ report: inout Report
    ) async throws {
        let events = SampleEvents(kind)
        let log = LogSide(
            writer: try EventLogWriter.open(directory + "/append-\(kind)"),
            events: events,
            compression: compression
        )
        let bare = try BareFile(directory + "/bare-\(kind)")
        let table = try SQLiteLog(directory + "/append-\(kind).sqlite")
        var results = Results()
        for turn in 0...turns {
            // The first turn of each warms up and does not count.
            if turn == 1 { results = Results() }
            let first = turn * batches * SampleEvents.perBatch
            try measure(&results.bare) {
                try bare.append(events, from: first, batches: batches)
            }
            let start = Moment()
            try await log.appendAhead(batches)
            note(&results.ahead, since: start)
            try measure(&results.table) {
                try table.append(events, from: first, batches: batches)
            }
            try measure(&results.inline) { try log.appendInline(batches) }
            let encoded = try log.encode(batches)
            try measure(&results.alone) { try log.append(encoded) }
        }
        add(results, name, isPlain: compression == .none, &report)
    }

    private func add(
        _ results: Results,
        _ name: String,
        isPlain: Bool,
        _ report: inout Report
    ) {
        func add(_ label: String, _ side: Side) {
            report.add("\(name): \(label)", side.wall, unit: side.unit)
        }
        add("bare `pwrite` and `fdatasync`", results.bare)
        add("SQLite", results.table)
        add("log, encoding included", results.ahead)
        add("log, encoding on the thread that appends", results.inline)
        add("log, appending alone", results.alone)
        let aheadToBare = results.ahead.wall.ratios(to: results.bare.wall)
        let aloneToBare = results.alone.wall.ratios(to: results.bare.wall)
        let aheadToTable = results.ahead.wall.ratios(to: results.table.wall)
        let aloneToTable = results.alone.wall.ratios(to: results.table.wall)
        let bare = Limit(.atLeast, 0.8)
        let table = Limit(.atLeast, 4)
        let alone = "\(name): appending alone over"
        let ahead = "\(name): encoding included over"
        if isPlain {
            report.add("\(ahead) bare", aheadToBare, bare)
            report.add("\(ahead) SQLite", aheadToTable, table)
        } else {
            // Compressing is a choice that takes more processor time than a fast disk takes to
            // write what it saves.
            report.add("\(ahead) bare", aheadToBare, nil)
            report.add("\(ahead) SQLite", aheadToTable, nil)
            report.add("\(alone) bare", aloneToBare, bare)
            report.add("\(alone) SQLite", aloneToTable, table)
        }
    }

    private func measure(_ side: inout Side, _ body: () throws -> Void) rethrows {
        let start = Moment()
        try body()
        note(&side, since: start)
    }

    private func note(_ side: inout Side, since start: Moment) {
        let millions = Double(batches * SampleEvents.perBatch) / 1e6
        side.wall.add(millions / (Clock.wall - start.wall))
        side.processor.add(millions / (Clock.processor - start.processor))
    }
}
