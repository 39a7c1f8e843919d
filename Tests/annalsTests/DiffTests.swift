import Testing

/// What changed between runs, through the command line.
@Suite("annals diff")
struct DiffTests {
    @Test("documents whose fate changed are grouped by what changed it")
    func causes() throws {
        let store = try StoryFolder()
        try store.run()
        try store.pipeline(words: "5..1000", threshold: "0.99")
        try store.folder.append("news/a.txt", "One more line of words.\n")
        try store.folder.write("news/e.txt", "New\n\nthis is new and it is long enough to keep\n")
        try store.run()
        let diff = try store.ask("diff")
        #expect(diff.status == 0, "\(diff.messages)")
        for part in [
            "  clean changed: require.words 20..1000 → 5..1000\n",
            "  deduplicate changed: near.threshold 0.6 → 0.99\n",
            "new: 1 document (1 kept)\n  news/e.txt", "text revised: 1 document\n  news/a.txt",
            "clean changed: require.words 20..1000 → 5..1000: 1 document (1 dropped → kept)\n"
                + "  news/c.txt  dropped by words: 11 < 20 → kept\n",
            "deduplicate changed: near.threshold 0.6 → 0.99: 1 document (1 duplicate → kept)\n",
            "4 documents changed",
        ] {
            #expect(diff.output.contains(part), "lacks '\(part)':\n\(diff.output)")
        }
    }

    @Test("a dictionary that changed is told by its file, with what it finds now")
    func dictionary() throws {
        let store = try StoryFolder()
        try store.run()
        try store.folder.append(
            "topics.yaml",
            "  - {id: talks, label: Talks, kind: subject, terms: {talks: 3}}\n"
        )
        try store.run()
        let diff = try store.ask("diff", "previous", "last").output
        #expect(
            diff.contains(
                "enrich changed: the same options, but the dictionary topics.yaml is another:"
                    + " 1 document\n  news/a.txt  kept; topics: + talks\n"
            ),
            "\(diff)"
        )
    }

    @Test("a copy whose original is dropped now says so")
    func original() throws {
        let store = try StoryFolder()
        try store.folder.write("news/a.txt", "Talks\n\n\(StoryFolder.text) \(StoryFolder.text)\n")
        try store.folder.write("news/b.txt", "Talks\n\n\(StoryFolder.text) and some more of it\n")
        try store.run()
        try store.pipeline(words: "20..60")
        try store.run()
        let diff = try store.ask("diff").output
        #expect(
            diff.contains(
                "its original is dropped now: 1 document (1 duplicate → kept)\n  news/b.txt"
            ),
            "\(diff)"
        )
        let story = try store.ask("explain", "news/b.txt").output
        #expect(
            story.contains("its original is dropped now: near duplicate of news/a.txt"),
            "\(story)"
        )
    }

    @Test("runs are named by the beginning of their id, and what is no run is refused")
    func names() throws {
        let store = try StoryFolder()
        try store.run()
        #expect(try store.ask("diff").status == 66)
        try store.run()
        let same = try store.ask("diff", "last")
        #expect(same.output.contains("no document's fate changed"))
        #expect(try store.ask("diff", "nope").status == 66)
        #expect(try store.ask("diff", "r").status == 64)
        #expect(try store.ask("diff", "last", "last").status == 64)
        #expect(try store.ask("diff", "previous").status == 66, "nothing is before the first")
        let json = try store.ask("diff", "--format", "json").output
        #expect(json.hasPrefix("{\"before\":{\"run\":\"r") && json.hasSuffix("\"causes\":[]}\n"))
    }
}
