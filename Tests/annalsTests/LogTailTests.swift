import Bytes
import EventLog
import Glibc
import Testing

/// The log followed from another process while this one writes.
@Suite("annals log tail -f")
struct LogTailTests {
    @Test("never shows a batch that is whole but not promised")
    func promised() throws {
        let folder = try TestFolder()
        let writer = try EventLogWriter.open(folder.path + "/store")
        try append(to: writer)
        let earlier = folder.bytes("store/HEAD")
        try append(to: writer)
        let later = folder.bytes("store/HEAD")
        // As between the write of a batch and the promise: it is on disk, HEAD does not say so.
        try folder.write("store/HEAD", bytes: earlier)
        let tail = try follow(folder)
        #expect(tail.waitUntil { tail.output.contains("\"position\":0,") })
        usleep(300_000)
        #expect(!tail.output.contains("\"position\":1,"))
        try folder.write("store/HEAD", bytes: later)
        #expect(tail.waitUntil { tail.output.contains("\"position\":1,") })
        writer.close()
    }

    @Test("goes on into further segments")
    func rolls() throws {
        let folder = try TestFolder()
        let options = LogOptions(segmentByteLimit: 6_000)
        let writer = try EventLogWriter.open(folder.path + "/store", options: options)
        try append(to: writer)
        let tail = try follow(folder)
        for _ in 1..<60 { try append(to: writer) }
        #expect(tail.waitUntil { tail.output.contains("\"position\":59,") })
        let positions = tail.output.split(separator: "\n").compactMap { line in
            line.split(separator: ",").first.map(String.init)
        }
        #expect(positions == (0..<60).map { "{\"position\":\($0)" })
        let segments = try folder.shell("ls store/log").output.split(separator: "\n").count
        #expect(segments > 2)
    }

}

/// What has a limit in time: `make test` runs it when nothing else runs.
@Suite("annals log tail -f, against the clock", .serialized)
struct TimedTests {
    @Test("shows each committed batch within 100 ms")
    func soon() throws {
        let folder = try TestFolder()
        let writer = try EventLogWriter.open(folder.path + "/store")
        try append(to: writer)
        let tail = try follow(folder)
        #expect(tail.waitUntil { tail.output.contains("\"position\":0,") })
        var delays: [Duration] = []
        for position in 1...100 {
            try append(to: writer)
            let start = ContinuousClock.now
            while !tail.output.contains("\"position\":\(position),") {
                usleep(1_000)
                try #require(ContinuousClock.now - start < .seconds(30))
            }
            delays.append(ContinuousClock.now - start)
        }
        let late = delays.filter { $0 > .milliseconds(100) }
        // The machine may stop either process for a moment, and does so to both alike.
        #expect(late.count <= 2, "\(delays.sorted())")
        #expect(delays.allSatisfy { $0 < .seconds(1) })
    }
}

private func follow(_ folder: TestFolder) throws -> AnnalsProcess {
    try AnnalsProcess(
        ["log", "tail", "-f", "-n", "200", "--store", "store", "--format", "json"],
        in: folder
    )
}

private func append(to writer: EventLogWriter) throws {
    var builder = EventBatchBuilder(firstPosition: writer.nextPosition, run: "r")
    var facts = CBORWriter()
    facts.map(0)
    builder.append(
        stream: "a",
        streamVersion: 0,
        type: "document.ingested",
        schemaVersion: 1,
        stage: "ingest",
        cause: nil,
        facts: facts.bytes.span,
        content: nil
    )
    try writer.append(try builder.encode(), time: 1_700_000_000_000_000)
}
