import Testing
import YAML

@testable import PluginHost

@Suite("The lock of plugins")
struct PluginLockTests {
    private static let plugin = """
        plugin: probe
        version: 1.0.0
        protocol: 1
        kind: enrich
        command: [main.py]
        """

    private func digest(_ digit: Character) throws -> PluginDigest {
        try #require(PluginDigest(String(repeating: digit, count: 64)))
    }

    private func node(_ yaml: String = "stages: [{plugin: probe}]") throws -> Node {
        try YAMLParser.parse(YAMLSource(name: "news.yaml", text: yaml))
    }

    @Test("is read as it was written, and written the same whatever the order")
    func roundTrip() throws {
        let folder = try PluginFolder()
        #expect(try PluginLock.read(folder.path) == nil)
        var lock = PluginLock()
        lock.plugins["b"] = .init(version: "1.0 \"beta\" # é\n", digest: try digest("b"))
        lock.plugins["a"] = .init(version: "10", digest: try digest("0"))
        try lock.write(folder.path)
        #expect(try PluginLock.read(folder.path) == lock)
        let lines = try folder.read("plugins.lock").split(separator: "\n")
        #expect(lines.last?.hasPrefix("  b: {version: ") == true)
        #expect(
            lines.dropLast().last
                == "  a: {version: \"10\", sha256: \"\(String(repeating: "0", count: 64))\"}"
        )
        #expect(PluginLock(plugins: lock.plugins).text == lock.text)
    }

    @Test("has no plugins and says so")
    func empty() throws {
        let folder = try PluginFolder()
        try PluginLock().write(folder.path)
        #expect(try PluginLock.read(folder.path) == PluginLock())
    }

    @Test("keeps what was there when it cannot be written")
    func unwritable() throws {
        #expect(throws: PluginLockError.self) { try PluginLock().write("/no/such/folder") }
    }

    @Test(
        "is refused with its place when it is damaged",
        arguments: [
            "", "lock: 2\nplugins: {}", "lock: 1", "lock: 1\nplugins: []",
            "lock: 1\nplugins:\n  a: {version: '1', sha256: 'abc'}",
            "lock: 1\nplugins:\n  a: {version: '1'}", "<<<<<<< HEAD\nlock: 1",
        ]
    )
    func damaged(text: String) throws {
        let folder = try PluginFolder(["plugins.lock": text])
        let error = try #require(throws: YAMLErrors.self) { try PluginLock.read(folder.path) }
        #expect(error.diagnostics.allSatisfy { $0.range != nil })
    }

    @Test("tells what is not locked, is of another version, and has changed")
    func problems() throws {
        let folder = try PluginFolder(["plugin.yaml": Self.plugin])
        let manifest = try folder.manifest()
        let (mine, other) = (try digest("1"), try digest("2"))
        var lock = PluginLock()
        #expect(lock.problem(with: manifest, digest: mine)?.kind == .notLocked)
        lock.plugins["probe"] = .init(version: "0.9", digest: mine)
        #expect(lock.problem(with: manifest, digest: mine)?.kind == .otherVersion(locked: "0.9"))
        lock.plugins["probe"] = .init(version: "1.0.0", digest: other)
        let problem = try #require(lock.problem(with: manifest, digest: mine))
        #expect(problem.kind == .otherDigest(locked: other))
        #expect(problem.isError && problem.message.contains("111111111111…"))
        #expect(problem.hint("news.yaml").contains("annals plugin lock news.yaml"))
        lock.plugins["probe"] = .init(version: "1.0.0", digest: mine)
        #expect(lock.problem(with: manifest, digest: mine) == nil)
        #expect(PluginLock.problem(nil, manifest, mine)?.isError == false)
    }

    @Test("is about the plugins that a pipeline names, wherever it may name them")
    func references() throws {
        let yaml = """
            pipeline: news
            stages:
              - ingest: {from: [a], format: plugin:pages}
              - plugin: {name: words, options: {plugin: not-this, format: plugin:nor-this}}
              - plugin: bare
              - enrich:
                  - leaders: {dictionary: a.yaml}
                  - plugin: {name: language}
                  - plugin: {name: words}
              - export: {to: out/x.jsonl}
              - export: {to: out/y, format: plugin:pages-out}
            projections:
              similar: {plugin: similar}
              other: {plugin: {name: other, options: {}}}
            """
        #expect(
            PluginReferences.all(in: try node(yaml)).map(\.name) == [
                "pages", "words", "bare", "language", "pages-out", "similar", "other",
            ]
        )
    }
}
