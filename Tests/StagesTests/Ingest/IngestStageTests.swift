import Bytes
import Events
import Pipeline
import Testing
import YAML

@testable import Stages

@Suite("Ingest stage")
struct IngestStageTests {
    @Test("a text file is a document under its path, with its bytes as content")
    func text() throws {
        let document = try #require(
            stage().parse([record("Hello.\n", record: nil, source: "n/a.txt")]).first
        )
        #expect(document.id.rawValue == "n/a.txt")
        #expect(document.isLive)
        #expect(document.body == Array("Hello.\n".utf8))
        let event = try ingested(document)
        #expect(event.source == "n/a.txt" && event.offset == 0 && event.record == 1)
        #expect(event.media == "text/plain" && event.charset == "utf-8")
        #expect(event.sha256 == document.revision)
        #expect(event.fields.published == nil)
        #expect(document.events[0].content == document.body)
    }

    @Test("a record's fields become the document's, the rest its metadata")
    func fields() throws {
        let json =
            #"{"z":[1,{"k":null}],"title":"T","byline":"B","published":"2017-11-21T08:00:00Z","#
            + #""text":"Body\n\u00e9","id":"doc-1","a":1.5}"#
        let document = parse(json)
        #expect(document.id.rawValue == "doc-1")
        #expect(document.body == Array("Body\n\u{E9}".utf8))
        #expect(document.fields.title == "T" && document.fields.byline == "B")
        #expect(document.fields.published?.description == "2017-11-21")
        #expect(document.metadata.pairs.map(\.key) == ["a", "z", "published"])
        let event = try ingested(document)
        #expect(event.metadata == document.metadata)
        #expect(event.media == "application/json" && event.record == 7 && event.offset == 1000)
    }

    static let ids: [(json: String, id: String)] = [
        (#"{"text":"x"}"#, "a.jsonl#7"), (#"{"id":42,"text":"x"}"#, "42"),
        (#"{"id":null,"text":"x"}"#, "a.jsonl#7"), (#"{"id":"a","id":"b","text":"x"}"#, "b"),
        (#"{"text":"x","id":"\u00e9\n"}"#, "\u{E9}\n"), (#"{"id":-1,"text":"x"}"#, "-1"),
    ]

    @Test("a document's id is its record's, else its file and number", arguments: ids)
    func id(json: String, id: String) {
        #expect(parse(json).id.rawValue == id)
    }

    static let dates: [(value: String, published: String?)] = [
        (#""2017-11-21""#, "2017-11-21"), (#""21 November 2017""#, nil), (#""2017-02-30""#, nil),
        (#""""#, nil), ("null", nil),
    ]

    @Test(
        "a date that is none stays unknown, and what was said stays in the metadata",
        arguments: dates
    )
    func published(value: String, published: String?) {
        let document = parse(#"{"text":"x","published":\#(value)}"#)
        #expect(document.isLive)
        #expect(document.fields.published?.description == published)
        #expect(document.metadata.pairs.isEmpty == (value == "null" || value == #""""#))
    }

    @Test("several text fields make one body, in the order declared")
    func textFields() {
        var options = IngestOptions()
        options.fields.text = ["lead", "text", "tail"]
        let document = parse(#"{"text":"B","tail":null,"lead":"A","x":1}"#, options)
        #expect(document.body == Array("A\n\nB".utf8))
    }

    static let failures: [(json: String, code: String, offset: Int, words: String)] = [
        (#"{"text":"#, "ingest.bad-json", 8, "cut off"),
        (#"{"text":"abc"#, "ingest.bad-json", 12, "cut off"),
        (#"{"text":"a"} x"#, "ingest.bad-json", 13, "the end"),
        ("[1]", "ingest.bad-json", 0, "'{'"),
        (#"{"text":"a",}"#, "ingest.bad-json", 12, "value after ','"),
        (#"{"text": 7}"#, "ingest.wrong-type", 9, "a number"),
        (#"{"text":["a"]}"#, "ingest.wrong-type", 8, "an array"),
        (#"{"text":"a","title":{}}"#, "ingest.wrong-type", 20, "an object"),
        (#"{"text":"a","published":17}"#, "ingest.wrong-type", 24, "'published'"),
        (#"{"text":"a","id":true}"#, "ingest.wrong-type", 17, "true or false"),
        (#"{"text":"a","id":1.5}"#, "ingest.wrong-type", 17, "a number"),
        (#"{"text":"a","id":""}"#, "ingest.wrong-type", 17, "an empty string"),
        (#"{"id":"a"}"#, "ingest.missing-field", 0, "fields.text"),
        (#"{"text":""}"#, "ingest.empty", 0, "'text'"),
        (#"{"text":null}"#, "ingest.missing-field", 0, "'text'"),
        (#"{"text":"a","n":1e999}"#, "ingest.bad-json", 16, "binary64"),
    ]

    @Test("a record that is no document fails with its file and byte offset", arguments: failures)
    func failure(json: String, code: String, offset: Int, words: String) throws {
        let failed = try failure(of: parse(json))
        #expect(failed.code == code)
        #expect(failed.file == "a.jsonl")
        #expect(failed.offset == 1000 + offset)
        #expect(failed.message.contains(words), "\(failed.message)")
        #expect(!failed.retryable)
    }

    @Test("a record cut at any byte fails, at or before the cut")
    func truncation() throws {
        let json = Array(#"{"id":"1","text":"a\u00e9b","m":{"k":[1,true,null]}}"#.utf8)
        for end in 1..<json.count {
            let failed = try failure(of: parse(bytes: Array(json[..<end])))
            #expect(failed.code == "ingest.bad-json")
            #expect((1000...(1000 + end)).contains(failed.offset))
        }
    }

    @Test("bytes that are no text fail where they stop being text")
    func notText() throws {
        let bad = Array(#"{"text":"a"#.utf8) + [0xFF, 0x22, 0x7D]
        let failed = try failure(of: parse(bytes: bad))
        #expect(failed.code == "ingest.not-text" && failed.offset == 1010)
        let binary = stage().parse([
            RawRecord(
                origin: Document.Origin(source: "a.png", offset: 0, record: nil),
                bytes: [0x89, 0x50, 0x4E, 0x47]
            )
        ])
        let other = try failure(of: binary[0])
        #expect(other.code == "ingest.not-text" && other.offset == 0 && other.file == "a.png")
    }

    @Test("a byte order mark moves no offset")
    func markedOffset() throws {
        let failed = try failure(of: parse(bytes: [0xEF, 0xBB, 0xBF] + Array("{\"text\":7}".utf8)))
        #expect(failed.offset == 1011)
    }

    @Test(
        "an empty file, even one with a byte order mark, is a failure",
        arguments: [[], [0xEF, 0xBB, 0xBF], [0xFF, 0xFE]] as [[UInt8]]
    )
    func empty(bytes: [UInt8]) throws {
        let origin = Document.Origin(source: "a.txt", offset: 0, record: nil)
        let failed = try failure(of: stage().parse([RawRecord(origin: origin, bytes: bytes)])[0])
        #expect(failed.code == "ingest.empty")
    }

    @Test("an id that the log could not name a stream by is refused")
    func longID() throws {
        let failed = try failure(
            of: parse(#"{"text":"a","id":"\#(String(repeating: "x", count: 1025))"}"#)
        )
        #expect(failed.code == "ingest.long-id")
        #expect(parse(#"{"text":"a","id":"\#(String(repeating: "x", count: 1024))"}"#).isLive)
    }

    @Test("an id that the pipeline declares must be there")
    func declaredID() throws {
        var options = IngestOptions()
        options.fields.id = "key"
        options.fields.declared = ["id"]
        #expect(parse(#"{"key":"k","id":"i","text":"x"}"#, options).id.rawValue == "k")
        let failed = try failure(of: parse(#"{"id":"i","text":"x"}"#, options))
        #expect(failed.code == "ingest.missing-field")
    }

    @Test("metadata is deterministic CBOR whatever the record repeats")
    func repeatedKeys() throws {
        let json =
            #"{"b":1,"published":"2017-01-01","a":2,"published":"2018-01-01","b":3,"text":"x","text":"y"}"#
        let document = parse(json)
        #expect(document.fields.published?.year == 2018)
        #expect(document.body == [0x79])
        #expect(try ingested(document).metadata.pairs.map(\.key) == ["a", "b", "published"])
        #expect(document.metadata["b"] == .integer(3))
    }

    @Test("nested metadata that is read can be replayed")
    func deepMetadata() throws {
        for (levels, isFine) in [(63, true), (64, true), (65, false)] {
            let deep = String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
            let document = parse(#"{"text":"x","m":\#(deep)}"#)
            #expect(document.isLive == isFine)
            let facts = document.events[0].facts
            #expect(throws: Never.self) { try CBORValue(decoding: facts.span) }
            if isFine { _ = try ingested(document) }
        }
    }

    @Test("a revision changes with the text and with what the source says, not with its order")
    func revision() {
        let one = parse(#"{"id":"1","text":"x","a":1,"b":2}"#).revision
        #expect(parse(#"{"b":2,"text":"x","a":1, "id":"1"}"#).revision == one)
        #expect(parse(#"{"id":"1","text":"y","a":1,"b":2}"#).revision != one)
        #expect(parse(#"{"id":"1","text":"x","a":1,"b":3}"#).revision != one)
        #expect(parse(#"{"id":"1","text":"x","a":1,"b":2,"title":"t"}"#).revision != one)
    }

    @Test(
        "nothing but wrong options keeps the stage from being built, and all of them are reported"
    )
    func options() {
        #expect(
            build("{from: [a.txt], format: jsonl, charset: windows-1252, max_bytes: 1000}").0 != nil
        )
        #expect(build("{from: a.txt, fields: {id: url, text: [lead, text]}}").0 != nil)
        let (none, bag) = build("{from: [], format: pdf, charset: latin, max_bytes: 0, form: 1}")
        #expect(none == nil)
        #expect(bag.errors.count == 5, "\(bag.errors.map(\.message))")
        #expect(build("{format: text}").0 == nil)
    }

    private func build(_ yaml: String) -> ((any Stage)?, DiagnosticBag) {
        var context = StageContext(
            name: "ingest",
            number: 0,
            folder: "",
            diagnostics: DiagnosticBag()
        )
        guard let node = try? YAMLParser.parse(YAMLSource(name: "p", text: yaml)) else {
            return (nil, context.diagnostics)
        }
        return (IngestStage.kind.build(node, &context), context.diagnostics)
    }

    private func stage(_ options: IngestOptions = IngestOptions()) -> IngestStage {
        IngestStage(name: "ingest", number: 0, options: options)
    }

    private func parse(_ json: String, _ options: IngestOptions = IngestOptions()) -> Document {
        stage(options).parse([record(json, record: 7, source: "a.jsonl")])[0]
    }

    private func parse(bytes: [UInt8]) -> Document {
        let origin = Document.Origin(source: "a.jsonl", offset: 1000, record: 7)
        return stage().parse([RawRecord(origin: origin, bytes: bytes)])[0]
    }

    private func record(_ text: String, record: Int?, source: String) -> RawRecord {
        RawRecord(
            origin: Document.Origin(
                source: source,
                offset: record == nil ? 0 : 1000,
                record: record
            ),
            bytes: Array(text.utf8)
        )
    }

    private func ingested(_ document: Document) throws -> DocumentIngested {
        let event = try #require(document.events.first)
        #expect(event.type == .documentIngested)
        return try DocumentIngested(cbor: event.facts.span)
    }

    private func failure(of document: Document) throws -> DocumentFailed {
        #expect(document.fate == .settled(stage: 0, outcome: .failed))
        let event = try #require(document.events.first)
        #expect(event.type == .documentFailed)
        return try DocumentFailed(cbor: event.facts.span)
    }
}
