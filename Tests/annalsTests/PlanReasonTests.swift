import Testing

/// Why there is work: what changed in the pipeline, its dictionaries and its plugins.
@Suite("The reasons of a plan")
struct PlanReasonTests {
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

    @Test("are none where a default is written out, or left to itself")
    func defaults() throws {
        let store = try PlanFolder()
        _ = try store.run()
        let before = store.folder.read("news.yaml")
        try store.edit("news.yaml", "  - clean:\n", "  - clean:\n      unicode: nfc\n")
        try store.edit("news.yaml", "near: {", "exact: true\n      near: {permutations: 128, ")
        let text = try store.text()
        #expect(text.status == 0, "\(text.output)")
        _ = try store.run()
        try store.folder.write("news.yaml", before)
        #expect(try store.plan().status == 0)
        try store.edit("news.yaml", "  - clean:\n", "  - clean:\n      unicode: none\n")
        #expect(try store.plan().status == 2)
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
}
