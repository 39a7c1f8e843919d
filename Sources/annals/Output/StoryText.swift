internal import Bytes
internal import Events
internal import Projections

/// A document's story as people read it: a paragraph an event.
struct StoryText {
    private let story: DocumentStory

    init(_ story: DocumentStory) {
        self.story = story
    }

    var text: String {
        var lines = [story.document]
        var run = ""
        for event in story.events {
            if event.run != run {
                run = event.run
                lines.append("")
                let name = run.isEmpty ? "by hand" : "run " + run
                lines.append("\(name), \(Timestamp.iso8601(event.time))")
            }
            // A line each, whatever the facts hold.
            let told = Self.tell(event).map { TerminalText.escaped($0) }
            lines.append("  \(event.position)  \(event.stage): \(told.first ?? event.type)")
            for line in told.dropFirst() { lines.append("      " + line) }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The first line says what happened, the others why.
    private static func tell(_ event: DocumentStory.Event) -> [String] {
        let facts = event.payload
        if event.isErased { return ["\(event.type), erased"] }
        switch EventType(rawValue: event.type) {
        case .documentIngested: return ingested(facts)
        case .documentCleaned: return cleaned(facts)
        case .documentDropped:
            return ["dropped by \(facts["rule"]?.text ?? "?"): \(comparison(facts))"]
        case .documentUnique: return ["unique: no earlier document is like it"]
        case .documentDuplicate:
            let similarity = number(facts["similarity"]?.number)
            let threshold = number(facts["threshold"]?.number)
            return [
                "\(facts["kind"]?.text ?? "") duplicate of \(facts["of"]?.text ?? "?"):"
                    + " similarity \(similarity), threshold \(threshold)"
            ]
        case .documentEnriched: return enriched(facts)
        case .documentExported:
            guard facts["length"]?.integer != 0 else {
                return ["brought to \(facts["path"]?.text ?? "?")"]
            }
            return [
                "exported to \(facts["path"]?.text ?? "?"), byte \(facts["offset"]?.integer ?? 0),"
                    + " \(facts["length"]?.integer ?? 0) bytes"
            ]
        case .documentFailed:
            return [
                "failed [\(facts["code"]?.text ?? "?")] at \(facts["file"]?.text ?? "?"),"
                    + " byte \(facts["offset"]?.integer ?? 0)",
                facts["message"]?.text ?? "",
            ]
        case .documentRetracted:
            return ["withdrawn: " + (facts["reason"]?.text ?? "?")]
        case .pluginAnswered:
            return ["\(facts["plugin"]?.text ?? "?") answered; the answer is on record"]
        default: return [appended(event)]
        }
    }

    /// An event of a plugin's own, whose facts only the plugin understands.
    private static func appended(_ event: DocumentStory.Event) -> String {
        let facts = plain(event.payload)
        return event.type + " " + (facts.count > 100 ? facts.prefix(99) + "…" : facts)
    }

    private static func ingested(_ facts: CBORValue) -> [String] {
        var lines = [
            "read from \(facts["source"]?.text ?? "?"), byte \(facts["offset"]?.integer ?? 0)"
                + " (\(facts["media"]?.text ?? ""), \(facts["charset"]?.text ?? ""))"
        ]
        lines.append("revision \((facts["sha256"]?.text ?? "").prefix(16))…")
        lines += fields(facts["fields"])
        return lines
    }

    private static func cleaned(_ facts: CBORValue) -> [String] {
        let measured = (facts["measurements"]?.pairs ?? [])
            .map { "\($0.key) \(number($0.value.number))" }
        var lines = ["cleaned: " + measured.joined(separator: ", ")]
        lines += fields(facts["fields"])
        for removal in facts["removed"]?.items ?? [] {
            lines.append(
                "removed by \(removal["rule"]?.text ?? "?"): \(excerpt(removal["text"]?.text))"
            )
        }
        let rules = (facts["rules"]?.pairs ?? []).map { "\($0.key) ×\($0.value.integer ?? 0)" }
        if !rules.isEmpty { lines.append("rules: " + rules.joined(separator: ", ")) }
        return lines
    }

    private static func enriched(_ facts: CBORValue) -> [String] {
        let annotations = facts["annotations"]?.items ?? []
        var lines = ["\(facts["annotator"]?.text ?? "?"): \(annotations.count) found"]
        for annotation in annotations {
            let places =
                (annotation["spans"]?.items.count ?? 0)
                + (annotation["title_spans"]?.items.count ?? 0)
            let details = (annotation["fields"]?.pairs ?? []).compactMap { pair in
                pair.value == .null ? nil : "\(pair.key) \(plain(pair.value))"
            }
            lines.append(
                "\(annotation["label"]?.text ?? "") (\(annotation["id"]?.text ?? ""))"
                    + " ×\(places)"
                    + (details.isEmpty ? "" : ": " + details.joined(separator: ", "))
            )
        }
        for mention in facts["unresolved"]?.items ?? [] {
            let candidates = (mention["candidates"]?.items ?? []).compactMap(\.text)
            lines.append(
                "unresolved \(excerpt(mention["text"]?.text)): \(mention["reason"]?.text ?? "")"
                    + (candidates.isEmpty ? "" : " (\(candidates.joined(separator: ", ")))")
            )
        }
        return lines
    }

    private static func fields(_ fields: CBORValue?) -> [String] {
        (fields?.pairs ?? []).map { pair in
            let items = pair.value.items.compactMap(\.text)
            return "\(pair.key): "
                + (items.isEmpty ? plain(pair.value) : items.joined(separator: ", "))
        }
    }

    private static func comparison(_ facts: CBORValue) -> String {
        let value = number(facts["value"]?.number)
        let threshold = facts["threshold"]
        var bounds: [String] = []
        if let minimum = threshold?["min"]?.number { bounds.append("at least \(number(minimum))") }
        if let maximum = threshold?["max"]?.number { bounds.append("at most \(number(maximum))") }
        return "measured \(value), asked for \(bounds.joined(separator: " and "))"
    }

    private static func plain(_ value: CBORValue) -> String {
        switch value {
        case .text(let text): text
        case .integer, .double: number(value.number)
        default:
            {
                var writer = JSONWriter()
                writer.value(value)
                return String(decoding: writer.bytes, as: UTF8.self)
            }()
        }
    }

    private static func excerpt(_ text: String?) -> String {
        let text = (text ?? "").split(whereSeparator: \.isNewline).joined(separator: " ")
        return text.count > 100 ? "“\(text.prefix(99))…”" : "“\(text)”"
    }

    private static func number(_ value: Double?) -> String {
        guard let value else { return "?" }
        if let whole = Int(exactly: value) { return BalanceSheet.grouped(whole) }
        return ((value * 1000).rounded() / 1000).description
    }
}
