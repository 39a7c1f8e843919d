import Testing

/// Exports and projections that plugins are.
@Suite("A plugin that keeps something")
struct PluginExportTests {
    /// Keeps a line per position, and the calls that it got.
    static let keeping = """
        path = os.path.join(plugin.folder or "", "rows.json")
        rows = json.load(open(path)) if plugin.folder and os.path.exists(path) else {}

        @plugin.document
        def take(document, options):
            if document.id == options.get("refuses"): raise Failure("full", "no room")
            plugin.log("takes " + document.id + (" again" if str(document.position) in rows else ""))
            rows[str(document.position)] = [document.id, document.text[:20], sorted(document.annotations)]
            return {}

        @plugin.withdraw
        def withdraw(positions):
            for position in positions: rows.pop(str(position), None)

        @plugin.flush
        def flush():
            with open(path + ".new", "w") as file: json.dump(rows, file)
            os.rename(path + ".new", path)
        """

    private func folder() throws -> TestFolder {
        let folder = try PluginStageTests.folder(
            stages: "  - plugin: {name: count}\n  - plugin: {name: shelf, to: out/shelf}"
        )
        try folder.plugin("count", kind: "enrich", events: "counted", PluginStageTests.counting)
        try folder.plugin("shelf", kind: "exporter", Self.keeping)
        return folder
    }

    private func ids(_ folder: TestFolder) -> [String] {
        folder.read("out/shelf/rows.json").matches(of: #/\["news/(\w)\.txt/#).map { String($0.1) }
            .sorted()
    }

    @Test("gets each document once, with what was found in it")
    func once() throws {
        let folder = try folder()
        let run = try folder.annals("run", "news.yaml")
        #expect(run.status == 0, "\(run.messages)")
        #expect(ids(folder) == ["a", "b", "c"])
        #expect(folder.read("out/shelf/rows.json").contains("[\"count\"]"))
        let again = try folder.annals("run", "news.yaml")
        #expect(again.messages.components(of: "takes") == 0, "\(again.messages)")
    }

    @Test("killed after it took them, takes them again under the same positions")
    func killed() throws {
        let folder = try folder()
        let killed = try folder.annals(
            "run",
            "news.yaml",
            environment: ["ANNALS_FAILPOINT": "exports.synchronized:1"]
        )
        #expect(killed.status == 137, "\(killed.messages)")
        #expect(ids(folder) == ["a", "b", "c"])
        let run = try folder.annals("run", "news.yaml")
        #expect(run.status == 0, "\(run.messages)")
        #expect(run.messages.components(of: "again") == 3, "\(run.messages)")
        #expect(ids(folder) == ["a", "b", "c"])
    }

    @Test("gives back what a revision or a change of the pipeline made void")
    func withdraws() throws {
        let folder = try folder()
        _ = try folder.annals("run", "news.yaml")
        try folder.document("b", about: "bananas")
        #expect(try folder.annals("run", "news.yaml").status == 0)
        #expect(ids(folder) == ["a", "b", "c"])
        #expect(folder.read("out/shelf/rows.json").contains("Bananas"))
        #expect(!folder.read("out/shelf/rows.json").contains("Bears"))
        try folder.write(
            "news.yaml",
            folder.read("news.yaml").replacing(
                "  - plugin: {name: count}",
                with: "  - clean: {require: {words: 10..100}}"
            )
        )
        folder.delete("news/a.txt")
        #expect(try folder.annals("run", "news.yaml").status == 0)
        #expect(ids(folder) == ["b", "c"])
        #expect(!folder.read("out/shelf/rows.json").contains("count"))
    }

    @Test("gives back what was withdrawn, and what projections keep of it is folded anew")
    func retracted() throws {
        let folder = try PluginStageTests.folder(
            stages: "  - plugin: {name: count}\n  - plugin: {name: shelf, to: out/shelf}",
            projections: "  lengths: {plugin: lengths}"
        )
        try folder.plugin("count", kind: "enrich", events: "counted", PluginStageTests.counting)
        try folder.plugin("shelf", kind: "exporter", Self.keeping)
        try folder.plugin(
            "lengths",
            kind: "projection",
            manifest: "consumes: [plugin:count/counted]",
            Self.folding
        )
        #expect(try folder.annals("run", "news.yaml").status == 0)
        let shown = try folder.annals("show", "lengths", "--pipeline", "news.yaml")
        #expect(shown.output.contains("news/b.txt"))
        let retracted = try folder.annals(
            "retract",
            "news/b.txt",
            "--reason",
            "asked for",
            "--yes",
            "--pipeline",
            "news.yaml"
        )
        #expect(retracted.status == 0, "\(retracted.messages)")
        #expect(ids(folder) == ["a", "c"])
        let left = try folder.shell("grep -rl 'news/b.txt' out .annals/*/plugins")
        #expect(left.output.isEmpty, "\(left.output)")
        let after = try folder.annals("show", "lengths", "--pipeline", "news.yaml")
        #expect(after.status == 0, "\(after.messages)")
        #expect(after.output.contains("news/a.txt") && !after.output.contains("news/b.txt"))
        #expect(try folder.annals("run", "news.yaml").status == 0)
        #expect(ids(folder) == ["a", "c"])
    }

    @Test("whose folder is gone gets everything that holds anew")
    func gone() throws {
        let folder = try folder()
        _ = try folder.annals("run", "news.yaml")
        folder.delete("out/shelf")
        #expect(try folder.annals("run", "news.yaml").status == 0)
        #expect(ids(folder) == ["a", "b", "c"])
    }

    @Test("that refuses a document stops the run, which goes on when it is mended")
    func refuses() throws {
        let folder = try folder()
        try folder.plugin(
            "shelf",
            kind: "exporter",
            Self.keeping.replacing("options.get(\"refuses\")", with: "\"news/b.txt\"")
        )
        let stopped = try folder.annals("run", "news.yaml")
        #expect(stopped.status == 69)
        #expect(
            stopped.messages.contains("plugin shelf: it refuses document news/b.txt: no room"),
            "\(stopped.messages)"
        )
        try folder.plugin("shelf", kind: "exporter", Self.keeping)
        #expect(try folder.annals("run", "news.yaml").status == 0)
        #expect(ids(folder) == ["a", "b", "c"])
    }

    /// Answers how many words each document has; says when it folds.
    static let folding = """
        path = os.path.join(plugin.folder or "", "words.json")

        def load(): return json.load(open(path)) if os.path.exists(path) else {}

        @plugin.fold
        def fold(events, options):
            words = load()
            for event in events:
                plugin.log("folds " + event.stream)
                words[event.stream] = event.facts["words"]
            with open(path, "w") as file: json.dump(words, file)

        @plugin.query
        def query(arguments, options):
            words = load()
            if arguments and arguments[0] not in words: raise Failure("unknown", "there is no document " + arguments[0])
            return {"columns": ["document", "words"],
                    "rows": [[k, v] for k, v in sorted(words.items()) if not arguments or k == arguments[0]]}
        """

    private func projecting() throws -> TestFolder {
        let folder = try PluginStageTests.folder(
            stages: "  - plugin: {name: count}",
            projections: "  lengths: {plugin: lengths}"
        )
        try folder.plugin("count", kind: "enrich", events: "counted", PluginStageTests.counting)
        try folder.plugin(
            "lengths",
            kind: "projection",
            manifest: "consumes: [plugin:count/counted]",
            Self.folding
        )
        return folder
    }

    @Test("answers questions, is folded further and anew, and as of an earlier moment")
    func projects() throws {
        let folder = try projecting()
        let run = try folder.annals("run", "news.yaml")
        #expect(run.status == 0, "\(run.messages)")
        #expect(run.messages.components(of: "folds") == 3)
        let shown = try folder.annals("show", "lengths", "--format", "json")
        #expect(
            shown.output
                == "[{\"document\":\"news/a.txt\",\"words\":15},{\"document\":\"news/b.txt\",\"words\":15},{\"document\":\"news/c.txt\",\"words\":15}]\n",
            "\(shown.output) \(shown.messages)"
        )
        let one = try folder.annals("show", "lengths", "news/b.txt", "--format", "csv")
        #expect(one.output == "document,words\r\nnews/b.txt,15\r\n", "\(one.output)")
        let none = try folder.annals("show", "lengths", "news/x.txt")
        #expect(none.status == 65)
        #expect(
            none.messages.contains("plugin lengths: there is no document news/x.txt"),
            "\(none.messages)"
        )
        let position = try folder.annals("log", "list", "--format", "json").output.components(
            of: "\n"
        )
        try folder.write("news/d.txt", "One more, of seven words in all.\n")
        let more = try folder.annals("run", "news.yaml")
        #expect(more.messages.components(of: "folds") == 1, "\(more.messages)")
        let earlier = try folder.annals(
            "show",
            "lengths",
            "--as-of",
            "\(position)",
            "--format",
            "json"
        )
        #expect(earlier.output == shown.output, "\(earlier.output) \(earlier.messages)")
        let replay = try folder.annals("replay", "news.yaml", "lengths", "--format", "json")
        #expect(
            replay.output.contains("\"projection\":\"lengths\",\"events\":4"),
            "\(replay.output) \(replay.messages)"
        )
        #expect(replay.messages.components(of: "asked") == 0)
        #expect(
            try folder.annals("show", "lengths", "--format", "json").output.components(
                of: "document"
            ) == 4
        )
    }

    @Test("that ends while it folds is folded from the first event again")
    func folds() throws {
        let folder = try projecting()
        try folder.plugin(
            "lengths",
            kind: "projection",
            manifest: "consumes: [plugin:count/counted]\nneeds: {batch: 1}",
            Self.folding.replacing(
                "words[event",
                with: "if event.stream == 'news/b.txt': os._exit(0)\n        words[event"
            )
        )
        let stopped = try folder.annals("run", "news.yaml")
        #expect(stopped.status == 69)
        #expect(
            stopped.messages.contains("plugin lengths: it ended with status 0"),
            "\(stopped.messages)"
        )
        #expect(stopped.messages.contains("the run is committed"))
        try folder.plugin(
            "lengths",
            kind: "projection",
            manifest: "consumes: [plugin:count/counted]",
            Self.folding
        )
        let shown = try folder.annals(
            "show",
            "lengths",
            "--pipeline",
            "news.yaml",
            "--format",
            "json"
        )
        #expect(shown.output.components(of: "document") == 3, "\(shown.messages)")
        #expect(shown.messages.components(of: "folds") == 3, "\(shown.messages)")
        // One that only has its name folds nothing of a store whose pipeline is not at hand.
        try folder.append("plugins/lengths/main.py", "# Another.\n")
        let other = try folder.annals("show", "lengths")
        #expect(other.status == 65)
        #expect(
            other.messages.contains("is not the one that folded 'lengths'"),
            "\(other.messages)"
        )
    }
}
