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

    @Test("of a moved bound decides anew, and names those that fare differently")
    func movedBound() throws {
        let store = try PlanFolder()
        try store.document("short", "few", words: 22)
        _ = try store.run()
        try store.edit("news.yaml", "words: 20..1000", "words: 30..1000")
        let plan = try store.plan()
        #expect(plan.status == 2 && plan.items == ["decide news/short.txt"])
        #expect(plan.work("clean") == [0, 4, 0, 0, 0] && plan.work("enrich") == [0, 0, 3, 0, 0])
        #expect(plan.reasons("clean") == ["require.words changed from 20..1000 to 30..1000"])
        let text = try store.text().output
        #expect(text.contains("\nclean: require.words changed from 20..1000 to 30..1000\n"))
        #expect(text.contains("\nre-decide news/short.txt, at clean\n"), "\(text)")
        #expect(text.contains("\n1 to re-decide, 3 unchanged;"), "\(text)")
    }

    @Test("of a moved bound that changes nothing has nothing to do")
    func harmlessBound() throws {
        let store = try PlanFolder()
        _ = try store.run()
        try store.edit("news.yaml", "words: 20..1000", "words: 21..1000")
        #expect(try store.plan().status == 0)
        #expect(try store.run("--format", "json").output.contains("\"unchanged\":3,"))
    }

    @Test("of a changed dictionary says how many entries, and how many documents name them")
    func dictionary() throws {
        let store = try PlanFolder()
        _ = try store.run()
        try store.edit("leaders.yaml", "surnames: [Putin]", "surnames: [Putin, Poutine]")
        try store.edit("topics.yaml", "label: Syria", "label: Syrian Arab Republic")
        try store.edit("topics.yaml", "terms: {Ukraine: 2}", "terms: {Ukraine: 2, Kyiv: 1}")
        let plan = try store.plan()
        #expect(
            plan.reasons("enrich") == [
                "dictionary leaders.yaml changed: 1 entry; 1 document names it",
                "dictionary topics.yaml changed: 2 entries; 2 documents name them",
            ],
            "\(plan.reasons("enrich"))"
        )
        #expect(plan.work("enrich") == [3, 0, 0, 0, 0] && plan.work("clean") == [0, 0, 3, 0, 0])
        #expect(plan.items.allSatisfy { $0.hasPrefix("run ") } && plan.documents.count == 3)
        let text = try store.text().output
        #expect(text.contains("\nrun       news/a.txt, from enrich on\n"), "\(text)")
    }

    @Test("of a dictionary says when no document names what changed, or no entry changed")
    func dictionaryRest() throws {
        let store = try PlanFolder()
        _ = try store.run()
        try store.edit("topics.yaml", "threshold: 1.0", "threshold: 1.5")
        try store.edit(
            "leaders.yaml",
            "leaders:\n",
            "leaders:\n  - {id: x, name: X Y, aliases: [], surnames: [], country: russia, roles: []}\n"
        )
        let reasons = try store.plan().reasons("enrich")
        #expect(
            reasons == [
                "dictionary leaders.yaml changed: 1 entry; no document names it so far",
                "dictionary topics.yaml changed, though none of its entries",
            ],
            "\(reasons)"
        )
    }

    @Test("names stages that are new, gone, or come in another order")
    func stages() throws {
        let store = try PlanFolder()
        _ = try store.run()
        let before = store.folder.read("news.yaml")
        try store.edit(
            "news.yaml",
            "  - deduplicate:",
            "  - clean: {article: false}\n  - deduplicate:"
        )
        let added = try store.plan()
        #expect(added.reasons("clean-2") == ["it is a new stage"], "\(added.text)")
        #expect(
            added.reasons("deduplicate") == [
                "it comes after ingest, clean, clean-2; before, it came after ingest, clean"
            ]
        )
        try store.folder.write("news.yaml", before)
        try store.edit("news.yaml", "  - export: {to: out/news.csv}\n", "")
        let gone = try store.plan()
        #expect(gone["reasons"] as? [String] == ["the stage export-2 is no longer in the pipeline"])
        #expect(gone.status == 2 && gone.documents.count == 3)
        try store.folder.write("news.yaml", before)
        try store.edit("news.yaml", "  - deduplicate:\n      near: {threshold: 0.8}\n", "")
        try store.edit(
            "news.yaml",
            "  - export: {to: out/news.csv}\n",
            "  - deduplicate:\n      near: {threshold: 0.8}\n  - export: {to: out/news.csv}\n"
        )
        let moved = try store.plan()
        #expect(moved.work("clean") == [0, 0, 3, 0, 0] && moved.work("enrich") == [3, 0, 0, 0, 0])
        #expect(
            moved.reasons("enrich") == [
                "it comes after ingest, clean; before, it came after ingest, clean, deduplicate"
            ]
        )
    }

    @Test("of a pipeline that is nothing but its sources by now is done by a run, too")
    func onlySources() throws {
        let store = try PlanFolder()
        _ = try store.run()
        try store.folder.write(
            "news.yaml",
            "pipeline: news\nstore: store\nstages:\n  - ingest: {from: [news]}\n"
        )
        let plan = try store.plan()
        #expect(plan.status == 2 && plan.documents.count == 3, "\(plan.text)")
        let run = try store.run("--format", "json")
        #expect(run.output.contains("\"stage\":\"ingest\",\"in\":3"), "\(run.output)")
        #expect(try store.plan().status == 0)
    }

    @Test("of a changed plugin says so; of a file that a pipeline includes, what changed in it")
    func pluginAndInclude() throws {
        let store = try PlanFolder()
        let body =
            "@plugin.document\ndef tidy(document, options):\n    return {\"text\": document.text"
        try store.folder.plugin("tidy", kind: "clean", body + "}\n")
        try store.folder.write(
            "common.yaml",
            """
            templates:
              tidied:
                parameters: {words: {default: 20..1000}}
                stages:
                  - plugin: {name: tidy}
                  - clean: {require: {words: "${param:words}"}}

            """
        )
        try store.folder.write(
            "news.yaml",
            """
            include: common.yaml
            pipeline: news
            store: store
            stages:
              - ingest: {from: [news]}
              - use: {template: tidied}

            """
        )
        #expect(try store.run().status == 0)
        #expect(try store.plan().status == 0)
        try store.edit("common.yaml", "20..1000", "20..900")
        #expect(
            try store.plan().reasons("clean") == ["require.words changed from 20..1000 to 20..900"]
        )
        try store.folder.plugin("tidy", kind: "clean", body + ".upper()}\n")
        let plan = try store.plan()
        #expect(plan.reasons("plugin") == ["its options, its plugin or its version changed"])
        #expect(plan.work("plugin") == [3, 0, 0, 0, 0], "\(plan.text)")
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
