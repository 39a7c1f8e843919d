import Glibc
import Testing

/// `annals run --watch`.
@Suite("A run that watches")
struct WatchTests {
    /// A pipeline over a folder, and the process that watches it.
    private struct Watched {
        let folder: TestFolder
        let process: AnnalsProcess

        init(
            from: String = "[news]",
            _ prepare: (TestFolder) throws -> Void = { try $0.write("news/a.txt", text("first")) },
            options: [String] = [],
            failpoint: String = ""
        ) throws {
            folder = try TestFolder()
            try PipelineText.write(into: folder, from: from, words: "3..900")
            try prepare(folder)
            process = try AnnalsProcess(
                ["run", "--watch", "news.yaml"] + options,
                in: folder,
                environment: ["ANNALS_FAILPOINT": failpoint, "ANNALS_GROUP_DOCUMENTS": "2"]
            )
        }

        /// Waits until it watches.
        func begins() throws {
            try #require(process.waitUntil { process.messages.contains("watching; Ctrl-C") })
        }

        /// Waits until the export holds a word, or no longer does.
        func exports(_ word: String, _ isThere: Bool = true) -> Bool {
            process.waitUntil { folder.read("out/news.jsonl").contains(word) == isThere }
        }

        /// Whether no run is under way.
        private var rests: Bool {
            let last = try? folder.annals("log", "tail", "-n", "1", "--store", "store")
            return last?.output.contains("run.finished") == true
        }

        /// Ends it between two runs, and sees that nothing was left to do.
        func ends() throws {
            #expect(process.waitUntil { rests })
            process.signal(SIGINT)
            let outcome = process.wait()
            #expect(outcome.status == 0, "\(outcome.messages)")
            #expect(outcome.messages.hasSuffix("annals: no longer watching\n"))
            let again = try folder.annals("run", "news.yaml")
            #expect(again.status == 0, "\(again.messages)")
            #expect(again.output.contains("2 events appended"), "\(again.output)")
            let verified = try folder.annals("log", "verify", "--store", "store")
            #expect(verified.status == 0, "\(verified.output)")
        }
    }

    private static func text(_ word: String) -> String {
        "\(word) \((0..<12).map { "\(word)\($0)" }.joined(separator: " and ")) said Vladimir Putin.\n"
    }

    @Test("picks up files that are new, changed, moved and gone, in folders old and new")
    func files() throws {
        let watched = try Watched()
        let folder = watched.folder
        try watched.begins()
        #expect(watched.exports("first"))
        try folder.write("news/b.txt", Self.text("second"))
        #expect(watched.exports("second"))
        try folder.write("news/a.txt", Self.text("third"))
        #expect(watched.exports("third") && watched.exports("first", false))
        try folder.write("news/deep/er/c.txt", Self.text("fourth"))
        #expect(watched.exports("fourth"))
        try folder.write("news/deep/er/d.txt", Self.text("fifth"))
        #expect(watched.exports("fifth"))
        try folder.write("elsewhere/in/e.txt", Self.text("sixth"))
        try folder.shell("mv elsewhere news/elsewhere")
        #expect(watched.exports("sixth"))
        try folder.write("news.new/a.txt", Self.text("seventh"))
        try folder.shell("mv news news.old; mv news.new news")
        #expect(watched.exports("seventh") && watched.exports("sixth", false))
        try folder.write("news/f.txt", Self.text("eighth"))
        #expect(watched.exports("eighth"))
        try folder.shell("ln -s ../news.old/b.txt news/link.txt; ln news.old/deep/er/c.txt news/")
        #expect(watched.exports("second") && watched.exports("fourth"))
        folder.delete("news/f.txt")
        #expect(watched.exports("eighth", false))
        try watched.ends()
    }

    @Test("picks up changes of the pipeline and its dictionaries, and waits for what is broken")
    func definition() throws {
        let watched = try Watched()
        let folder = watched.folder
        try watched.begins()
        #expect(watched.exports("vladimir-putin"))
        let leaders = folder.read("leaders.yaml")
        let others = leaders.replacing("vladimir-putin", with: "v-v-putin")
        // As editors do: written beside, then moved over it.
        try folder.write("leaders.yaml~", others)
        try folder.shell("mv leaders.yaml~ leaders.yaml")
        #expect(watched.exports("v-v-putin"))
        let pipeline = folder.read("news.yaml")
        try folder.write("news.yaml", pipeline + "stage: [\n")
        let process = watched.process
        #expect(process.waitUntil { process.messages.contains("[yaml.syntax]") })
        try folder.write("news/b.txt", Self.text("second"))
        #expect(process.waitUntil { process.messages.contains("news/b.txt has changed") })
        try folder.write("news.yaml", pipeline.replacing("3..900", with: "300..900"))
        #expect(watched.exports("first", false))
        try folder.write("news.yaml", pipeline)
        #expect(watched.exports("first") && watched.exports("second"))
        try watched.ends()
    }

    @Test("leaves a file alone until it is closed")
    func closed() throws {
        let watched = try Watched()
        try watched.begins()
        let path = watched.folder.path + "/news/slow.txt"
        let file = unsafe try #require(unsafe fopen(path, "w"))
        for number in 0..<6 {
            unsafe fputs(Self.text("part\(number)x"), file)
            unsafe fflush(file)
            usleep(150_000)
        }
        #expect(!watched.folder.read("out/news.jsonl").contains("part0x"))
        unsafe fclose(file)
        #expect(watched.exports("part5x"))
        try watched.ends()
        let list = try watched.folder.annals("log", "list", "--store", "store")
        let revisions = list.output.split(separator: "\n").count {
            $0.contains("document.ingested") && $0.contains("news/slow.txt")
        }
        #expect(revisions == 1)
    }

    @Test("begins with nothing to read, and with failed documents")
    func empty() throws {
        let watched = try Watched(from: "[news/*.txt, more]") { _ in }
        try watched.begins()
        #expect(watched.process.messages.contains("news does not exist"))
        try watched.folder.write("more/bad.txt", bytes: [0x41, 0xFF, 0x42])
        #expect(watched.process.waitUntil { watched.process.messages.contains("is not UTF-8") })
        try watched.folder.write("news/a.txt", Self.text("first"))
        #expect(watched.exports("first"))
        try watched.folder.write("more/bad.txt", Self.text("mended"))
        #expect(watched.exports("mended"))
        try watched.ends()
    }

    @Test("misses nothing of a folder in which much goes on", arguments: [1, 2])
    func storm(seed: Int) throws {
        let watched = try Watched()
        try watched.begins()
        var random = SeededRandom(state: UInt64(setting("ANNALS_SEED", 1) * 100 + seed))
        for step in 0..<setting("ANNALS_WATCH_STEPS", 80) {
            let folders = ["news", "news/x", "news/y", "news/x/z"]
            let name = "\(folders[random.next(below: 4)])/\(random.next(below: 8)).txt"
            switch random.next(below: 8) {
            case 0: watched.folder.delete(name)
            case 1: watched.folder.delete(folders[1 + random.next(below: 3)])
            case 2: try watched.folder.shell("mv news/x news/y-\(step) 2>/dev/null; true")
            case 3: try watched.folder.shell("mv \(name) news/moved-\(step).txt 2>/dev/null; true")
            default: try watched.folder.write(name, Self.text("s\(step)t"))
            }
            usleep(UInt32(random.next(below: 60_000)))
        }
        try watched.folder.write("news/last.txt", Self.text("sentinel"))
        #expect(watched.exports("sentinel"))
        try watched.ends()
    }

    @Test("ends with a run under way as a run does, and goes on by itself when it was killed")
    func interrupted() throws {
        let corpus = Corpus(documents: 60, files: 3)
        let killed = try Watched({ try corpus.write(into: $0) }, failpoint: "group.appended:3")
        #expect(killed.process.wait().status == 137)
        let whole = try Watched { try corpus.write(into: $0) }
        try whole.begins()
        whole.process.signal(SIGTERM)
        #expect(whole.process.wait().status == 0)
        let rest = try AnnalsProcess(["run", "--watch", "news.yaml"], in: killed.folder)
        #expect(rest.waitUntil { rest.messages.contains("watching; Ctrl-C") })
        for export in ["out/news.jsonl", "out/news.csv"] {
            #expect(killed.folder.bytes(export) == whole.folder.bytes(export))
        }
        rest.signal(SIGINT)
        #expect(rest.wait().status == 0)
    }

    @Test("waits while another process writes to the store")
    func busy() throws {
        let watched = try Watched()
        try watched.begins()
        let lock = unsafe open(watched.folder.path + "/store/LOCK", O_RDWR)
        #expect(flock(lock, LOCK_EX) == 0)
        try watched.folder.write("news/b.txt", Self.text("second"))
        let process = watched.process
        #expect(process.waitUntil { process.messages.contains("[log.locked]") })
        usleep(1_500_000)
        #expect(process.messages.components(of: "[log.locked]") == 1)
        close(lock)
        #expect(watched.exports("second"))
        try watched.ends()
    }

    @Test("prints a line for each run that did something, as JSON")
    func json() throws {
        let watched = try Watched(options: ["--format", "json"])
        try watched.begins()
        try watched.folder.write("news/b.txt", Self.text("second"))
        #expect(watched.exports("second"))
        try watched.folder.write("news/notes.tmp/.hidden", "nothing")
        try watched.folder.shell("touch news/b.txt")
        usleep(500_000)
        watched.process.signal(SIGINT)
        let lines = watched.process.wait().output.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines.allSatisfy { $0.hasPrefix("{\"run\":\"") })
    }

    @Test("refuses what cannot be watched, and a pipeline that is broken from the start")
    func refusals() throws {
        let folder = try TestFolder()
        try PipelineText.write(into: folder, from: "[\"-\"]", ingest: "format: jsonl")
        let standardInput = try folder.annals("run", "--watch", "news.yaml")
        #expect(standardInput.status == 64)
        #expect(standardInput.messages.contains("standard input ends once and cannot be watched"))
        #expect(!folder.exists("store"))
        #expect(try folder.annals("run", "--watch", "--limit", "3", "news.yaml").status == 64)
        #expect(try folder.annals("run", "--watch", "--plan", "p", "news.yaml").status == 64)
        try folder.write("news.yaml", "pipeline: [")
        #expect(try folder.annals("run", "--watch", "news.yaml").status == 65)
        #expect(try folder.annals("run", "--watch", "none.yaml").status == 66)
    }
}
