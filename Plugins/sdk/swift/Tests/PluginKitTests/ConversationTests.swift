import Glibc
import Testing

@testable import PluginKit

@Suite("A plugin", .serialized)
struct ConversationTests {
    /// What a plugin writes, after hello, when the host has written messages and hung up.
    private func talk(
        _ plugin: Plugin,
        _ encoding: MessageEncoding,
        _ messages: [Value]
    ) throws -> [Value] {
        var (there, back): ([Int32], [Int32]) = ([0, 0], [0, 0])
        #expect(pipe(&there) == 0 && pipe(&back) == 0)
        let host = Channel(input: back[0], output: there[1])
        let encodings: Value = encoding == .cbor ? ["json", "cbor"] : ["json"]
        try host.send([
            "type": "hello", "protocols": [1], "encodings": encodings, "name": "x", "version": "1",
        ])
        host.encoding = encoding
        for message in messages { try host.send(message) }
        close(there[1])
        try Conversation(plugin, Channel(input: there[0], output: back[1])).run()
        close(back[1])
        host.encoding = .json
        let hello = try #require(try host.receive())
        #expect(hello["encoding"]?.text == encoding.rawValue)
        host.encoding = encoding
        var answers: [Value] = []
        while let answer = try host.receive() { answers.append(answer) }
        close(there[0])
        close(back[0])
        return answers
    }

    private func batch(_ texts: String...) -> Value {
        let documents = texts.map {
            Value.map(["id": "a", "text": .text($0), "fields": ["title": "T"]])
        }
        return ["type": "batch", "batch": 7, "documents": .array(documents)]
    }

    @Test(
        "answers each document; one that fails does not fail the others",
        arguments: [MessageEncoding.json, .cbor]
    )
    func documents(encoding: MessageEncoding) throws {
        let plugin = Plugin("x", version: "1") { document, options in
            if document.text == "bad" { throw Failure("too-bad", "it is bad", isRetryable: true) }
            let number = document.text == "nan" ? Double.nan : 1.5
            let span = document.span(document.text.startIndex..<document.text.endIndex)
            let label = options["label"]?.text
            return Answer(annotations: [
                Annotation(
                    document.title,
                    label: label,
                    spans: [span],
                    fields: ["n": .double(number)]
                )
            ])
        }
        let answers = try talk(
            plugin,
            encoding,
            [
                ["type": "start", "options": ["label": "L"]], batch("Ж𝄞", "bad", "nan", ""),
                ["type": "shutdown"],
                batch("after the end"),
            ]
        )
        #expect(
            answers.map { $0["type"]?.text } == ["started", "answer", "answer", "answer", "answer"]
        )
        #expect(
            answers[1]
                == [
                    "type": "answer", "batch": 7, "index": 0,
                    "annotations": [
                        ["id": "T", "label": "L", "spans": [[0, 6]], "fields": ["n": 1.5]]
                    ],
                ]
        )
        #expect(
            answers[2]["error"] == ["code": "too-bad", "message": "it is bad", "retryable": true]
        )
        #expect(answers[3]["error"]?["code"] == "exception")
        #expect(answers[4]["annotations"]?.array?.count == 1)
    }

    @Test("cleans, drops and appends events")
    func cleans() throws {
        let plugin = Plugin("x", version: "1", kind: .clean, events: ["seen"]) { document, _ in
            guard document.text != "short" else {
                return Answer(drop: Drop(rule: "short", measured: 5, threshold: 6))
            }
            return Answer(
                text: "new",
                fields: ["title": "N"],
                removed: [Removal(rule: "r", text: "old")],
                events: [NewEvent("seen", facts: ["n": 1])]
            )
        }
        let answers = try talk(plugin, .json, [batch("short", "long")])
        #expect(answers[0]["drop"] == ["rule": "short", "measured": 5.0, "threshold": 6.0])
        #expect(answers[1]["text"] == "new")
        #expect(answers[1]["removed"] == [["rule": "r", "text": "old"]])
        #expect(answers[1]["events"] == [["type": "seen", "facts": ["n": 1]]])
    }

    @Test(
        "reads sources, whose bytes come as they are or in base64",
        arguments: [MessageEncoding.json, .cbor]
    )
    func reads(encoding: MessageEncoding) throws {
        let plugin = Plugin(reader: "x", version: "1") { source, _ in
            [ReadDocument(text: "\(source.bytes)", title: source.path, key: "1")]
        }
        let source: Value = ["id": "a", "path": "p/a", "bytes": .bytes([0, 255, 10])]
        let answers = try talk(
            plugin,
            encoding,
            [["type": "batch", "batch": 1, "sources": [source]]]
        )
        #expect(answers[0]["documents"] == [["text": "[0, 255, 10]", "title": "p/a", "key": "1"]])
    }

    @Test("says what is wrong with options, and ends where it cannot start")
    func options() throws {
        let plugin = Plugin("x", version: "1") { _, _ in Answer() }
            .validate { options in
                if options["broken"] != nil { throw Failure("broken", "no") }
                return [Diagnostic("there is no a", path: "/a", code: "no-a", hint: "b")]
            }
            .start { _ in throw Failure("no-model", "there is no model") }
        let validate: Value = ["type": "validate", "options": [:]]
        let answers = try talk(
            plugin,
            .json,
            [validate, ["type": "validate", "options": ["broken": 1]]]
        )
        #expect(answers[0]["diagnostics"]?.array?.first?["path"] == "/a")
        #expect(answers[1]["diagnostics"]?.array?.first?["code"] == "broken")
        #expect(throws: Failure.self) {
            try talk(plugin, .json, [["type": "start", "options": [:]]])
        }
    }

    @Test("exports, flushes and withdraws")
    func exports() throws {
        let plugin = Plugin(
            exporter: "x",
            version: "1",
            take: { document, _ in PluginLog.log("take \(document.position ?? 0)") },
            flush: { PluginLog.progress("flush") },
            withdraw: { PluginLog.log("withdraw \($0)", .warning) }
        )
        let document: Value = ["id": "a", "text": "", "position": 7]
        let answers = try talk(
            plugin,
            .json,
            [
                ["type": "batch", "batch": 1, "documents": [document]], ["type": "flush"],
                ["type": "withdraw", "positions": [7, 9]],
            ]
        )
        let types = ["log", "answer", "progress", "flushed", "log", "withdrawn"]
        #expect(answers.map { $0["type"]?.text } == types)
        #expect(answers[4]["message"] == "withdraw [7, 9]")
    }

    @Test("projects: folds a batch, answers questions")
    func projects() throws {
        var seen: [String] = []
        let plugin = Plugin(
            projection: "x",
            version: "1",
            fold: { events, _ in seen += events.map(\.stream) },
            query: { arguments, _ in
                guard arguments.isEmpty else {
                    throw Failure("unknown", "there is no \(arguments[0])")
                }
                return Rows(columns: ["document"], rows: seen.map { [.text($0)] })
            }
        )
        let events: [Value] = ["a", "b"].map {
            .map(["position": 1, "type": "t", "stream": .text($0), "facts": [:]])
        }
        let answers = try talk(
            plugin,
            .json,
            [
                ["type": "batch", "batch": 1, "events": .array(events)],
                ["type": "query", "arguments": []],
                ["type": "query", "arguments": ["z"]],
            ]
        )
        #expect(answers[0] == ["type": "answer", "batch": 1, "index": 1])
        #expect(answers[1]["rows"] == [["a"], ["b"]])
        #expect(answers[2]["error"] == "there is no z")
    }

    @Test("passes over messages that it does not know")
    func unknown() throws {
        let plugin = Plugin("x", version: "1") { _, _ in Answer() }
        let answers = try talk(plugin, .json, [["type": "new"], batch("a")])
        #expect(answers == [["type": "answer", "batch": 7, "index": 0]])
    }
}
