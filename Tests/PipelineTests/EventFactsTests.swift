import Bytes
import Events
import Testing

@testable import Pipeline

/// What a run reads of the log before it begins, without decoding whole events.
@Suite("Single facts of an event")
struct EventFactsTests {
    @Test("are those that the whole event holds")
    func exported() throws {
        let event = DocumentExported(
            sink: "export-2",
            path: "out/a.csv",
            offset: 70_000,
            length: 512,
            crc32c: 7
        )
        let facts = event.encoded
        let sink = try EventFacts.text(EventFacts.sink, in: facts.span)
        #expect(Array(facts[sink]) == Array("export-2".utf8))
        #expect(try EventFacts.integer(EventFacts.offset, in: facts.span) == 70_000)
        #expect(try EventFacts.integer(EventFacts.length, in: facts.span) == 512)
    }

    @Test(
        "a fact that is missing is an error, not a crash",
        arguments: [[], [0xA0], [0xA1, 0x61]]
    )
    func missing(facts: [UInt8]) {
        #expect(throws: CBORError.self) {
            try EventFacts.text(EventFacts.sha256, in: facts.span)
        }
    }

    @Test("a revision read from the log is that of the document at hand")
    func revision() throws {
        let failure = DocumentFailed(
            code: "ingest.empty",
            message: "the file is empty",
            file: "a.txt",
            offset: 0,
            attempt: 1,
            retryable: false,
            sha256: String(repeating: "ab", count: 32)
        )
        let facts = failure.encoded
        let range = try EventFacts.text(EventFacts.sha256, in: facts.span)
        #expect(
            Hash128(hashing: facts.span.extracting(range))
                == DocumentIndex.revision(failure.sha256)
        )
    }
}
