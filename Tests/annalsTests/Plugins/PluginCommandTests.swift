import Foundation
import Testing

/// `annals plugin`, as users meet it.
@Suite("Plugin commands")
struct PluginCommandTests {
    private static let pipeline = """
        pipeline: news
        store: store
        stages:
          - ingest: {from: [news]}
          - plugin: {name: words}
        projections: {}

        """

    /// A folder with a plugin `words` in Python and a pipeline that runs it.
    private func folder() throws -> TestFolder {
        let folder = try TestFolder()
        #expect(try folder.annals("plugin", "new", "words").status == 0)
        try folder.write("news.yaml", Self.pipeline)
        try folder.write("news/a.txt", "The annals of a house.\n")
        return folder
    }

    @Test("make a plugin that is found, sound and conformant, without a checkout")
    func new() throws {
        let folder = try folder()
        #expect(folder.exists("plugins/words/annals_plugin.py"))
        #expect(folder.exists("plugins/words/README.md"))
        let check = try folder.annals("plugin", "check", "words")
        #expect(check.status == 0 && check.output.contains("is sound"), "\(check.messages)")
        let test = try folder.annals("plugin", "test", "plugins/words")
        #expect(test.status == 0, "\(test.output)")
        #expect(test.output.contains(" passed, 0 failed, "))
        #expect(try folder.annals("plugin", "install", "words").output.contains("needs no install"))
    }

    @Test("never overwrite, nor make what has no name")
    func refuse() throws {
        let folder = try folder()
        let before = folder.bytes("plugins/words/main.py")
        try folder.append("plugins/words/main.py", "# mine\n")
        for name in ["words", "Words", "../words", "a/b"] {
            #expect(try folder.annals("plugin", "new", name).status == 64)
        }
        #expect(folder.bytes("plugins/words/main.py").count == before.count + 7)
    }

    @Test("list what can be found, for people and for programs")
    func list() throws {
        let folder = try folder()
        try folder.write("plugins/broken/plugin.yaml", "plugin: [")
        try folder.annals("plugin", "new", "tags", "--language", "shell", "--kind", "clean")
        let outcome = try folder.annals("plugin", "list", "--format", "json")
        let list = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
        let rows = try #require(list as? [[String: Any]])
        #expect(rows.map { $0["plugin"] as? String } == ["broken", "tags", "words"])
        #expect(rows.map { $0["kind"] as? String } == [nil, "clean", "enrich"])
        #expect(rows.map { $0["lock"] as? String } == [nil, "not locked", "not locked"])
        #expect(rows.last?["installed"] as? Bool == true)
        let text = try folder.annals("plugin", "list").output
        #expect(text.contains("Finds the first place of a word") && text.contains("plugin check"))
        let elsewhere = try TestFolder()
        #expect(try elsewhere.annals("plugin", "list").messages.contains("plugin new"))
        let beside = try elsewhere.annals(
            "plugin",
            "list",
            "--pipeline",
            folder.path + "/news.yaml"
        )
        #expect(beside.output.contains("words"))
    }

    @Test("lock plugins, tell what changed, and hold runs to it")
    func lock() throws {
        let folder = try folder()
        let unlocked = try folder.annals("check", "news.yaml")
        #expect(unlocked.status == 0 && unlocked.messages.contains("plugin.unlocked"))
        #expect(try folder.annals("run", "news.yaml").status == 0)

        let locked = try folder.annals("plugin", "lock", "news.yaml")
        #expect(locked.status == 0 && locked.output.contains("added    words  0.1.0"))
        let lock = folder.read("plugins.lock")
        #expect(try folder.annals("plugin", "lock").output == "plugins.lock: nothing changed\n")
        #expect(folder.read("plugins.lock") == lock)
        let sound = try folder.annals("check", "news.yaml")
        #expect(sound.status == 0 && !sound.messages.contains("plugin."), "\(sound.messages)")

        try folder.append("plugins/words/main.py", "# changed\n")
        for command in ["check", "run"] {
            let outcome = try folder.annals(command, "news.yaml")
            #expect(outcome.status == 65)
            #expect(outcome.messages.contains("plugin.changed"), "\(outcome.messages)")
            #expect(outcome.messages.contains("annals plugin lock news.yaml"))
        }
        #expect(try folder.annals("plugin", "list").output.contains("changed"))
        let changed = try folder.annals("plugin", "lock", "news.yaml").output
        #expect(changed.contains("changed  words  0.1.0"))
        #expect(try folder.annals("run", "news.yaml").status == 0)
    }

    @Test("keep what other pipelines run when one is locked, and drop what none runs")
    func several() throws {
        let folder = try folder()
        try folder.annals("plugin", "new", "other")
        try folder.write("other.yaml", Self.pipeline.replacing("words", with: "other"))
        try folder.annals("plugin", "lock", "news.yaml")
        try folder.annals("plugin", "lock", "other.yaml")
        #expect(folder.read("plugins.lock").contains("  other: {"))
        #expect(folder.read("plugins.lock").contains("  words: {"))
        folder.delete("other.yaml")
        let outcome = try folder.annals("plugin", "lock", "--folder", folder.path)
        #expect(outcome.output.contains("removed  other"))
        #expect(!folder.read("plugins.lock").contains("other: {"))
    }

    @Test("lock nothing where a plugin is not there, and say where it is named")
    func missing() throws {
        let folder = try folder()
        try folder.write("news.yaml", Self.pipeline.replacing("words", with: "wordz"))
        let outcome = try folder.annals("plugin", "lock", "news.yaml")
        #expect(outcome.status == 65 && outcome.messages.contains("news.yaml:5:20"))
        #expect(!folder.exists("plugins.lock"))
        #expect(try folder.annals("plugin", "lock", "nowhere.yaml").status == 66)
    }

    @Test("check manifests by line and column, programs and defaults")
    func check() throws {
        let folder = try folder()
        let manifest = folder.read("plugins/words/plugin.yaml")
        func check(_ text: String) throws -> AnnalsProcess.Outcome {
            try folder.write("plugins/words/plugin.yaml", text)
            return try folder.annals("plugin", "check", "words")
        }
        let kind = try check(manifest.replacing("kind: enrich", with: "kind: enrico"))
        #expect(kind.status == 65 && kind.messages.contains("plugins/words/plugin.yaml:4:7"))
        let program = try check(manifest.replacing("[python3,", with: "[no-such-python,"))
        #expect(program.status == 65 && program.messages.contains("no-such-python"))
        let version = try check(manifest.replacing("version: 0.1.0", with: "version: 0.2.0"))
        #expect(version.status == 65 && version.messages.contains("plugin.handshake"))
        let standard = try check(manifest.replacing("default: annals", with: "default: 7"))
        #expect(standard.status == 65, "\(standard.messages)")
        #expect(standard.messages.contains("plugins/words/plugin.yaml:"), "\(standard.messages)")
        #expect(try folder.annals("plugin", "check", "nowhere").status == 66)
    }

    @Test("test a plugin that errs: seen, expected, where the protocol says so, and 65")
    func failing() throws {
        let folder = try folder()
        let program = folder.read("plugins/words/main.py")
        try folder.write(
            "plugins/words/main.py",
            program.replacing("document.span(found.start(), found.end())", with: "[0, 999]")
                .replacing("\"annals\")", with: "\"e\")")
        )
        let text = try folder.annals("plugin", "test", "words", "--options", "{\"word\": \"e\"}")
        #expect(text.status == 65)
        #expect(text.output.contains("FAILED    answers"), "\(text.output)")
        #expect(text.output.contains("seen:     to \"sample-0\": a span is 0 to 999"))
        #expect(text.output.contains("(PROTOCOL.md §5)"))
        let json = try folder.annals(
            "plugin",
            "test",
            "words",
            "--options",
            "{\"word\": \"e\"}",
            "--only",
            "answers",
            "--format",
            "json"
        )
        let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8))
        let report = try #require(object as? [String: Any])
        let checks = try #require(report["checks"] as? [[String: Any]])
        #expect(report["ok"] as? Bool == false)
        #expect(checks.last?["id"] as? String == "answers")
        #expect(checks.last?["outcome"] as? String == "failed")
        #expect(try folder.annals("plugin", "test", "words", "--only", "nothing").status == 64)
        #expect(try folder.annals("plugin", "test", "words", "--options", "[]").status == 64)
    }

    @Test("run an install step, show what it prints, and tell how it failed")
    func install() throws {
        let folder = try folder()
        try folder.write(
            "plugins/words/install",
            "#!/bin/sh\necho fetching; echo to >&2; exit $CODE\n"
        )
        let denied = try folder.annals("plugin", "install", "words")
        #expect(denied.status == 69 && denied.messages.contains("chmod +x"), "\(denied.messages)")
        try folder.shell("chmod +x plugins/words/install")
        let good = try folder.annals("plugin", "install", "words", environment: ["CODE": "0"])
        #expect(good.status == 0 && good.output == "words 0.1.0 is installed\n")
        #expect(good.messages == "plugin words: fetching\nplugin words: to\n")
        let bad = try folder.annals("plugin", "install", "words", environment: ["CODE": "3"])
        #expect(bad.status == 69 && bad.messages.contains("ended with status 3"))
    }
}
