import Testing

/// Plugins as stages and readers, tried as their user would.
@Suite("A plugin in a pipeline")
struct PluginStageTests {
    static func folder(stages: String, projections: String = "") throws -> TestFolder {
        let folder = try TestFolder()
        for (name, word) in [("a", "apples"), ("b", "bears"), ("c", "cellos")] {
            try folder.document(name, about: word)
        }
        try folder.write(
            "news.yaml",
            """
            pipeline: news
            stages:
              - ingest: {from: ["news/*"]}
            \(stages)
            \(projections.isEmpty ? "" : "projections:\n" + projections)

            """
        )
        return folder
    }

    static let counting = """
        @plugin.document
        def count(document, options):
            words = len(document.text.split())
            plugin.log("asked " + document.id)
            return {"annotations": [{"id": "words", "label": "Words", "spans": [[0, 1]], "fields": {"count": words}}],
                    "events": [{"type": "counted", "facts": {"words": words}}]}
        """

    @Test(
        "annotates, appends events of its own, and is projected and exported",
        arguments: ["  - enrich:\n      - plugin: {name: count}", "  - plugin: {name: count}"]
    )
    func enriches(stage: String) throws {
        let folder = try Self.folder(
            stages: stage + "\n  - export: {to: out/news.jsonl}",
            projections: "  words: {index: count, by: id}"
        )
        try folder.plugin("count", kind: "enrich", events: "counted", Self.counting)
        let run = try folder.annals("run", "news.yaml")
        #expect(run.status == 0, "\(run.messages)")
        #expect(run.messages.contains("plugin count info: asked news/a.txt"))
        #expect(
            folder.read("out/news.jsonl").contains(
                "\"count\":[{\"id\":\"words\",\"label\":\"Words\",\"count\":15"
            )
        )
        let log = try folder.annals("log", "list", "--store", ".annals/news", "--format", "json")
        let counted = log.output.split(separator: "\n").filter {
            $0.contains("\"plugin:count/counted\"")
        }
        #expect(counted.count == 3)
        #expect(counted.allSatisfy { $0.contains("{\"words\":15}") })
        let shown = try folder.annals("show", "words", "--format", "json")
        #expect(shown.output.contains("\"documents\":3"), "\(shown.output)\(shown.messages)")
    }

    @Test("cleans, drops by a rule, fails a document, and the sheet balances")
    func cleans() throws {
        let folder = try Self.folder(
            stages: "  - plugin: {name: tidy}\n  - export: {to: out/news.jsonl}"
        )
        try folder.plugin(
            "tidy",
            kind: "clean",
            """
            @plugin.document
            def tidy(document, options):
                if "bears" in document.text: return {"drop": {"rule": "no-bears", "measured": 3, "threshold": 1}}
                if "cellos" in document.text: raise Failure("too-low", "cellos are too low \\x1b[31m")
                return {"text": document.text.upper(), "fields": {"title": "Apples!", "published": "2024-05-31"},
                        "removed": [{"rule": "case", "text": "apples"}]}
            """
        )
        let run = try folder.annals("run", "news.yaml", "--format", "json")
        #expect(run.status == 65)
        #expect(run.messages.contains("news/c.txt"))
        #expect(
            run.messages.contains(
                "plugin tidy: cellos are too low \\u{1b}[31m [too-low] [plugin.document]"
            ),
            "\(run.messages)"
        )
        #expect(
            run.output.contains(
                "{\"stage\":\"plugin\",\"in\":3,\"kept\":1,\"dropped\":1,\"duplicates\":0,\"failed\":1}"
            ),
            "\(run.output)"
        )
        let line = folder.read("out/news.jsonl")
        #expect(line.contains("\"title\":\"Apples!\",\"published\":\"2024-05-31\""))
        #expect(line.contains("OF APPLES MUCH IS SAID"))
        let why = try folder.annals("explain", "news/b.txt")
        #expect(why.output.contains("no-bears"))
    }

    @Test("reads documents out of files; one that it cannot read fails by name")
    func reads() throws {
        let folder = try TestFolder()
        try folder.write("news/two.box", "apples are red|bears are brown")
        try folder.write("news/bad.box", bytes: [0xFF, 0x00, 0xFE])
        try folder.write(
            "news.yaml",
            """
            pipeline: news
            stages:
              - ingest: {from: [news/*.box], format: plugin:boxes}
              - export: {to: out/news.jsonl}
            """
        )
        try folder.plugin(
            "boxes",
            kind: "reader",
            """
            @plugin.document
            def read(source, options):
                parts = source.bytes.decode("utf-8").split("|")
                return {"documents": [{"text": part, "key": str(n), "fields": {"title": "Part " + str(n)}}
                                      for n, part in enumerate(parts, 1)]}
            """
        )
        let run = try folder.annals("run", "news.yaml")
        #expect(run.status == 65)
        #expect(
            run.messages.contains("news/bad.box, byte 0: plugin boxes: UnicodeDecodeError"),
            "\(run.messages)"
        )
        let lines = folder.read("out/news.jsonl").split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines.first?.contains("\"id\":\"news/two.box#1\"") == true)
        #expect(lines.last?.contains("\"title\":\"Part 2\"") == true)
        let again = try folder.annals("run", "news.yaml", "--format", "json")
        #expect(again.output.contains("\"kept\":0"), "\(again.output)")
    }

    @Test(
        "whose answers are recorded is not asked again, whatever else changes",
        arguments: [("recorded", ""), ("pure", ", cache: on")]
    )
    func recorded(determinism: String, option: String) throws {
        let folder = try Self.folder(
            stages: "  - plugin: {name: count\(option)}\n  - export: {to: out/news.jsonl}"
        )
        try folder.plugin(
            "count",
            kind: "enrich",
            determinism: determinism,
            events: "counted",
            Self.counting
        )
        let first = try folder.annals("run", "news.yaml")
        #expect(first.messages.components(of: "asked") == 3, "\(first.messages)")
        let exported = folder.read("out/news.jsonl")
        // Another export makes another pipeline: every document goes through it anew.
        let pipeline = folder.read("news.yaml")
        try folder.write("news.yaml", pipeline + "\n  - export: {to: out/news.csv}\n")
        let second = try folder.annals("run", "news.yaml")
        #expect(second.status == 0, "\(second.messages)")
        #expect(second.messages.components(of: "asked") == 0)
        let texts = { (text: String) in text.replacing(#/"position":\d+/#, with: "") }
        #expect(texts(folder.read("out/news.jsonl")) == texts(exported))
        // Another version is another plugin.
        try folder.plugin(
            "count",
            kind: "enrich",
            version: "2.0.0",
            determinism: determinism,
            events: "counted",
            Self.counting
        )
        #expect(try folder.annals("run", "news.yaml").messages.components(of: "asked") == 3)
    }

    @Test("whose recorded answers came before it fell is not asked for them again")
    func recordedBefore() throws {
        let folder = try TestFolder()
        // In batches of 256, three of them under way: the first two are done before the fifth begins.
        let lines = (0..<1300).map { "{\"id\":\"d\($0)\",\"text\":\"words of number \($0)\"}\n" }
        try folder.write("news.jsonl", lines.joined())
        try folder.write(
            "news.yaml",
            "pipeline: news\nstages:\n  - ingest: {from: [news.jsonl]}\n  - plugin: {name: count, max_failed: 0, instances: 1}\n"
        )
        let counting = { (fall: String) in
            "import pathlib\n@plugin.document\ndef f(d, o):\n    print('asked', d.id, flush=True)\n    if d.id == \(fall): os._exit(1)\n    return {'annotations': [{'id': 'x'}], 'events': [{'type': 'counted', 'facts': {}}]}"
        }
        try folder.plugin(
            "count",
            kind: "enrich",
            determinism: "recorded",
            events: "counted",
            counting("'d1100'")
        )
        let stopped = try folder.annals("run", "news.yaml", "--jobs", "1")
        #expect(stopped.status == 69, "\(stopped.messages)")
        let answered = {
            try folder.annals("log", "list", "--format", "json").output
                .components(of: "\"plugin.answered\"")
        }
        #expect(try answered() >= 512)
        let run = try folder.annals("run", "news.yaml", "--format", "json", "--jobs", "1")
        #expect(run.status == 69)
        #expect(run.messages.contains("asked d1100\n"), "\(run.messages)")
        #expect(!run.messages.contains("asked d255\n") && !run.messages.contains("asked d511\n"))
        try folder.plugin(
            "count",
            kind: "enrich",
            determinism: "recorded",
            events: "counted",
            counting("'none'")
        )
        let whole = try folder.annals("run", "news.yaml", "--format", "json")
        #expect(whole.status == 0, "\(whole.messages)")
        let documents = try folder.annals("show", "documents", "--format", "csv").output
        #expect(documents.components(of: ",kept,") == 1300)
        #expect(try answered() >= 1300)
    }

    @Test("whose answer is no answer is asked again when it is another plugin, not before")
    func malformed() throws {
        let folder = try Self.folder(stages: "  - plugin: {name: count, max_failed: 10}")
        try folder.plugin(
            "count",
            kind: "enrich",
            determinism: "recorded",
            events: "counted",
            Self.counting.replacing("[[0, 1]]", with: "[[0, 999999]]")
        )
        let failed = try folder.annals("run", "news.yaml")
        #expect(failed.status == 65)
        #expect(
            failed.messages.contains("'spans' holds what is no range of characters"),
            "\(failed.messages)"
        )
        #expect(
            try folder.annals("run", "news.yaml").messages.contains(
                "3 records failed in earlier runs"
            )
        )
        #expect(!(try folder.annals("log", "list").output.contains("plugin.answered")))
        try folder.write(
            "news.yaml",
            folder.read("news.yaml").replacing("max_failed: 10", with: "max_failed: 2")
                + "  - clean: {}\n"
        )
        let standing = try folder.annals("run", "news.yaml")
        #expect(standing.messages.contains("3 records failed in earlier runs"))
        try folder.plugin(
            "count",
            kind: "enrich",
            version: "2.0.0",
            determinism: "recorded",
            events: "counted",
            Self.counting.replacing("[[0, 1]]", with: "[[0, 999999]]")
        )
        let stopped = try folder.annals("run", "news.yaml")
        #expect(stopped.status == 69)
        #expect(stopped.messages.contains("3 documents failed by its fault"), "\(stopped.messages)")
    }

    @Test("reads a source once, also where only a later document of it has changed")
    func readOnce() throws {
        let folder = try TestFolder()
        try folder.write("news/two.box", "apples are red|bears are brown")
        try folder.write(
            "news.yaml",
            "pipeline: news\nstages:\n  - ingest: {from: [news/*.box], format: plugin:boxes}\n"
        )
        try folder.plugin(
            "boxes",
            kind: "reader",
            determinism: "recorded",
            """
            @plugin.document
            def read(source, options):
                plugin.log("asked " + source.id)
                parts = source.bytes.decode("utf-8").split("|")
                return {"documents": [{"text": part, "key": str(n)} for n, part in enumerate(parts, 1)]}
            """
        )
        var asked: [Int] = []
        for text in ["apples are red|bears are brown", "", "apples are red|bears are black", ""] {
            if !text.isEmpty { try folder.write("news/two.box", text) }
            asked.append(try folder.annals("run", "news.yaml").messages.components(of: "asked"))
        }
        #expect(asked == [1, 0, 1, 0])
    }

    @Test("says where in the pipeline its options are wrong")
    func diagnostics() throws {
        let folder = try Self.folder(
            stages:
                "  - plugin:\n      name: count\n      options:\n        languages: [en, xx]\n        minimum: 2"
        )
        try folder.plugin(
            "count",
            kind: "enrich",
            manifest: """
                options:
                  type: object
                  properties:
                    languages: {type: array, items: {type: string}}
                    minimum: {type: number, maximum: 1}
                  additionalProperties: false
                """,
            events: "counted",
            Self.counting + """

                @plugin.validate
                def validate(options):
                    return [{"severity": "error", "path": "/languages/1", "code": "unknown-language",
                             "message": "there is no language 'xx'", "hint": "use ISO 639-1"}]
                """
        )
        let schema = try folder.annals("check", "news.yaml")
        #expect(schema.status == 65)
        #expect(
            schema.messages.contains(
                "news.yaml:8:18: error: 'minimum' of the plugin count must be at most 1"
            ),
            "\(schema.messages)"
        )
        try folder.write(
            "news.yaml",
            folder.read("news.yaml").replacing("minimum: 2", with: "minimum: 1")
        )
        for command in ["check", "run"] {
            let said = try folder.annals(command, "news.yaml")
            #expect(said.status == 65)
            #expect(
                said.messages.contains(
                    "news.yaml:7:25: error: plugin count: 'languages/1': there is no language 'xx'"
                ),
                "\(said.messages)"
            )
            #expect(said.messages.contains("^~"))
        }
        #expect(!folder.exists(".annals"))
    }

    @Test("that cannot be run stops the run with what to do; mended, the run goes on and balances")
    func fatal() throws {
        let folder = try Self.folder(
            stages: "  - plugin: {name: count}\n  - export: {to: out/news.jsonl}"
        )
        try folder.plugin(
            "count",
            kind: "enrich",
            events: "counted",
            "@plugin.start\ndef start(options): os._exit(3)\n" + Self.counting
        )
        let stopped = try folder.annals("run", "news.yaml")
        #expect(stopped.status == 69)
        #expect(
            stopped.messages.contains(
                "plugin count: it was started 5 times in vain; it ended with status 3"
            ),
            "\(stopped.messages)"
        )
        #expect(stopped.messages.contains("the same command goes on"))
        try folder.plugin("count", kind: "enrich", events: "counted", Self.counting)
        let run = try folder.annals("run", "news.yaml", "--format", "json")
        #expect(run.status == 0, "\(run.messages)")
        #expect(run.output.contains("{\"stage\":\"plugin\",\"in\":3,\"kept\":3,"), "\(run.output)")
    }

    @Test("that fails too many documents stops the run; it says how often and why")
    func budget() throws {
        let folder = try Self.folder(stages: "  - plugin: {name: count, max_failed: 1}")
        try folder.plugin(
            "count",
            kind: "enrich",
            events: "counted",
            "@plugin.document\ndef f(d, o):\n    if 'cellos' not in d.text: os._exit(0)\n    return {}"
        )
        let stopped = try folder.annals("run", "news.yaml")
        #expect(stopped.status == 69)
        #expect(
            stopped.messages.contains("plugin count: 2 documents failed by its fault"),
            "\(stopped.messages)"
        )
        try folder.write(
            "news.yaml",
            folder.read("news.yaml").replacing("max_failed: 1", with: "max_failed: 2")
        )
        let run = try folder.annals("run", "news.yaml", "--format", "json")
        #expect(run.status == 65)
        #expect(
            run.messages.contains("news/a.txt, byte 0: plugin count: it ended with status 0"),
            "\(run.messages)"
        )
        #expect(
            run.output.contains(
                "{\"stage\":\"plugin\",\"in\":3,\"kept\":1,\"dropped\":0,\"duplicates\":0,\"failed\":2}"
            )
        )
    }

    @Test("gets no network unless it asks and the pipeline grants it")
    func grants() throws {
        let folder = try Self.folder(stages: "  - plugin: {name: count}")
        try folder.plugin(
            "count",
            kind: "enrich",
            manifest: "needs: {network: true}",
            events: "counted",
            Self.counting
        )
        let refused = try folder.annals("check", "news.yaml")
        #expect(refused.status == 65)
        #expect(
            refused.messages.contains(
                "news.yaml:4:13: error: the plugin count asks for the network"
            ),
            "\(refused.messages)"
        )
        try folder.write(
            "news.yaml",
            folder.read("news.yaml").replacing(
                "name: count",
                with: "name: count, allow: {network: true}"
            )
        )
        #expect(try folder.annals("check", "news.yaml").status == 0)
    }

    @Test(
        "is named wrongly, is of another kind, or calls itself otherwise: each is said with its place"
    )
    func wrong() throws {
        let folder = try Self.folder(
            stages: "  - plugin: {name: cuont}\n  - enrich: [{plugin: {name: tidy}}]"
        )
        try folder.plugin("count", kind: "enrich", events: "counted", Self.counting)
        try folder.plugin("tidy", kind: "clean", "@plugin.document\ndef f(d, o): return {}")
        let said = try folder.annals("check", "news.yaml")
        #expect(said.status == 65)
        #expect(
            said.messages.contains("news.yaml:4:20: error: there is no plugin 'cuont'"),
            "\(said.messages)"
        )
        #expect(said.messages.contains("count"))
        #expect(
            said.messages.contains("news.yaml:5:23: error: the plugin tidy is of kind clean"),
            "\(said.messages)"
        )
    }

    @Test("leaves no folder behind")
    func scratch() throws {
        let folder = try Self.folder(stages: "  - plugin: {name: count, instances: 3}")
        try folder.plugin("count", kind: "enrich", events: "counted", Self.counting)
        // One of a run that was killed: no process has this number.
        _ = try folder.shell("mkdir -p scratch/annals-plugin-4194305-abcdef/x; chmod 0 scratch/*/x")
        let run = try folder.annals(
            "run",
            "news.yaml",
            environment: ["TMPDIR": folder.path + "/scratch"]
        )
        #expect(run.status == 0, "\(run.messages)")
        #expect(try folder.shell("ls scratch").output.isEmpty)
    }
}

extension String {
    /// How often a text occurs in it.
    func components(of text: String) -> Int { ranges(of: text).count }
}
