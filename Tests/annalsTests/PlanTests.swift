import Testing

/// What a run would do, with the reason, through the command line.
@Suite("annals plan")
struct PlanTests {
    @Test("without a store names every document as new, has no time to tell, and makes no store")
    func noStore() throws {
        let store = try PlanFolder()
        let before = try store.everything()
        let text = try store.text()
        #expect(text.status == 2, "\(text.messages)")
        #expect(text.output.contains("new       news/a.txt\n"), "\(text.output)")
        #expect(text.output.hasSuffix("\n3 new, 0 unchanged\n"), "\(text.output)")
        let plan = try store.plan()
        #expect(plan.status == 2)
        #expect(plan["store"] as? String == "" && plan["work"] as? Bool == true)
        #expect(plan.text.contains("\"seconds\":null"))
        #expect(plan.items == ["add news/a.txt", "add news/b.txt", "add news/c.txt"])
        #expect(plan.work("export") == [3, 0, 0, 0, 0])
        #expect(try store.everything() == before)
    }

    @Test("after a run there is nothing to do; it reads, changes nothing, and says what is reused")
    func unchanged() throws {
        let store = try PlanFolder()
        _ = try store.run()
        let before = try store.everything()
        let text = try store.text()
        #expect(text.status == 0, "\(text.messages)")
        #expect(text.output.hasSuffix("\nnothing to do: 3 documents unchanged\n"))
        let plan = try store.plan()
        #expect(plan.status == 0 && plan.documents.isEmpty && plan["unchanged"] as? Int == 3)
        for stage in ["ingest", "clean", "deduplicate", "enrich", "export", "export-2"] {
            #expect(plan.work(stage) == [0, 0, 3, 0, 0], "\(stage)")
            #expect(plan.reasons(stage).isEmpty)
        }
        #expect(try store.everything() == before)
    }

    @Test("has a shape that programs can rely on")
    func shape() throws {
        let store = try PlanFolder()
        _ = try store.run()
        try store.document("d", "more")
        let plan = try store.plan()
        #expect(
            plan.keys == [
                "pipeline", "store", "position", "work", "stages", "documents", "unchanged",
                "dependents", "reasons", "unreadable", "resumes", "seconds",
            ]
        )
        #expect(plan["pipeline"] as? String == "news" && plan["resumes"] as? Bool == false)
        #expect((plan["store"] as? String)?.isEmpty == false)
        #expect((plan["seconds"] as? Double).map { $0 > 0 } == true)
        #expect(Set(plan.documents[0].keys) == ["document", "action", "stage", "revision"])
        let text = try store.text().output
        #expect(text.contains("; less than a second, judging by earlier runs\n"), "\(text)")
    }

    @Test("names documents that are new, changed and gone")
    func documents() throws {
        let store = try PlanFolder()
        _ = try store.run()
        try store.document("a", "President Putin spoke of Ukraine")
        store.folder.delete("news/b.txt")
        try store.document("d", "more")
        let plan = try store.plan()
        #expect(plan.items == ["change news/a.txt", "add news/d.txt", "remove news/b.txt"])
        #expect(plan.work("ingest") == [2, 0, 1, 0, 1] && plan.work("clean") == [2, 0, 1, 0, 0])
        // c came after a, and may be a copy of what a is now.
        #expect(plan["dependents"] as? Int == 1 && plan["unchanged"] as? Int == 1)
        let text = try store.text().output
        #expect(text.contains("gone      news/b.txt\n"), "\(text)")
        #expect(text.contains("\n1 new, 1 changed, 1 gone, 1 unchanged;"), "\(text)")
        #expect(text.contains("1 document that came later may turn out to be copies of"), "\(text)")
        let run = try store.run()
        #expect(run.output.contains(", 1 document removed, gone from the sources"))
        #expect(try store.plan().status == 0)
    }

    @Test("names the copies of what changes or goes, which are decided anew")
    func copies() throws {
        let store = try PlanFolder()
        try store.folder.write("news/copy.txt", store.folder.read("news/b.txt"))
        _ = try store.run()
        store.folder.delete("news/b.txt")
        let plan = try store.plan()
        #expect(plan.items == ["remove news/b.txt", "decide news/copy.txt"])
        #expect(plan.work("deduplicate") == [0, 1, 2, 0, 0], "\(plan.text)")
        #expect(plan.reasons("deduplicate") == ["what they are copies of changes or goes"])
        let run = try store.run("--format", "json")
        #expect(run.output.contains("\"stage\":\"deduplicate\",\"in\":1,\"kept\":1"))
        #expect(try store.plan().status == 0)
    }

    @Test("says that a run which was interrupted is taken up")
    func interrupted() throws {
        let store = try Store(documents: 200)
        try store.killed(at: "group.written:1")
        let plan = try store.folder.annals("plan", "news.yaml")
        #expect(plan.status == 2)
        #expect(plan.output.contains("a run was interrupted: it is taken up where it stopped"))
        #expect(plan.output.contains("… and 90 more to add\n"), "\(plan.output)")
        #expect(plan.output.hasSuffix("100 new, 100 unchanged\n"), "\(plan.output)")
    }

    @Test("names what cannot be read, which a run records, and removes nothing for it")
    func unreadable() throws {
        let store = try PlanFolder()
        _ = try store.run()
        try store.edit("news.yaml", "from: [news]", "from: [news, gone.txt, cut.jsonl]")
        try store.folder.write("cut.jsonl", "{\"id\":\"x\",\"text\":\"cut in the mid\n")
        store.folder.delete("news/a.txt")
        let plan = try store.plan()
        let unreadable = try #require(plan["unreadable"] as? [String])
        #expect(unreadable.count == 2, "\(unreadable)")
        #expect(unreadable.contains { $0.hasPrefix("gone.txt does not exist") })
        #expect(unreadable.contains { $0.hasPrefix("cut.jsonl: ") })
        #expect(plan.documents.allSatisfy { $0["action"] == "add" }, "\(plan.text)")
        #expect(plan.work("ingest")[4] == 0 && plan.work("clean")[0] == 0, "\(plan.text)")
        #expect(try store.run().status == 66)
        let after = try store.text()
        #expect(after.output.contains("\ncannot be read: gone.txt does not"), "\(after.output)")
        #expect(after.status == 0, "\(after.output)")
    }

    @Test("refuses a pipeline with errors, sources that are not there and another pipeline's store")
    func refusals() throws {
        let store = try PlanFolder()
        _ = try store.run()
        try store.folder.write("broken.yaml", "pipeline: news\nstages: [{ingset: {}}]\n")
        #expect(try store.folder.annals("plan", "broken.yaml").status == 65)
        #expect(try store.folder.annals("plan", "none.yaml").status == 66)
        #expect(try store.folder.annals("plan").status == 64)
        try store.edit("news.yaml", "pipeline: news", "pipeline: other")
        let other = try store.text()
        #expect(other.status == 65 && other.messages.contains("holds the pipeline 'news'"))
        try store.edit("news.yaml", "pipeline: other", "pipeline: news")
        try store.edit("news.yaml", "from: [news]", "from: [elsewhere/*.txt]")
        let gone = try store.text()
        #expect(gone.status == 66, "\(gone.output)\(gone.messages)")
    }
}
