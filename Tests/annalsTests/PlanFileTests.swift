import Glibc
import Testing

/// A plan in a file, done as it is or not at all.
@Suite("annals run --plan")
struct PlanFileTests {
    /// A store with a run, then an edit of each kind, then a plan of it in `plan.json`.
    private static func planned() throws -> PlanFolder {
        let store = try PlanFolder()
        _ = try store.run()
        try store.document("a", "President Putin spoke of Ukraine")
        store.folder.delete("news/b.txt")
        try store.document("d", "more")
        try store.edit("news.yaml", "words: 20..1000", "words: 21..1000")
        #expect(try store.text("--out", "plan.json").status == 2)
        return store
    }

    /// The documents that events were appended for since a position.
    private static func touched(_ store: PlanFolder, since position: Int) throws -> Set<String> {
        let list = try store.folder.annals(
            "log",
            "list",
            "--store",
            "store",
            "--from",
            "\(position)",
            "--format",
            "json"
        )
        #expect(list.status == 0, "\(list.messages)")
        return Set(
            list.output.split(separator: "\n").filter { $0.contains("\"type\":\"document.") }
                .compactMap { line in
                    line.split(separator: ",").first { $0.hasPrefix("\"stream\":") }
                        .map { String($0.dropFirst(10).dropLast()) }
                }
        )
    }

    @Test("does what the plan says, and leaves what a plain run leaves")
    func exact() throws {
        let store = try Self.planned()
        let plan = try store.plan()
        #expect(
            store.folder.read("plan.json").contains("\"documents\":[{\"document\":\"news/a.txt\"")
        )
        let plain = try TestFolder()
        _ = try store.folder.shell(
            "cp -r news news.yaml leaders.yaml topics.yaml store out '\(plain.path)'"
        )
        let run = try store.run("--plan", "plan.json")
        #expect(run.status == 0, "\(run.messages)")
        let position = try #require(plan["position"] as? Int)
        #expect(
            try Self.touched(store, since: position)
                == Set(plan.documents.compactMap { $0["document"] })
        )
        _ = try plain.annals("run", "news.yaml")
        #expect(try Self.digests(store.folder) == Self.digests(plain))
        #expect(store.folder.bytes("out/news.jsonl") == plain.bytes("out/news.jsonl"))
        #expect(try store.plan().status == 0)
        let again = try store.run("--plan", "plan.json")
        #expect(again.status == 75 && again.messages.contains("the log has grown since"))
    }

    private static func digests(_ folder: TestFolder) throws -> [Substring] {
        let replay = try AnnalsProcess(
            ["replay", "news.yaml"] + PipelineText.projections + ["--format", "json"],
            in: folder
        ).wait()
        #expect(replay.status == 0, "\(replay.messages)")
        return replay.output.split(separator: "\"").filter { $0.count == 64 }
    }

    @Test("makes a store that was not there, if the plan was made without one")
    func noStore() throws {
        let store = try PlanFolder()
        _ = try store.text("--out", "plan.json")
        #expect(try store.run("--plan", "plan.json").status == 0)
        #expect(try store.plan().status == 0)
        store.folder.delete("store")
        #expect(try store.run("--plan", "plan.json").status == 0)
    }

    @Test("of nothing to do is written and done, too")
    func nothing() throws {
        let store = try PlanFolder()
        _ = try store.run()
        #expect(try store.text("--out", "plan.json").status == 0)
        let run = try store.run("--plan", "plan.json", "--format", "json")
        #expect(run.status == 0 && run.output.contains("\"events\":2,"))
    }

    @Test(
        "refuses with 75, says what changed, and changes nothing",
        arguments: [
            ("documents have changed", "echo more >> news/c.txt"),
            ("documents have changed", "rm news/d.txt"),
            ("documents have changed", "cp news/c.txt news/e.txt"),
            ("the pipeline, or a file", "sed -i s/21..1000/22..1000/ news.yaml"),
            ("the pipeline, or a file", "sed -i 's/\\[Putin\\]/[Poutine]/' leaders.yaml"),
            ("it was made for another store", "rm -r store"),
            // Some other text in a whole plan: what is done is what was approved.
            ("documents have changed", "sed -i s/remove/change/ plan.json"),
        ]
    )
    func outdated(reason: String, change: String) throws {
        let store = try Self.planned()
        #expect(try store.folder.shell(change).status == 0)
        let before = try store.everything()
        let run = try store.run("--plan", "plan.json")
        #expect(run.status == 75 && run.output.isEmpty, "\(change): \(run.output)")
        #expect(run.messages.contains("plan.json is not what a run would do by now: \(reason)"))
        #expect(run.messages.contains("annals plan --out"))
        #expect(try store.everything() == before, "\(change)")
    }

    @Test("refuses when something else was run, or withdrawn")
    func grown() throws {
        let store = try Self.planned()
        #expect(
            try store.folder.annals(
                "retract",
                "news/c.txt",
                "--reason",
                "asked",
                "--yes",
                "--pipeline",
                "news.yaml"
            ).status == 0
        )
        let run = try store.run("--plan", "plan.json")
        #expect(
            run.status == 75 && run.messages.contains("the log has grown since"),
            "\(run.messages)"
        )
    }

    @Test("refuses what is no plan, a plan of another pipeline, and one that cannot be read")
    func noPlan() throws {
        let store = try Self.planned()
        let plan = store.folder.bytes("plan.json")
        let garbage: [[UInt8]] = [
            [], Array("plan".utf8), [0, 0xFF, 0x7B, 0x0A], Array("[]\n".utf8), Array("{}\n".utf8),
            Array("{\"pipeline\":".utf8) + Array(repeating: 0x5B, count: 1 << 20),
            plan.dropLast(plan.count / 2), plan + plan,
        ]
        let before = try store.everything()
        for (number, bytes) in garbage.enumerated() {
            try store.folder.write("garbage.json", bytes: bytes)
            let run = try store.run("--plan", "garbage.json")
            #expect(run.status == 65, "\(number): \(run.status) \(run.messages)")
            #expect(run.messages.contains("garbage.json is no plan, or not a whole one"))
        }
        store.folder.delete("garbage.json")
        let endless = try store.run("--plan", "/dev/zero")
        #expect(endless.status == 65, "\(endless.messages)")
        for path in ["none.json", "news"] {
            let run = try store.run("--plan", path)
            #expect(run.status == 66, "\(path): \(run.messages)")
            #expect(run.messages.contains("the plan \(path) cannot be read"))
        }
        #expect(try store.everything() == before)
        try store.edit("news.yaml", "pipeline: news", "pipeline: other")
        let other = try store.run("--plan", "plan.json", "--store", "other")
        #expect(other.status == 65 && !store.folder.exists("other"))
        #expect(other.messages.contains("is a plan for the pipeline 'news', not for 'other'"))
    }

    @Test("is not written into a folder that is not there, nor made with --retry or --limit")
    func options() throws {
        let store = try Self.planned()
        let before = try store.everything()
        let out = try store.text("--out", "nowhere/plan.json")
        #expect(out.status == 74 && out.messages.contains("nowhere/plan.json: No such file"))
        #expect(try store.text("--out", "p.json", "--retry").status == 64)
        #expect(try store.run("--plan", "plan.json", "--limit", "1").status == 64)
        #expect(try store.everything() == before)
    }

    @Test("is not made of standard input, which the check would use up")
    func standardInput() throws {
        let folder = try TestFolder()
        try folder.write("in.jsonl", "{\"id\":\"a\",\"text\":\"one two\"}\n")
        try folder.write(
            "p.yaml",
            "pipeline: p\nstages: [{ingest: {from: [\"-\"], format: jsonl}}]\n"
        )
        let input = AnnalsProcess.Input.file(folder.path + "/in.jsonl")
        #expect(try folder.annals("plan", "p.yaml", input: input).status == 2)
        let out = try folder.annals("plan", "p.yaml", "--out", "plan.json", input: input)
        #expect(out.status == 64 && !folder.exists("plan.json"))
        #expect(out.messages.contains("standard input can be read only once"))
        try folder.write("plan.json", "{}")
        let run = try folder.annals("run", "p.yaml", "--plan", "plan.json", input: input)
        #expect(run.status == 64 && !folder.exists(".annals"))
    }

    /// The reader takes its time, so that the file changes after it was read for the plan's check.
    @Test("leaves what changes between the plan's check and the run's reading, and says so")
    func unplanned() throws {
        let store = try PlanFolder()
        try store.folder.plugin(
            "slow",
            kind: "reader",
            """
            import time
            @plugin.document
            def read(source, options):
                if source.bytes.startswith(b"nobody"):
                    plugin.log("reading")
                    time.sleep(1)
                return {"documents": [{"text": source.bytes.decode("utf-8")}]}
            """
        )
        try store.edit("news.yaml", "from: [news]", "from: [news]\n      format: plugin:slow")
        #expect(try store.text("--out", "plan.json").status == 2)
        let run = try AnnalsProcess(["run", "news.yaml", "--plan", "plan.json"], in: store.folder)
        #expect(run.waitUntil { run.messages.contains("reading") }, "\(run.messages)")
        try store.document("c", "somebody spoke after all")
        let outcome = run.wait()
        #expect(outcome.status == 75, "\(outcome.messages)\(outcome.output)")
        #expect(
            outcome.messages.contains(
                "1 document came, changed or went since the plan was made and was left as it was;"
                    + " make another plan for it"
            ),
            "\(outcome.messages)"
        )
        let shown = try store.folder.annals("show", "documents", "--store", "store").output
        #expect(shown.contains("news/a.txt") && !shown.contains("news/c.txt"), "\(shown)")
        #expect(try store.plan().items == ["add news/c.txt"])
    }
}
