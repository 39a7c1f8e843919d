import Testing

@Suite("annals retract")
struct RetractTests {
    @Test("leaves no word of the document in any file of the store or the exports")
    func gone() throws {
        let store = try RetractStore()
        #expect(try store.run().status == 0)
        for phrase in RetractStore.phrases { #expect(try store.holds(phrase), "\(phrase)") }
        // Projections as of an earlier moment, and what a kill left of one being built.
        #expect(try store.annals(["replay", "news.yaml", "--until", "30"]).status == 0)
        let killed = try store.annals(["replay", "news.yaml"], failpoint: "projection.built:1")
        #expect(killed.status == 137)
        #expect(try store.folder.shell("ls store/derived/projections/*.building").status == 0)
        let outcome = try store.retract("secret")
        #expect(outcome.status == 0, "\(outcome.messages)")
        #expect(outcome.output.contains("written anew without it: out/news.jsonl"))
        for phrase in RetractStore.phrases { #expect(try !store.holds(phrase), "\(phrase)") }
        // What belongs to others is there still.
        #expect(try store.holds("Ferry strike"))
        #expect(store.folder.read("out/news.jsonl").contains("\"id\":\"plain\""))
        #expect(store.folder.read("out/news.csv").contains("plain"))
        let listed = try store.folder.annals("show", "documents", "--store", "store")
        #expect(listed.output.contains(#/secret +news/a.jsonl +retracted/#))
    }

    @Test("keeps its history, and tells erased from damaged")
    func history() throws {
        let store = try RetractStore()
        _ = try store.run()
        let before = try store.folder.annals("log", "list", "--store", "store")
        let outcome = try store.retract("secret", "--by", "A. Editor")
        #expect(outcome.status == 0, "\(outcome.messages)")
        let after = try store.folder.annals("log", "list", "--store", "store")
        let lines = after.output.split(separator: "\n")
        for (old, new) in zip(before.output.split(separator: "\n"), lines) where old != new {
            #expect(new.hasSuffix("(erased)"))
            // Position, time, type and stream.
            #expect(old.prefix(60) == new.prefix(60))
        }
        #expect(lines.count { $0.hasSuffix("(erased)") } == 5)
        let story = try store.folder.annals("explain", "secret", "--store", "store")
        #expect(story.output.contains("erased"))
        #expect(story.output.contains("kept → retracted: a court order"))
        let verified = try store.folder.annals("log", "verify", "--store", "store")
        #expect(verified.status == 0, "\(verified.output)")
        #expect(
            verified.output.contains(
                #/erased: 5 events of secret, by the takedown at position \d+/#
            )
        )
        let json = try store.folder.annals(
            "log",
            "verify",
            "--store",
            "store",
            "--format",
            "json"
        )
        #expect(json.output.contains(#/"erased":\{"events":5,"batches":1,"takedowns":\[\{"/#))
        let erased = try store.folder.annals("log", "show", "2", "--store", "store")
        #expect(erased.output.contains("\"erased\":true,\"facts\":{}}"))
        let exported = try store.folder.annals("log", "export", "--store", "store")
        #expect(exported.status == 0)
        #expect(exported.output.components(of: "\"erased\":true") == 5)
        try store.folder.write("store/log/00000000000000000000.seg", bytes: store.flipped)
        let damaged = try store.folder.annals("log", "verify", "--store", "store")
        #expect(damaged.status == 65)
        #expect(damaged.output.contains("damaged"))
        #expect(damaged.output.contains(#/erased: \d events; by which takedown/#))
    }

    @Test("the same content does not come back, whatever it is called and however it is set")
    func sameContent() throws {
        let store = try RetractStore()
        _ = try store.run()
        _ = try store.retract("secret")
        let again = try store.run()
        #expect(again.status == 0, "\(again.messages)")
        #expect(again.output.contains("2 events appended"))
        let shouted = RetractStore.secret.uppercased().replacing(" ", with: "  ")
        try store.folder.write("news/b.jsonl", RetractStore.line("other", "New", shouted))
        let renamed = try store.run()
        #expect(renamed.status == 0, "\(renamed.messages)")
        #expect(renamed.output.contains("3 events appended"), "\(renamed.output)")
        #expect(renamed.output.contains("retracted"))
        for phrase in RetractStore.phrases.map({ $0.uppercased() }) {
            #expect(try !store.holds(phrase), "\(phrase)")
        }
        let story = try store.folder.annals("explain", "other", "--store", "store")
        #expect(story.output.contains("dropped by retracted"))
        #expect(try store.run().output.contains("2 events appended"))
        // A change of the pipeline asks each document again: the answer is the same.
        try PipelineText.write(into: store.folder, words: "4..900")
        let changed = try store.run()
        #expect(!changed.messages.contains("failed in earlier runs"), "\(changed.messages)")
        #expect(try store.status(of: "secret") == "retracted")
        #expect(try store.status(of: "other") == "dropped")
        #expect(!store.folder.read("out/news.jsonl").contains("zeppelin"))
        let verified = try store.folder.annals("log", "verify", "--store", "store")
        #expect(verified.status == 0, "\(verified.output)")
    }

    @Test("white space and letter case make no other text, other words do")
    func revision() throws {
        let store = try RetractStore()
        _ = try store.run()
        _ = try store.retract("secret")
        let spaced = RetractStore.secret.replacing(". ", with: ".   ").uppercased()
        try store.write(secret: RetractStore.line("secret", RetractStore.title, spaced))
        #expect(try store.run().output.contains("2 events appended"))
        #expect(try store.status(of: "secret") == "retracted")
        let changed = RetractStore.secret.replacing("zeppelin", with: "balloon")
        try store.write(secret: RetractStore.line("secret", "Corrected", changed))
        #expect(try store.run().status == 0)
        #expect(try store.status(of: "secret") == "kept")
        #expect(store.folder.read("out/news.jsonl").contains("balloon"))
        // And it can be withdrawn once more.
        #expect(try store.retract("secret").status == 0)
        #expect(try store.status(of: "secret") == "retracted")
        #expect(try !store.holds("balloon"))
    }

    @Test("a copy of it is promoted, or goes with it")
    func copies() throws {
        for withCopies in [false, true] {
            let store = try RetractStore()
            let near = RetractStore.secret + " The end."
            try store.folder.write("news/c.jsonl", RetractStore.line("copy", "A copy", near))
            _ = try store.run()
            #expect(try store.status(of: "copy") == "duplicate")
            let outcome =
                try withCopies ? store.retract("secret", "--copies") : store.retract("secret")
            #expect(outcome.status == 0, "\(outcome.messages)")
            #expect(outcome.output.contains(withCopies ? "copy" : "copies decided anew: 1"))
            #expect(try store.status(of: "copy") == (withCopies ? "retracted" : "kept"))
            #expect(store.folder.read("out/news.jsonl").contains("zeppelin") == !withCopies)
            #expect(try store.run().output.contains("2 events appended"))
        }
    }

    @Test("refuses what it cannot do, and changes nothing then")
    func refusals() throws {
        let store = try RetractStore()
        _ = try store.run()
        let before = try store.fingerprint()
        let refused: [([String], Int32, String)] = [
            (["nobody", "--reason", "x", "--yes"], 66, "no document has 'nobody'"),
            (["strike", "--reason", "x", "--yes"], 64, "may be several documents"),
            (["secret", "--yes"], 64, "--reason"),
            (["secret", "--reason", "  ", "--yes"], 64, "--reason must say why"),
            (["secret", "--reason", "x"], 64, "say --yes"),
            (["--reason", "x", "--yes"], 64, "documents"),
        ]
        for (arguments, status, message) in refused {
            let outcome = try store.annals(["retract"] + arguments + ["--pipeline", "news.yaml"])
            #expect(outcome.status == status, "\(arguments): \(outcome.messages)")
            #expect(outcome.messages.contains(message), "\(arguments): \(outcome.messages)")
        }
        let blind = try store.annals([
            "retract", "secret", "--reason", "x", "--yes", "--store", "store",
        ])
        #expect(blind.status == 64)
        #expect(blind.messages.contains("--pipeline"))
        #expect(try store.fingerprint() == before)
        // Another text with the same stages: the exports are the same, and are not forgotten.
        try store.folder.write("news.yaml", store.folder.read("news.yaml") + "\n# a remark\n")
        _ = try store.run()
        let later = try store.fingerprint()
        let stillBlind = try store.annals([
            "retract", "secret", "--reason", "x", "--yes", "--store", "store",
        ])
        #expect(stillBlind.status == 64)
        let dry = try store.retract("secret", "--dry-run", "--format", "json")
        #expect(dry.status == 0)
        #expect(dry.output.contains("\"dry_run\":true"))
        #expect(dry.output.contains("\"events\":5"))
        #expect(try store.fingerprint() == later)
        try PipelineText.write(into: store.folder, threshold: "0.7")
        let text = store.folder.read("news.yaml").replacing("out/news.csv", with: "out/other.csv")
        try store.folder.write("news.yaml", text)
        let other = try store.retract("secret")
        #expect(other.status == 65)
        #expect(other.messages.contains("give the pipeline as it was"))
        #expect(try store.fingerprint() == later)
    }

    @Test("again, it has nothing left to do")
    func twice() throws {
        let store = try RetractStore()
        _ = try store.run()
        _ = try store.retract("secret")
        let events = try store.annals(["log", "list", "--store", "store"]).output
            .split(separator: "\n").count
        let again = try store.retract("secret")
        #expect(again.status == 0, "\(again.messages)")
        #expect(again.output.contains("withdrawn before: secret"))
        #expect(again.output.contains("erased from the log: 0 events"))
        let listed = try store.annals(["log", "list", "--store", "store"]).output
        // The exports are written anew, which the log says.
        #expect(listed.split(separator: "\n").count <= events + 2)
        #expect(listed.components(of: "document.retracted") == 1)
    }

    @Test("as of a moment before, it is not there; rebuilt projections are the live ones")
    func projections() throws {
        let store = try RetractStore()
        _ = try store.run()
        let end = try store.annals(["log", "list", "--store", "store"]).output
            .split(separator: "\n").count
        _ = try store.retract("secret")
        for name in ["documents", "leaders", "topics"] {
            let asOf = try store.annals([
                "show", name, "--pipeline", "news.yaml", "--as-of", "\(end)",
            ])
            #expect(asOf.status == 0, "\(asOf.messages)")
            #expect(!asOf.output.contains("secret"), "\(asOf.output)")
        }
        let live = try store.annals(["log", "verify", "--store", "store", "--format", "json"])
        let digests = { (text: String) in
            Set(text.split(separator: "\"").map(String.init).filter { $0.count == 64 })
        }
        let replayed = try store.annals(["replay", "news.yaml", "--format", "json"])
        #expect(replayed.status == 0, "\(replayed.messages)")
        #expect(digests(replayed.output) == digests(live.output))
        #expect(try !store.holds(RetractStore.phrases[0]))
    }
}
