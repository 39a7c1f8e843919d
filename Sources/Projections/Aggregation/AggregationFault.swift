/// What is wrong with a part of a declaration.
package struct AggregationFault: Sendable, Hashable {
    /// Which part.
    package enum Part: Sendable, Hashable {
        case whole
        case subject(Int)
        case by(Int)
        case per(Int)
        case condition(Int)
    }

    package let part: Part
    /// What is wrong, in words.
    package let message: String
    /// The word that may be misspelt, and what it may have been.
    package let word: String
    package let candidates: [String]
    /// What to do about it.
    package let hint: String

    init(
        _ part: Part,
        _ message: String,
        word: String = "",
        candidates: [String] = [],
        hint: String
    ) {
        self.part = part
        self.message = message
        self.word = word
        self.candidates = candidates
        self.hint = hint
    }
}

/// The annotators of a pipeline and the fields of their findings; nil where any field may be.
package typealias AnnotationVocabulary = [String: [String]?]

extension AggregationStatement {
    /// Everything that is wrong with it; with a vocabulary also fields that no annotator has.
    package func faults(knowing vocabulary: AnnotationVocabulary? = nil) -> [AggregationFault] {
        var faults = shapeFaults()
        for index in by.indices {
            faults += nameFaults(by[index], reference(by: index), .by(index), vocabulary)
        }
        for (index, name) in per.enumerated() {
            faults += nameFaults(name, reference(name), .per(index), vocabulary)
        }
        for (index, condition) in conditions.enumerated() {
            let reference = reference(condition.field)
            faults += nameFaults(condition.field, reference, .condition(index), vocabulary)
            faults += statusFaults(condition, reference, .condition(index))
        }
        return faults + repeatFaults()
    }

    /// How many of each part there must be.
    private func shapeFaults() -> [AggregationFault] {
        switch verb {
        case .count: return []
        case .index, .top:
            guard by.isEmpty else { return [] }
            let subject = subjects.first ?? Self.documents
            let name =
                subject == Self.documents ? "agency" : FieldReference.singular(of: subject)
            return [
                AggregationFault(
                    .whole,
                    "\(verb.rawValue) needs a field to tell groups apart",
                    hint: "write by: \(name)"
                )
            ]
        case .pairs:
            guard subjects.count != by.count || by.count > 2 else { return [] }
            // One thing by two fields is a pair, too.
            if subjects.count == 1, by.count == 2 { return [] }
            return [
                AggregationFault(
                    .whole,
                    "pairs needs a field for each of its two sides, or one for both",
                    hint: "write {pairs: leaders, by: leader}"
                        + " or {pairs: [leaders, topics], by: [leader, topic]}"
                )
            ]
        }
    }

    private func nameFaults(
        _ name: String,
        _ reference: FieldReference?,
        _ part: AggregationFault.Part,
        _ vocabulary: AnnotationVocabulary?
    ) -> [AggregationFault] {
        guard let reference else { return [unknown(name, part, vocabulary)] }
        guard case .annotation(let annotator, let field) = reference, let vocabulary else {
            return []
        }
        guard let known = vocabulary[annotator] else {
            // That a subject is no annotator is said at the subject.
            return subjects.contains(annotator) ? [] : [unknown(name, part, vocabulary)]
        }
        guard let fields = known, case .own(let path) = field, let first = path.first,
            !fields.contains(first)
        else { return [] }
        let all = FieldReference.AnnotationField.common + fields
        let prefix = name.contains(".") ? annotator + "." : ""
        let short = subjects.contains(annotator) ? [FieldReference.singular(of: annotator)] : []
        return [
            AggregationFault(
                part,
                "what '\(annotator)' finds has no field '\(path.joined(separator: "."))'",
                word: name,
                candidates: prefix.isEmpty
                    ? short + all + FieldReference.documentNames : all.map { prefix + $0 },
                hint: "its fields are " + all.joined(separator: ", ")
                    + "; those of documents are "
                    + FieldReference.documentNames.joined(separator: ", ")
            )
        ]
    }

    private func unknown(
        _ name: String,
        _ part: AggregationFault.Part,
        _ vocabulary: AnnotationVocabulary?
    ) -> AggregationFault {
        let known = vocabulary.map { $0.keys.sorted { $0.isBefore($1) } } ?? annotators
        var candidates = FieldReference.documentNames
        for annotator in known {
            let fields = (vocabulary?[annotator] ?? nil) ?? []
            for field in FieldReference.AnnotationField.common + fields {
                candidates.append("\(annotator).\(field)")
            }
        }
        // `leader` where `leaders.id` must stand is no slip of the finger, and all the likelier.
        let meant = known.first { name == $0 || name == FieldReference.singular(of: $0) }
        let list = candidates.joined(separator: ", ")
        return AggregationFault(
            part,
            "there is no field '\(name)'",
            word: meant == nil ? name : "",
            candidates: candidates,
            hint: meant.map { "did you mean \"\($0).id\"?" } ?? "the fields are \(list)"
        )
    }

    /// A status that no document can have.
    private func statusFaults(
        _ condition: Condition,
        _ reference: FieldReference?,
        _ part: AggregationFault.Part
    ) -> [AggregationFault] {
        guard reference == .outcome(.status) else { return [] }
        let names = DocumentStatus.allCases.map(\.name)
        return condition.test.literals.filter { !names.contains($0.text) }.map { literal in
            AggregationFault(
                part,
                "no document has the status '\(literal.text)'",
                word: literal.text,
                candidates: names,
                hint: "the statuses are " + names.joined(separator: ", ")
            )
        }
    }

    private func repeatFaults() -> [AggregationFault] {
        var seen: Set<String> = []
        let parts =
            per.enumerated().map { ($1, AggregationFault.Part.per($0)) }
            + by.enumerated().map { ($1, AggregationFault.Part.by($0)) }
        return parts.filter { !seen.insert($0.0).inserted }.map { name, part in
            AggregationFault(part, "'\(name)' stands here twice", hint: "name each field once")
        }
    }
}
