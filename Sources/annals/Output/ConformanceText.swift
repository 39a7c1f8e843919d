internal import Bytes
internal import PluginHost

/// What `annals plugin test` found, as people and as programs read it.
struct ConformanceText {
    let manifest: PluginManifest
    let results: [Conformance.Result]

    /// A check, and for one that failed what was seen and what is expected.
    static func line(_ result: Conformance.Result) -> String {
        let word: String
        var more: [String] = []
        switch result.outcome {
        case .passed: word = "passed"
        case .skipped(let reason):
            word = "skipped"
            more = ["          because \(reason)"]
        case .failed(let seen, let expected):
            word = "FAILED"
            more = [
                "          seen:     \(seen)",
                "          expected: \(expected) (PROTOCOL.md \(result.section))",
            ]
        }
        let lines = ["\(padded(word, 8))  \(padded(result.id, 17))  \(result.title)"] + more
        return TerminalText.escaped(lines.joined(separator: "\n"), keepingLines: true) + "\n"
    }

    /// How many of each.
    var summary: String {
        let skipped = results.count { if case .skipped = $0.outcome { true } else { false } }
        let seconds = results.reduce(0) { $0 + $1.seconds }
        let tenths = Int((seconds * 10).rounded())
        return TerminalText.escaped("\(manifest.name) \(manifest.version)")
            + ": \(passed) passed, \(failed) failed, \(skipped) skipped"
            + " in \(tenths / 10).\(tenths % 10) seconds\n"
    }

    /// `{"plugin","version","kind","ok","checks":[{"id","title","section","outcome",…}]}`.
    var json: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        for (key, value) in [
            ("plugin", manifest.name), ("version", manifest.version),
            ("kind", manifest.kind.rawValue),
        ] {
            writer.key(key)
            writer.string(value)
        }
        writer.key("ok")
        writer.bool(failed == 0)
        writer.key("checks")
        writer.beginArray()
        for result in results { Self.write(result, into: &writer) }
        writer.endArray()
        writer.endObject()
        writer.newline()
        return writer.bytes
    }

    private var passed: Int { results.count { $0.outcome == .passed } }
    private var failed: Int { results.count(where: \.outcome.isFailure) }

    private static func write(_ result: Conformance.Result, into writer: inout JSONWriter) {
        var texts = [("id", result.id), ("title", result.title), ("section", result.section)]
        switch result.outcome {
        case .passed: texts.append(("outcome", "passed"))
        case .skipped(let reason): texts += [("outcome", "skipped"), ("reason", reason)]
        case .failed(let seen, let expected):
            texts += [("outcome", "failed"), ("seen", seen), ("expected", expected)]
        }
        writer.beginObject()
        for (key, text) in texts {
            writer.key(key)
            writer.string(text)
        }
        writer.key("seconds")
        writer.double(result.seconds)
        writer.endObject()
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
