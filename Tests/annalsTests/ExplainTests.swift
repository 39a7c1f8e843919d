import Testing

/// A document's story through the command line.
@Suite("annals explain")
struct ExplainTests {
    private func expect(
        _ output: String,
        _ parts: [String],
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        for part in parts {
            #expect(
                output.contains(part),
                "lacks '\(part)':\n\(output)",
                sourceLocation: sourceLocation
            )
        }
    }

    @Test("a copy is told with its original, the passages that both hold, and what differs")
    func duplicate() throws {
        let store = try StoryFolder()
        try store.run()
        let story = try store.ask("explain", "news/b.txt")
        #expect(story.status == 0, "\(story.messages)")
        expect(
            story.output,
            [
                "news/b.txt: near duplicate of news/a.txt (", "threshold 0.6",
                "that is “Talks in Syria” from news/a.txt, now kept",
                "37 of its 40 words stand in the original, which has 40",
                "shared, 37 words: “word1 word2", "only here, 3 words: “and three others”",
                "only in the original, 3 words: “word38 word39 word40”",
            ]
        )
        let original = try store.ask("explain", "news/a.txt").output
        expect(original, ["1 document is a copy of it:\n  news/b.txt  near 0."])
        expect(original, ["words 40 (asked for at least 20 and at most 1,000)"])
        expect(original, ["Syria (syria) ×1", "“Talks in «Syria»”"])
    }

    @Test(
        "every statement is told once, and why it was made; runs that changed nothing are counted"
    )
    func statements() throws {
        let store = try StoryFolder()
        try store.run()
        try store.pipeline(words: "5..1000")
        try store.run()
        try store.folder.append("news/c.txt", "And then he spoke of Syria, Syria and Syria.\n")
        try store.run()
        try store.run()
        let story = try store.ask("explain", "news/c.txt").output
        expect(
            story,
            [
                "stated 3 times in 4 runs; nothing changed in 1 of them",
                "dropped by words: 11 < 20 (--all tells it in full)",
                "clean changed: require.words 20..1000 → 5..1000: dropped by words: 11 < 20 → kept",
                "text revised: kept", "topics: + syria",
                "words 20 (asked for at least 5 and at most 1,000)",
            ]
        )
        #expect(story.split(separator: "\n").count { $0.contains("ingest: read from") } == 1)
        let all = try store.ask("explain", "news/c.txt", "--all").output
        #expect(all.split(separator: "\n").count { $0.contains("ingest: read from") } == 3)
        expect(all, ["dropped by words: measured 11, asked for at least 20 and at most 1,000"])
        expect(all, ["; superseded by run r"])
    }

    @Test("JSON tells the same facts")
    func json() throws {
        let store = try StoryFolder()
        try store.run()
        let json = try store.ask("explain", "news/b.txt", "--format", "json").output
        #expect(
            json.hasPrefix(
                "{\"document\":\"news/b.txt\",\"source\":\"news/b.txt\",\"title\":\"More talks\","
                    + "\"published\":null,\"status\":\"duplicate\",\"statements\":[{\"run\":\"r"
            ),
            "\(json)"
        )
        expect(
            json,
            [
                "\"shared_words\":37,\"shared\":[{\"words\":37,\"text\":\"word1 ",
                "\"runs\":{\"all\":1,\"without_change\":0},\"copies\":[]",
                "\"type\":\"document.duplicate\",\"erased\":false,\"facts\":{\"of\":\"news/a.txt\"",
            ]
        )
        let why = try store.ask("explain", "news/b.txt", "--why-not", "--format", "json").output
        expect(why, ["\"why_not\":[{\"about\":\"deduplicate\",", "\"turns_at\":0.6,"])
    }

    @Test("--why-not says by how much, and what would have let it pass")
    func whyNot() throws {
        let store = try StoryFolder()
        try store.run()
        expect(
            try store.ask("explain", "news/c.txt", "--why-not").output,
            [
                "clean.words: measured 11, 9 below the minimum 20: clean: {require: {words: 11..}}",
                "deduplicate: no earlier document reaches 0.6: it would then have passed",
            ]
        )
        expect(
            try store.ask("explain", "news/b.txt", "--why-not").output,
            [
                "above the threshold 0.6: deduplicate: {near: {threshold: 0.",
                "without news/a.txt it would have passed: no other earlier document reaches 0.5",
            ]
        )
        expect(
            try store.ask("explain", "news/a.txt", "--why-not").output,
            [
                "clean.words: measured 40: 20 above the minimum 20, 960 below the maximum 1,000",
                "deduplicate: no earlier document reaches 0.5",
            ]
        )
        expect(
            try store.ask("explain", "news/d.txt", "--why-not").output,
            ["ingest.not-text: convert it to UTF-8", "annals failed show news/d.txt"]
        )
    }

    @Test("a dropped document that repeats another would have been its duplicate")
    func droppedCopy() throws {
        let store = try StoryFolder()
        try store.pipeline(words: "20..39", threshold: "0.6")
        try store.folder.write(
            "news/b.txt",
            "Less\n\n" + StoryFolder.words.prefix(38).joined(separator: " ") + "\n"
        )
        try store.folder.write(
            "news/0.txt",
            "First\n\n" + StoryFolder.words.prefix(37).joined(separator: " ") + "\n"
        )
        try store.run()
        expect(
            try store.ask("explain", "news/a.txt", "--why-not").output,
            [
                "clean.words: measured 40, 1 above the maximum 39",
                "it would then have been a near duplicate of news/0.txt, by 0.",
            ]
        )
    }

    @Test("--why-not ANNOTATOR:ID asks the dictionary")
    func finding() throws {
        let store = try StoryFolder()
        try store.pipeline(words: "5..1000")
        try store.run()
        func why(_ document: String, _ finding: String) throws -> String {
            try store.ask("explain", document, "--why-not", finding).output
        }
        expect(
            try why("news/c.txt", "topics:syria"),
            [
                "recorded: 1 found, not this one",
                "the dictionary has Syria; none of its names stands in the text; the text scores 0 of 1",
            ]
        )
        expect(try why("news/c.txt", "topics:ukraine"), ["recorded: the document is annotated so"])
        expect(
            try why("news/c.txt", "leaders:putin"),
            ["the dictionary does not have 'putin'; did you mean \"vladimir-putin\"?"]
        )
        expect(
            try why("news/c.txt", "leader:x"),
            ["no annotator 'leader'; did you mean \"leaders\"?"]
        )
        expect(try why("news/b.txt", "topics:syria"), ["topics never saw it: near duplicate of"])
        try store.folder.append("topics.yaml", "# another text\n")
        expect(try why("news/c.txt", "topics:syria"), ["others than when this was recorded"])
        store.folder.delete("topics.yaml")
        expect(try why("news/c.txt", "topics:syria"), ["name the pipeline's file with --pipeline"])
    }

    @Test("a name that fits nothing, or too much, is answered with what there is")
    func lookup() throws {
        let store = try StoryFolder()
        try store.run()
        let none = try store.ask("explain", "Talks in Siria")
        #expect(none.status == 66)
        expect(none.messages, ["did you mean \"Talks in Syria\"?"])
        let several = try store.ask("explain", "talks")
        #expect(several.status == 64)
        expect(
            several.messages,
            ["\n  news/a.txt  kept  Talks in Syria\n  news/b.txt  duplicate  More"]
        )
        for arguments in [
            ["a b", "c d"], ["news/a.txt", "leaders:x"], ["news/a.txt", "x", "--why-not"],
        ] {
            let outcome = try AnnalsProcess(
                ["explain"] + arguments + ["--store", "store"],
                in: store.folder
            ).wait()
            #expect(outcome.status == 64, "\(arguments)")
        }
    }

    @Test(
        "on a terminal a finding is marked and a line that quotes fits; elsewhere nothing is bold"
    )
    func terminal() throws {
        let store = try StoryFolder()
        try store.run()
        let command =
            "unset NO_COLOR; stty cols 70; \(Binary.path) explain news/b.txt --store store"
        let drawn = try store.folder.shell("script -qec '\(command)' /dev/null </dev/null").output
        #expect(drawn.contains("\u{1B}[1mnews/b.txt\u{1B}[0m"))
        for line in drawn.split(separator: "\r\n") where line.contains("shared, ") {
            #expect(line.count <= 70, "\(line)")
        }
        let plain = try store.ask("explain", "news/d.txt").output
        #expect(!plain.contains("\u{1B}"))
    }

    @Test("reads while the store is being written to")
    func whileWriting() throws {
        let store = try Store(documents: 600)
        _ = try store.run()
        try store.changeEveryThird()
        let run = try store.start()
        for _ in 0..<5 {
            let story = try store.folder.annals("explain", "d1", "--store", "store")
            #expect(story.status == 0, "\(story.messages)")
        }
        _ = run.wait()
    }
}
