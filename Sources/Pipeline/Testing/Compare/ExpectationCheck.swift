internal import Bytes
internal import YAML

/// Compares what came with what was expected, and says what would have to be written instead.
///
/// Only what is named is compared. A list is compared whole: one that holds more than is expected
/// is no less wrong than one that lacks something.
struct ExpectationCheck {
    /// The document, or the projection.
    let subject: String
    private(set) var mismatches: [Mismatch] = []
    /// Why a document lacks what it would have been given later on; empty for one that was kept.
    private var end = ""

    init(subject: String) { self.subject = subject }

    /// What came of a document.
    mutating func document(_ expectation: PipelineTest.Expectation, _ facts: CBORValue) {
        let node = expectation.value
        let outcome = facts["outcome"]?.text ?? ""
        if outcome != "kept" { end = ": " + Self.told(facts) }
        guard let mapping = node.mapping else {
            guard node.text != outcome else { return }
            let edit = SourceEdit(expectation.slot, YAMLText.flow(Self.outcome(facts)))
            return note("", node, Self.told(facts), [edit])
        }
        for entry in mapping.entries {
            let key = entry.key.text ?? ""
            let slot = ExpectationSlot(entry, of: node)
            if ExpectationSyntax.outcomes.contains(key) {
                self.outcome(slot, key, facts)
                continue
            }
            switch key {
            case "annotations": byAnnotator(slot, facts[key], key, name: "id")
            case "unresolved": byAnnotator(slot, facts[key], key, name: "text")
            case "removed": list(slot, facts[key], key, name: "rule", isOrdered: true)
            default: value(slot, facts[key], key)
            }
        }
    }

    /// What a projection shows.
    mutating func rows(_ expectation: PipelineTest.Expectation, _ rows: CBORValue) {
        let name = rows.items.first?.pairs.first?.key ?? ""
        list(expectation.slot, rows, "", name: name, isOrdered: false)
    }

    // MARK: Outcomes

    private mutating func outcome(_ slot: ExpectationSlot, _ key: String, _ facts: CBORValue) {
        let actual = facts["outcome"]?.text ?? ""
        guard key == actual, let reasons = facts[actual] else {
            let reasons = Self.outcome(facts)
            var edits = [SourceEdit(slot, YAMLText.flow(reasons[actual] ?? .bool(true)))]
            if let keyNode = slot.key { edits.append(SourceEdit(keyNode.range, actual)) }
            note("", slot.key ?? slot.node, Self.told(facts), edits, expected: key)
            return
        }
        guard let mapping = slot.node.mapping else { return }
        for entry in mapping.entries {
            let name = entry.key.text ?? ""
            value(ExpectationSlot(entry, of: slot.node), reasons[name], "\(key).\(name)")
        }
    }

    /// An outcome with the reasons that are worth writing down.
    static func outcome(_ facts: CBORValue) -> CBORValue {
        let outcome = facts["outcome"]?.text ?? ""
        let kept = ["rule", "value", "of", "code"]
        let reasons = facts[outcome]?.pairs.filter { kept.contains($0.key) } ?? []
        let value: CBORValue = outcome == "kept" ? .bool(true) : .map(reasons)
        return .map([CBORValue.Pair(outcome, value)])
    }

    /// An outcome with all its reasons, in a line.
    static func told(_ facts: CBORValue) -> String {
        let outcome = facts["outcome"]?.text ?? ""
        let reasons = facts[outcome]?.pairs ?? []
        guard !reasons.isEmpty else { return outcome }
        return outcome + " "
            + YAMLText.flow(.map(reasons.filter { $0.value != .map([]) }))
    }

    // MARK: Values

    private mutating func value(_ slot: ExpectationSlot, _ actual: CBORValue?, _ path: String) {
        let node = slot.node
        if node.isNull {
            if let actual, actual != .null { differ(slot, actual, path) }
            return
        }
        switch (node.kind, actual) {
        case (.scalar, .text(let text)):
            if node.text?.utf8.elementsEqual(text.utf8) != true { differ(slot, actual, path) }
        case (.scalar(let scalar), .integer), (.scalar(let scalar), .double):
            guard let number = actual?.number,
                NumberExpectation(scalar.text)?.holds(for: number) == true
            else { return differ(slot, actual, path) }
        case (.scalar(let scalar), .bool(let truth)):
            if scalar.text.lowercased() != String(truth) { differ(slot, actual, path) }
        case (.scalar, .array(let items)):
            // One text stands for a list of one.
            if items.count != 1 || !Self.holds(node, items[0]) { differ(slot, actual, path) }
        case (.sequence(let nodes), .array(let items)):
            guard nodes.count == items.count, zip(nodes, items).allSatisfy(Self.holds) else {
                return differ(slot, actual, path)
            }
        case (.mapping(let mapping), .text(let text)):
            parts(slot, mapping, text, path)
        case (.mapping(let mapping), .map):
            for entry in mapping.entries {
                let name = entry.key.text ?? ""
                let inner = ExpectationSlot(entry, of: node)
                value(inner, actual?[name], path + "." + name)
            }
        default: differ(slot, actual, path)
        }
    }

    /// What a text must hold, and what it must not.
    private mutating func parts(
        _ slot: ExpectationSlot,
        _ mapping: Mapping,
        _ text: String,
        _ path: String
    ) {
        for (key, isWanted) in [("contains", true), ("lacks", false)] {
            guard let node = mapping[key] else { continue }
            for part in node.sequence ?? [node] {
                let words = part.text ?? ""
                guard text.utf8.firstRange(of: words.utf8) != nil || words.isEmpty else {
                    if isWanted { note(path + " contains", part, text, slot.edits(.text(text))) }
                    continue
                }
                if !isWanted { note(path + " lacks", part, text, slot.edits(.text(text))) }
            }
        }
    }

    private static func holds(_ node: Node, _ actual: CBORValue) -> Bool {
        var check = ExpectationCheck(subject: "")
        check.value(ExpectationSlot(node, key: nil, indent: nil), actual, "")
        return check.mismatches.isEmpty
    }

    // MARK: Lists of what was found

    private mutating func byAnnotator(
        _ slot: ExpectationSlot,
        _ actual: CBORValue?,
        _ path: String,
        name: String
    ) {
        for entry in slot.node.mapping?.entries ?? [] {
            let annotator = entry.key.text ?? ""
            let inner = ExpectationSlot(entry, of: slot.node)
            list(inner, actual?[annotator], "\(path).\(annotator)", name: name, isOrdered: false)
        }
    }

    /// A list of maps, of which each is known by one of its values.
    private mutating func list(
        _ slot: ExpectationSlot,
        _ actual: CBORValue?,
        _ path: String,
        name: String,
        isOrdered: Bool
    ) {
        guard let items = actual?.array else {
            if !slot.node.isNull { differ(slot, actual, path) }
            return
        }
        switch slot.node.kind {
        case .mapping(let mapping): named(slot.node, mapping, items, path, name: name)
        case .sequence(let nodes):
            let pairing = ListPairing(nodes, items, name: name, isOrdered: isOrdered) {
                node,
                item in
                Self.holds(node, item, name: name)
            }
            guard pairing.isComplete else {
                let text = ListText(slot, name: name).text(items, pairing)
                return note(
                    path,
                    slot.node,
                    ListText(slot, name: name).shown(items),
                    [SourceEdit(slot, text)]
                )
            }
            for (node, item) in pairing.differing {
                let label = items[item][name].map { YAMLText.flow($0) } ?? "\(item + 1)"
                value(
                    ExpectationSlot(node, key: nil, indent: nil),
                    items[item],
                    path.isEmpty ? label : "\(path).\(label)"
                )
            }
        case .scalar: differ(slot, actual, path)
        }
    }

    /// Some of a list, each by its name.
    private mutating func named(
        _ node: Node,
        _ mapping: Mapping,
        _ items: [CBORValue],
        _ path: String,
        name: String
    ) {
        for entry in mapping.entries {
            let key = entry.key.text ?? ""
            let item = items.first { $0[name].map(YAMLText.plain) == key }
            let label = path.isEmpty ? key : "\(path).\(key)"
            value(ExpectationSlot(entry, of: node), item, label)
        }
    }

    private static func holds(_ node: Node, _ item: CBORValue, name: String) -> Bool {
        if node.text != nil { return item[name].map { holds(node, $0) } ?? false }
        return holds(node, item)
    }

    // MARK: What differs

    private mutating func differ(
        _ slot: ExpectationSlot,
        _ actual: CBORValue?,
        _ path: String
    ) {
        let text = actual?.text
        let found = text ?? actual.map { YAMLText.flow($0) } ?? "nothing" + end
        var areTexts = text != nil && slot.node.text != nil
        if slot.node.isNull { areTexts = false }
        note(path, slot.node, found, slot.edits(actual ?? .null), areTexts: areTexts)
    }

    private mutating func note(
        _ path: String,
        _ node: Node,
        _ found: String,
        _ edits: [SourceEdit]?,
        expected: String? = nil,
        areTexts: Bool = false
    ) {
        // What came from the environment may be a secret, and must not be overwritten.
        let isSecret = node.scalar?.isSubstituted == true
        var mismatch = Mismatch(
            subject: subject,
            path: path,
            place: node.range,
            expected: isSecret ? "a value from the environment" : expected ?? Self.shown(node),
            found: found
        )
        mismatch.areTexts = areTexts && !isSecret
        mismatch.edits = isSecret ? nil : edits
        mismatches.append(mismatch)
    }

    private static func shown(_ node: Node) -> String {
        if node.isNull { return "nothing" }
        if let text = node.text { return text }
        return YAMLText.flow(node)
    }
}
