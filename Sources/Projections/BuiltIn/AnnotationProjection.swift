internal import Bytes
internal import Events
internal import GRDB

/// What one annotator found in which documents: the fold behind every index and every count.
struct AnnotationProjection: Projection {
    /// The annotator's name.
    let annotator: String
    /// How much of each finding is kept.
    let keeps: AnnotationContext.Detail

    let version = 3
    var options: String { "annotator=\(annotator) keeps=\(keeps)" }
    let schema = AnnotationTables.schema
    let consumes: Set<String>? = [
        EventType.documentIngested.rawValue, EventType.documentCleaned.rawValue,
        EventType.documentDropped.rawValue, EventType.documentUnique.rawValue,
        EventType.documentDuplicate.rawValue, EventType.documentEnriched.rawValue,
        EventType.documentFailed.rawValue, EventType.documentRetracted.rawValue,
        EventType.documentRemoved.rawValue,
    ]

    func makeFold(_ schemas: KnownSchemas) -> AnyFold {
        AnyFold(
            DocumentFold<AnnotationRecord>(
                schemas,
                context: AnnotationContext(annotator: annotator, detail: keeps)
            )
        )
    }

    func makeTables(_ database: Database) throws -> AnyTables {
        AnyTables(try AnnotationTables(database, keeps))
    }

    func digest(_ database: Database, into digest: inout DigestBuilder) throws {
        let texts = try TermTexts(database)
        let keeps = keeps
        var sections = try PackSections(database)
        while let some = try sections.next(byteLimit: 32 << 20) {
            try digest.parts(some) { packs, digest in
                var terms = TermDigest(texts)
                var scratch: [UInt8] = []
                for pack in packs {
                    var reader = PackReader(pack)
                    while try reader.next() {
                        try Self.add(reader, keeps, &terms, &scratch, to: &digest)
                    }
                }
            }
        }
    }

    private static func add(
        _ pack: borrowing PackReader,
        _ keeps: AnnotationContext.Detail,
        _ terms: inout TermDigest,
        _ scratch: inout [UInt8],
        to digest: inout DigestBuilder
    ) throws {
        guard pack.saysSomething else { return }
        // A damaged finding may end in the middle of its five numbers.
        scratch.makeRoom(forVarInts: pack.contents.count + 5)
        var bytes = scratch.mutableSpan
        var end = 0
        let head = pack.head()
        bytes.putVarInt(head.published.rawValue << 1 | (head.counts ? 1 : 0), at: &end)
        var offset = pack.findings.lowerBound
        while let finding = pack.finding(at: &offset, keeps) {
            bytes.putVarInt(try terms.rank(finding.id), at: &end)
            bytes.putVarInt(try terms.rank(finding.label), at: &end)
            bytes.putVarInt(finding.mentions, at: &end)
            bytes.putVarInt(finding.roleCount, at: &end)
            for _ in 0..<finding.roleCount {
                bytes.putVarInt(try terms.rank(pack.role(at: &offset)), at: &end)
            }
        }
        digest.row { writer in
            writer.text(utf8: pack.name.span)
            writer.bytes(scratch.span.extracting(0..<end))
            terms.writeNew(into: &writer)
            writer.null()
        }
    }
}
