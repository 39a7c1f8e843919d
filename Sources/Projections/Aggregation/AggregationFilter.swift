/// The conditions of an aggregation, sorted by what they choose among.
struct AggregationFilter {
    /// Of documents.
    private var ofDocuments: [(location: FieldLocation, test: FieldTest)] = []
    /// Of findings, by the annotator of the plan.
    private var ofFindings: [Int: [(part: FieldLocation.Part, test: FieldTest)]] = [:]
    private let seesEveryOutcome: Bool

    init(_ aggregation: Aggregation, _ plan: FactPlan) {
        seesEveryOutcome = aggregation.seesEveryOutcome
        for condition in aggregation.conditions {
            guard let location = FieldLocation(condition.field, in: plan) else { continue }
            if case .finding(let annotator, let part) = location {
                ofFindings[annotator, default: []].append((part, condition.test))
            } else {
                ofDocuments.append((location, condition.test))
            }
        }
    }

    /// Whether a document counts, as far as its own fields say.
    func accepts(_ document: DocumentFacts) -> Bool {
        guard seesEveryOutcome || document.outcome.status == .kept else { return false }
        return ofDocuments.allSatisfy { $0.test.holds(of: document.values(at: $0.location)) }
    }

    /// Whether a document counts by the findings of annotators of which no group is made.
    ///
    /// One finding must meet all conditions; what must not be, must be in none of them.
    func accepts(_ document: DocumentFacts, besides grouped: Set<Int>) -> Bool {
        for (annotator, conditions) in ofFindings where !grouped.contains(annotator) {
            let findings = document.findings[annotator]
            let positive = conditions.filter { !$0.test.isNegative }
            let isMet = findings.contains { finding in
                positive.allSatisfy { $0.test.holds(of: finding.values($0.part)) }
            }
            guard positive.isEmpty || isMet else { return false }
            for condition in conditions where condition.test.isNegative {
                let values = findings.lazy.flatMap { $0.values(condition.part) }
                guard condition.test.holds(of: values) else { return false }
            }
        }
        return true
    }

    /// The findings of an annotator that meet the conditions.
    func findings(of annotator: Int, in document: DocumentFacts) -> [DocumentFacts.Finding] {
        guard let conditions = ofFindings[annotator] else { return document.findings[annotator] }
        return document.findings[annotator].filter { finding in
            conditions.allSatisfy { $0.test.holds(of: finding.values($0.part)) }
        }
    }

    /// Whether a document without a finding of an annotator meets the conditions on it.
    func acceptsNone(of annotator: Int) -> Bool {
        ofFindings[annotator, default: []].allSatisfy { $0.test.holds(of: EmptyCollection()) }
    }
}
