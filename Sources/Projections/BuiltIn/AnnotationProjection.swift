internal import Bytes
internal import Events
internal import GRDB

/// What one annotator found in which documents: the fold behind every index and every count.
struct AnnotationProjection: Projection {
    /// The annotator's name.
    let annotator: String
    /// How much of each finding is kept.
    let keeps: AnnotationContext.Detail

    let version = 2
    var options: String { "annotator=\(annotator) keeps=\(keeps)" }
    let schema = AnnotationTables.schema
    let consumes: Set<String>? = [
        EventType.documentIngested.rawValue, EventType.documentCleaned.rawValue,
        EventType.documentDropped.rawValue, EventType.documentUnique.rawValue,
        EventType.documentDuplicate.rawValue, EventType.documentEnriched.rawValue,
        EventType.documentFailed.rawValue, FactKind.documentRetracted.rawValue,
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
        var terms = try TermDigest(database)
        try AnnotationTables.eachDocument(database) { pack in
            let head = pack.head()
            if head.published == .unknown, head.counts, pack.findings.isEmpty { return }
            try digest.row { writer in
                writer.text(utf8: pack.name.span)
                writer.bytes.appendVarInt(head.published.rawValue << 1 | (head.counts ? 1 : 0))
                var offset = pack.findings.lowerBound
                while let finding = pack.finding(at: &offset, keeps) {
                    try terms.write(finding.id, into: &writer)
                    try terms.write(finding.label, into: &writer)
                    writer.bytes.appendVarInt(finding.mentions)
                    writer.bytes.appendVarInt(finding.roleCount)
                    for _ in 0..<finding.roleCount {
                        try terms.write(pack.role(at: &offset), into: &writer)
                    }
                }
                // A text follows a new term's zero: no finding begins like this.
                writer.bytes.append(0)
                writer.null()
            }
        }
    }
}
