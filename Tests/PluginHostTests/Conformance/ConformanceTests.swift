import Glibc
import Testing

@testable import PluginHost

/// The suite that `annals plugin test` puts plugins through.
@Suite("Conformance")
struct ConformanceTests {
    @Test("passes a plugin that keeps to the protocol", arguments: PluginManifest.Kind.allCases)
    func good(kind: PluginManifest.Kind) throws {
        let folder = try ExamplePlugin.folder(kind)
        let results = Conformance.run(try folder.manifest())
        for result in results where result.outcome.isFailure {
            Issue.record("\(result.id): \(result.outcome)")
        }
        #expect(results.map(\.id) == Conformance.checks(of: kind))
        let skipped = results.filter { if case .skipped = $0.outcome { true } else { false } }
        let excused = kind == .enrich ? [] : ["encodings"]
        #expect(skipped.map(\.id).filter { $0 != "sandbox" } == excused, "\(skipped)")
    }

    @Test(
        "fails a plugin for what it does wrong",
        arguments: [
            ("hello", "hello"), ("hello-more", "hello-more"), ("hello-other", "hello-other"),
            ("validate", "validate"), ("diagnostic", "validate-odd"), ("start", "start"),
            ("silent", "answers"), ("shape", "answers"), ("kind", "answers"),
            ("order", "batch-two"), ("maximum", "batch-maximum"), ("batches", "batches"),
            ("cbor", "encodings"), ("pure", "pure"), ("seed", "pure"), ("spans", "unicode"),
            ("nul", "unicode"), ("empty", "empty"), ("no-title", "no-title"), ("names", "names"),
            ("huge", "huge"), ("unknown-message", "unknown-message"),
            ("unknown-members", "unknown-members"), ("garbage", "garbage"),
            ("garbage-zero", "garbage"), ("two-processes", "two-processes"),
            ("shutdown", "shutdown"), ("end", "end"), ("end", "cancel"), ("log", "log"),
            ("prints", "prints"),
        ]
    )
    func bad(behaviour: String, check: String) throws {
        try expectFailure(of: check, .enrich, behaviour)
    }

    @Test(
        "fails plugins of the other kinds for what only they can do wrong",
        arguments: [
            (PluginManifest.Kind.reader, "reader-garbage", "reader-garbage"),
            (.reader, "keys", "answers"), (.exporter, "withdraw", "exporter-withdraw"),
            (.projection, "query", "projection-query"),
        ]
    )
    func badKind(kind: PluginManifest.Kind, behaviour: String, check: String) throws {
        try expectFailure(of: check, kind, behaviour)
    }

    @Test("waits for nobody longer than the protocol does")
    func stays() throws {
        let start = PluginChannel.now
        try expectFailure(of: "shutdown", .enrich, "shutdown-stays")
        #expect(PluginChannel.now - start < 30_000_000_000)
    }

    @Test("tells a plugin that only works without the sandbox from one that never works")
    func sandbox() throws {
        guard ProbedPlugin.hasWalls else { return }
        let results = try results("sandbox", .enrich, ["sandbox", "answers"])
        #expect(results.first { $0.id == "sandbox" }?.outcome.isFailure == true, "\(results)")
        #expect(results.first { $0.id == "answers" }?.outcome == .passed, "\(results)")
    }

    @Test("does what needs a failed check no more, and says so")
    func skips() throws {
        let folder = try ExamplePlugin.folder(.enrich)
        try folder.write(
            "plugin.yaml",
            try folder.read("plugin.yaml").replacing("python3, main.py", with: "no-such-program")
        )
        let results = Conformance.run(try folder.manifest())
        #expect(results.filter(\.outcome.isFailure).map(\.id) == ["manifest"])
        #expect(results.allSatisfy { $0.outcome != .passed })
        #expect(results.first { $0.id == "huge" }?.outcome == .skipped("it needs 'answers'"))
    }

    private func expectFailure(
        of check: String,
        _ kind: PluginManifest.Kind,
        _ behaviour: String
    ) throws {
        let results = try results(behaviour, kind, [check])
        let failed = results.filter(\.outcome.isFailure)
        #expect(failed.map(\.id) == [check], "\(results)")
        for result in failed {
            guard case .failed(let seen, let expected) = result.outcome else { continue }
            #expect(!seen.isEmpty && !expected.isEmpty && result.section.hasPrefix("§"))
        }
    }

    private func results(
        _ behaviour: String,
        _ kind: PluginManifest.Kind,
        _ only: Set<String>
    ) throws -> [Conformance.Result] {
        let folder = try ExamplePlugin.folder(kind, bad: behaviour)
        var settings = Conformance.Settings()
        settings.only = only
        return Conformance.run(try folder.manifest(), settings)
    }
}
