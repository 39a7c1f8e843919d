internal import Bytes

/// What is wrong with an answer, by the protocol's §5 alone.
struct AnswerShape {
    let manifest: PluginManifest
    /// What was asked.
    let item: CBORValue
    let answer: CBORValue

    /// What is wrong; nil if nothing is.
    var problem: String? {
        if let error = answer["error"] {
            guard error["code"]?.text != nil, error["message"]?.text != nil else {
                return "its 'error' lacks a code or a message: \(Shown.text(error))"
            }
            return nil
        }
        return misplaced ?? cleaning ?? found ?? facts ?? documents
    }

    /// A member that its kind does not have.
    private var misplaced: String? {
        let owners: [(String, Set<PluginManifest.Kind>)] = [
            ("text", [.clean]), ("fields", [.clean]), ("removed", [.clean]),
            ("drop", [.clean, .enrich]), ("annotations", [.enrich]), ("events", [.clean, .enrich]),
            ("documents", [.reader]),
        ]
        return owners.first { answer[$0.0] != nil && !$0.1.contains(manifest.kind) }.map {
            "its answer has '\($0.0)', which the answers of kind \(manifest.kind.rawValue) do not have"
        }
    }

    private var cleaning: String? {
        if let text = answer["text"], text.text == nil { return "'text' is no string" }
        if let fields = answer["fields"], fields != .map(fields.pairs) {
            return "'fields' is no object"
        }
        if let removed = answer["removed"] {
            guard let list = removed.array, list.allSatisfy({ $0["rule"]?.text != nil }) else {
                return "'removed' is no list of what has a rule: \(Shown.text(removed))"
            }
        }
        if let drop = answer["drop"], (drop["rule"]?.text ?? "").isEmpty {
            return "'drop' names no rule: \(Shown.text(drop))"
        }
        return nil
    }

    private var found: String? {
        guard let annotations = answer["annotations"] else { return nil }
        guard let list = annotations.array else { return "'annotations' is no list" }
        let text = Array((item["text"]?.text ?? "").utf8)
        let title = Array((item["fields"]?["title"]?.text ?? "").utf8)
        for annotation in list {
            guard let id = annotation["id"]?.text, !id.isEmpty else {
                return "an annotation has no id: \(Shown.text(annotation))"
            }
            if let label = annotation["label"], label.text == nil { return "a label is no string" }
            if let fields = annotation["fields"], fields != .map(fields.pairs) {
                return "the fields of annotation \(Shown.text(id)) are no object"
            }
            if let problem = Self.problem(annotation["spans"], "spans", text) { return problem }
            if let problem = Self.problem(annotation["title_spans"], "title_spans", title) {
                return problem
            }
        }
        return nil
    }

    private static func problem(_ spans: CBORValue?, _ name: String, _ text: [UInt8]) -> String? {
        guard let spans else { return nil }
        guard let list = spans.array else { return "'\(name)' is no list" }
        for span in list {
            guard span.items.count == 2, let start = span.items[0].integer,
                let end = span.items[1].integer
            else { return "'\(name)' has what is no pair of offsets: \(Shown.text(span))" }
            guard start >= 0, start <= end, end <= text.count else {
                return "a span is \(start) to \(end) of a text of \(text.count) bytes"
            }
            for offset in [start, end] where offset < text.count && text[offset] & 0xC0 == 0x80 {
                return "a span is \(start) to \(end), and byte \(offset) is inside of a character"
            }
        }
        return nil
    }

    private var facts: String? {
        guard let events = answer["events"] else { return nil }
        guard let list = events.array else { return "'events' is no list" }
        for event in list {
            guard let type = event["type"]?.text, case .map? = event["facts"] else {
                return "an event has no type, or its facts are no object: \(Shown.text(event))"
            }
            guard manifest.events.contains(type) else {
                return "an event is of type \(Shown.text(type)), which plugin.yaml does not list"
            }
        }
        return nil
    }

    private var documents: String? {
        guard manifest.kind == .reader else { return nil }
        guard let documents = answer["documents"] else { return "it has no 'documents'" }
        guard let list = documents.array else { return "'documents' is no list" }
        var keys: Set<String> = []
        for document in list {
            guard document["text"]?.text != nil else { return "a document has no text" }
            guard let key = document["key"]?.text else {
                if list.count > 1 { return "of several documents, one has no key" }
                continue
            }
            guard keys.insert(key).inserted else {
                return "two documents have the key \(Shown.text(key))"
            }
        }
        return nil
    }
}

extension CBORValue {
    /// Whether two answers say the same: the order of keys and the notation of numbers say nothing.
    func means(_ other: CBORValue) -> Bool {
        switch (self, other) {
        case (.map, .map):
            let mine = pairs.inCBOROrder()
            let theirs = other.pairs.inCBOROrder()
            return mine.count == theirs.count
                && zip(mine, theirs).allSatisfy { $0.key == $1.key && $0.value.means($1.value) }
        case (.array(let mine), .array(let theirs)):
            return mine.count == theirs.count && zip(mine, theirs).allSatisfy { $0.means($1) }
        default:
            if let mine = number, let theirs = other.number { return mine == theirs }
            return self == other
        }
    }

    /// An answer without its number.
    var unnumbered: CBORValue {
        .map(pairs.filter { $0.key != "batch" && $0.key != "index" })
    }
}
