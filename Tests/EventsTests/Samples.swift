import Bytes
import Events
import Testing

/// A payload of some type, as bytes, with what the type can do.
struct Sample: CustomTestStringConvertible, Sendable {
    let name: String
    let bytes: [UInt8]
    let testDescription: String
    /// Reads bytes as the payload and writes it again.
    let reencoded: @Sendable ([UInt8]) throws -> [UInt8]
    /// Whether bytes read as the same payload.
    let isEqual: @Sendable ([UInt8]) throws -> Bool

    init<Payload: EventPayload & Equatable>(_ payload: Payload, _ note: String = "") {
        name = Payload.type.rawValue
        bytes = payload.encoded
        testDescription = name + (note.isEmpty ? "" : ", " + note)
        reencoded = { try Payload(cbor: $0.span).encoded }
        isEqual = { try Payload(cbor: $0.span) == payload }
    }
}

/// One of each payload, with every field set.
enum Samples {
    static let fields: DocumentFields = {
        var fields = DocumentFields()
        fields.title = "A \u{201C}title\u{201D}"
        fields.byline = "By A. Writer"
        fields.dateline = "MOSCOW, Nov. 21"
        fields.caption = "A caption"
        fields.credit = "Photo: X"
        fields.agency = "SOURCE: Y"
        fields.tags = ["one", "two \u{6C34}"]
        fields.published = CalendarDate(iso: "2017-11-21")
        return fields
    }()

    static let fingerprint = DocumentFingerprint(
        exact: Hash128(high: 0x0123_4567_89AB_CDEF, low: .max),
        minhash: (0..<256).map { UInt8($0) }
    )

    static let all: [Sample] = documents + others

    private static let documents = [
        Sample(
            DocumentRetracted(
                reason: "a court order, 12/26 \u{2014} \u{6C34}",
                by: "A. Editor",
                source: "news/a.jsonl",
                revisions: [String(repeating: "ab", count: 32), String(repeating: "0", count: 64)],
                words: [String(repeating: "c", count: 32)],
                erases: [0, 23, 256, 1 << 40]
            )
        ),
        Sample(
            DocumentRetracted(
                reason: "asked for",
                by: nil,
                source: "-",
                revisions: [],
                words: [],
                erases: []
            ),
            "of which nothing is known"
        ),
        Sample(
            DocumentDropped(
                rule: "retracted",
                value: 1,
                minimum: nil,
                maximum: 0,
                sha256: String(repeating: "cd", count: 32),
                source: "news/a.jsonl"
            ),
            "not let in"
        ),
        Sample(
            DocumentIngested(
                source: "news/a.jsonl",
                offset: 1 << 33,
                record: 70_000,
                media: "application/json",
                charset: "utf-8",
                sha256: String(repeating: "ab", count: 32),
                fields: fields,
                metadata: .map([
                    CBORValue.Pair("a", .array([.double(1.5), .null, .bool(true)])),
                    CBORValue.Pair("bb", .map([CBORValue.Pair("c", .integer(-7))])),
                ])
            )
        ),
        Sample(
            DocumentIngested(
                source: "-",
                offset: 0,
                record: 1,
                media: "text/plain",
                charset: "utf-16le",
                sha256: "",
                fields: DocumentFields(),
                metadata: .map([])
            ),
            "with nothing known"
        ),
        Sample(
            DocumentCleaned(
                fields: fields,
                rules: [
                    DocumentCleaned.RuleCount(rule: "nfc", count: 3),
                    DocumentCleaned.RuleCount(rule: "spaces", count: 300),
                ],
                removed: [
                    DocumentCleaned.Removal(rule: "byline", text: "By A. Writer", length: 12),
                    DocumentCleaned.Removal(rule: "residue", text: "Comments", length: 9000),
                ],
                measurements: [
                    DocumentCleaned.Measurement(name: "words", value: 512),
                    DocumentCleaned.Measurement(name: "letters", value: 0.8125),
                ]
            )
        ),
        Sample(DocumentDropped(rule: "words", value: 3, minimum: 20, maximum: 100_000)),
        Sample(
            DocumentDropped(rule: "letters", value: 0.1, minimum: nil, maximum: nil),
            "no bounds"
        ),
        Sample(DocumentUnique(fingerprint: fingerprint)),
        Sample(
            DocumentDuplicate(
                of: DocumentID(rawValue: "news/a.jsonl#1"),
                kind: .near,
                similarity: 0.890625,
                threshold: 0.8,
                fingerprint: fingerprint
            )
        ),
        Sample(
            DocumentEnriched(
                annotator: "leaders",
                annotations: [
                    Annotation(
                        id: "vladimir-putin",
                        label: "Vladimir Putin",
                        spans: [ByteSpan(start: 0, end: 14), ByteSpan(start: 300, end: 305)],
                        titleSpans: [ByteSpan(start: 2, end: 7)],
                        fields: [
                            CBORValue.Pair("role", .text("President")),
                            CBORValue.Pair("country", .text("RU")),
                        ]
                    )
                ],
                unresolved: [
                    UnresolvedMention(
                        text: "Kim",
                        reason: "ambiguous",
                        candidates: ["a", "b"],
                        span: ByteSpan(start: 70_000, end: 70_003)
                    )
                ]
            )
        ),
    ]

    private static let others = [
        Sample(
            DocumentExported(
                sink: "export",
                path: "out/a.jsonl",
                offset: 1 << 40,
                length: 4096,
                crc32c: .max
            )
        ),
        Sample(ExportRewritten(sink: "export", path: "out/a.csv", length: 0, records: 12)),
        Sample(
            DocumentFailed(
                code: "ingest.not-text",
                message: "byte 0xff is not UTF-8",
                file: "a.bin",
                offset: 3,
                attempt: 2,
                retryable: true,
                sha256: "00"
            )
        ),
        Sample(
            PipelineDefined(
                name: "leaders",
                yaml: "pipeline: leaders\n",
                stages: [
                    PipelineDefined.StageFingerprint(stage: "ingest", fingerprint: "aa"),
                    PipelineDefined.StageFingerprint(stage: "clean", fingerprint: "bb"),
                ]
            )
        ),
        Sample(RunStarted(engine: "local", sources: ["seeds/*.txt", "-"])),
        Sample(RunFinished(stages: [balance], unchanged: 5)),
        Sample(LogRecovered(segment: "00000000000000000000.seg", offset: 4096, length: 17)),
        Sample(
            LogRepaired(
                lost: [
                    LogRepaired.Loss(
                        first: 3,
                        last: 9,
                        segment: "00000000000000000000.seg",
                        reason: "a damaged batch"
                    )
                ],
                steps: ["mend it"],
                quarantine: ["quarantine/00000000000000000000.seg"]
            )
        ),
    ]

    private static let balance: StageBalance = {
        var balance = StageBalance(stage: "clean")
        (balance.input, balance.kept, balance.dropped) = (10, 4, 3)
        (balance.duplicates, balance.failed) = (2, 1)
        return balance
    }()
}
