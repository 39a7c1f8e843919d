import Glibc
import Testing

/// Ctrl-C and a supervisor's SIGTERM.
@Suite("A run that is interrupted")
struct InterruptTests {
    private func folder() throws -> TestFolder {
        let folder = try TestFolder()
        try PipelineText.write(into: folder, from: "[\"-\"]", ingest: "format: jsonl")
        return folder
    }

    private static let lines = Corpus(documents: 2000, files: 1).parts()[0]

    @Test(
        "ends after the batches on their way, says how to go on, and goes on",
        arguments: [SIGINT, SIGTERM]
    )
    func once(signal: Int32) throws {
        let folder = try folder()
        let run = try AnnalsProcess(["run", "news.yaml"], in: folder, input: .pipe)
        run.write(Self.lines[..<800].joined())
        #expect(run.waitUntil { folder.exists("out/news.csv") })
        run.signal(signal)
        #expect(run.waitUntil { run.messages.contains("ending after the batches on their way") })
        run.write(Self.lines[800..<1800].joined())
        run.endInput()
        let outcome = run.wait()
        #expect(outcome.status == 130, "\(outcome.messages)")
        #expect(outcome.messages.contains("interrupted; go on with: annals run news.yaml"))
        try folder.write("all.jsonl", Self.lines.joined())
        let rest = try folder.annals("run", "news.yaml", input: .file(folder.path + "/all.jsonl"))
        #expect(rest.status == 65, "the corpus holds broken records: \(rest.messages)")
        #expect(rest.output.contains("ingest             2,000"), "one balance for the whole run")
        let whole = try self.folder()
        let all = try whole.annals("run", "news.yaml", input: .file(folder.path + "/all.jsonl"))
        let drops = [rest, all].map { run in
            run.output.split(separator: "\n").filter { $0.hasPrefix("dropped by") }
        }
        #expect(drops[0] == drops[1] && !drops[0].isEmpty)
        for export in ["out/news.jsonl", "out/news.csv"] {
            #expect(folder.bytes(export) == whole.bytes(export))
        }
    }

    @Test("twice ends at once")
    func twice() throws {
        let folder = try folder()
        let run = try AnnalsProcess(["run", "news.yaml"], in: folder, input: .pipe)
        run.write(Self.lines[..<100].joined())
        #expect(run.waitUntil { folder.exists("out/news.csv") })
        run.signal(SIGINT)
        #expect(run.waitUntil { run.messages.contains("ending after") })
        run.signal(SIGINT)
        #expect(run.wait().status == 130)
        let verified = try folder.annals("log", "verify", "--store", "store")
        #expect(verified.status == 0)
    }
}
