/// Where a plan keeps a field, found once before documents are looked at.
enum FieldLocation {
    case document
    case outcome(FieldReference.OutcomeField)
    case fact(Int)
    case bucket(TimeBucket, Int)
    /// Of an annotator of the plan.
    case finding(Int, Part)

    /// A part of a finding.
    enum Part {
        case id, label, mentions
        case field(Int)
    }

    /// Nil if the plan was not made for the field.
    init?(_ field: FieldReference, in plan: FactPlan) {
        switch field {
        case .document: self = .document
        case .outcome(let field): self = .outcome(field)
        case .bucket(let bucket):
            guard let fact = plan.index(ofFact: FieldReference.published) else { return nil }
            self = .bucket(bucket, fact)
        case .fact(let path):
            guard let fact = plan.index(ofFact: path) else { return nil }
            self = .fact(fact)
        case .annotation(let name, let field):
            guard let annotator = plan.index(ofAnnotator: name) else { return nil }
            switch field {
            case .id: self = .finding(annotator, .id)
            case .label: self = .finding(annotator, .label)
            case .mentions: self = .finding(annotator, .mentions)
            case .own(let path):
                let paths = plan.annotators[annotator].paths
                guard let index = paths.firstIndex(of: path) else { return nil }
                self = .finding(annotator, .field(index))
            }
        }
    }

    /// The annotator of the plan whose findings hold the field.
    var annotator: Int? {
        if case .finding(let annotator, _) = self { annotator } else { nil }
    }
}

extension DocumentFacts {
    /// The values of a field of the document itself, none of them absent.
    func values(at location: FieldLocation) -> [FieldValue] {
        switch location {
        case .document: return [.text(document)]
        case .outcome(let field):
            let value = outcome.value(field)
            return value == .absent ? [] : [value]
        case .fact(let index): return facts[index]
        case .bucket(let bucket, let index):
            return day(index).flatMap(bucket.name(of:)).map { [.text(Array($0.utf8))] } ?? []
        case .finding: return []
        }
    }

    /// The day that a fact says.
    func day(_ index: Int) -> DayNumber? {
        guard case .text(let bytes)? = facts[index].first else { return nil }
        let day = DayNumber(iso: bytes.span)
        return day == .unknown ? nil : day
    }
}

extension DocumentFacts.Finding {
    /// The values of a part, none of them absent.
    func values(_ part: FieldLocation.Part) -> [FieldValue] {
        switch part {
        case .id: [id]
        case .label: [label]
        case .mentions: [.integer(mentions)]
        case .field(let index): fields[index]
        }
    }
}
