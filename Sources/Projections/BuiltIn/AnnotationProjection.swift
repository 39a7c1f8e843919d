internal import Bytes
internal import Events
internal import GRDB

/// What one annotator found in which documents: the fold behind every index and every count.
struct AnnotationProjection: Projection {
    /// The annotator's name.
    let annotator: String
    /// How much of each finding is kept.
    let keeps: AnnotationContext.Detail

    let version = 1
    var options: String { "annotator=\(annotator) keeps=\(keeps)" }
    var schema: [String] { AnnotationRecord.schema + TermTable.schema }
    let consumes: Set<String>? = [
        EventType.documentIngested.rawValue, EventType.documentCleaned.rawValue,
        EventType.documentDropped.rawValue, EventType.documentUnique.rawValue,
        EventType.documentDuplicate.rawValue, EventType.documentEnriched.rawValue,
        EventType.documentFailed.rawValue, FactKind.documentRetracted.rawValue,
    ]

    func makeFold(_ database: Database) throws -> AnyFold {
        let wanted = Array(annotator.utf8)
        let fold = try DocumentFold<AnnotationRecord>(
            database,
            context: AnnotationContext(terms: TermTable(database), detail: keeps),
            isWanted: { kind, facts throws(CBORError) in
                guard kind == .enriched else { return true }
                var reader = CBORReader(facts)
                for _ in 0..<(try reader.map()) {
                    if try reader.fieldName() == .annotator {
                        let range = try reader.textRange()
                        return facts.extracting(range).isEqual(to: wanted.span)
                    }
                    try reader.skip()
                }
                return false
            },
            flushContext: { context, database in try context.terms.flush(database) }
        )
        return AnyFold(fold)
    }

    func digest(_ database: Database, into digest: inout DigestBuilder) throws {
        let terms = try TermTexts(database)
        let rows = try RowStatement(database, AnnotationRecord.select("ORDER BY document"))
        while try rows.next() {
            let record = AnnotationRecord(rows, at: 1)
            let document = rows.bytes(0)
            try digest.row { writer in
                writer.array(4)
                writer.text(utf8: document.span)
                writer.integer(record.published.rawValue)
                writer.bool(record.counts)
                try writeFindings(record, terms, into: &writer)
            }
        }
    }

    private func writeFindings(
        _ record: AnnotationRecord,
        _ terms: TermTexts,
        into writer: inout CBORWriter
    ) throws(ProjectionError) {
        let findings = record.findings(keeps)
        writer.array(findings.count)
        for finding in findings {
            writer.array(4)
            try terms.write(finding.id, into: &writer)
            try terms.write(finding.label, into: &writer)
            writer.integer(finding.mentions)
            writer.array(finding.roleCount)
            for number in 0..<finding.roleCount {
                try terms.write(finding.role(number), into: &writer)
            }
        }
    }
}

extension AnnotationRecord {
    /// The findings, decoded.
    func findings(_ detail: AnnotationContext.Detail) -> [Finding] {
        var offset = 0
        var list: [Finding] = []
        while offset < findings.count {
            list.append(Finding(findings, at: &offset, detail))
        }
        return list
    }
}
