internal import Bytes

/// What an aggregation's file says of a document, to be grouped.
struct DocumentFacts {
    let document: [UInt8]
    let outcome: DocumentOutcome
    /// The values of each fact of the plan.
    let facts: [[FieldValue]]
    /// What each annotator of the plan found.
    let findings: [[Finding]]

    /// Something that an annotator found.
    struct Finding {
        let id: FieldValue
        let label: FieldValue
        let mentions: Int
        /// The values of each field of the annotator's plan.
        let fields: [[FieldValue]]
    }

    /// Reads a row; throws if it is damaged.
    init(_ document: [UInt8], _ row: [UInt8], _ plan: FactPlan) throws(ProjectionError) {
        let slots = AggregationRecord.slots(row)
        do throws(CBORError) {
            guard slots.count == plan.slotCount else { throw CBORError(.truncated, at: row.count) }
            self.document = document
            outcome = try DocumentOutcome(slot: slots[0] ?? [])
            var facts: [[FieldValue]] = []
            for slot in slots[1..<plan.firstAnnotatorSlot] {
                facts.append(try Self.values(slot ?? []))
            }
            self.facts = facts
            var findings: [[Finding]] = []
            for (slot, annotator) in zip(slots[plan.firstAnnotatorSlot...], plan.annotators) {
                findings.append(try Self.findings(slot ?? [], annotator.paths.count))
            }
            self.findings = findings
        } catch {
            throw ProjectionError(
                .damaged,
                expected: "what is kept of a document",
                found: error.description,
                hint: "it can be rebuilt: annals replay"
            )
        }
    }

    private static func values(_ slot: [UInt8]) throws(CBORError) -> [FieldValue] {
        var reader = CBORReader(slot.span)
        var values: [FieldValue] = []
        while !reader.isAtEnd { values.append(try FieldValue(&reader) ?? .absent) }
        return values
    }

    private static func findings(
        _ slot: [UInt8],
        _ fieldCount: Int
    ) throws(CBORError) -> [Finding] {
        var reader = CBORReader(slot.span)
        var findings: [Finding] = []
        while !reader.isAtEnd {
            guard try reader.array() == 3 + fieldCount else {
                throw CBORError(.outOfRange, at: reader.offset, expected: "a finding")
            }
            let id = try FieldValue(&reader) ?? .absent
            let label = try FieldValue(&reader) ?? .absent
            let mentions = try reader.integer()
            var fields: [[FieldValue]] = []
            for _ in 0..<fieldCount {
                var values: [FieldValue] = []
                for _ in 0..<(try reader.array()) {
                    values.append(try FieldValue(&reader) ?? .absent)
                }
                fields.append(values)
            }
            findings.append(Finding(id: id, label: label, mentions: mentions, fields: fields))
        }
        return findings
    }
}
