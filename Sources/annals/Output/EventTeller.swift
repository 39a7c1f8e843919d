internal import Bytes
internal import EventLog
internal import Events
internal import Projections
internal import Stages

/// Puts an event of a story into words: the first line says what happened, the others why.
struct EventTeller {
    let explanation: Explanation
    let telling: Explanation.Telling
    let width: Int

    func tell(_ event: DocumentStory.Event) -> [StyledLine] {
        let type = EventType(rawValue: event.type)
        if event.isErased, type != .documentUnique {
            return [StyledLine("\(event.type): erased; that it happened is all that is left")]
        }
        let facts = event.payload
        switch type {
        case .documentIngested: return ingested(facts)
        case .documentCleaned: return cleaned(event)
        case .documentDropped:
            let drop = DocumentFate.Drop(facts)
            let bounds = FateText.bounds(drop.minimum, drop.maximum)
            return [
                StyledLine(
                    "dropped by \(drop.rule): measured \(FateText.number(drop.value))"
                        + (bounds.isEmpty ? "" : ", asked for \(bounds)")
                )
            ]
        case .documentUnique: return [StyledLine("unique: no earlier document is like it")]
        case .documentDuplicate: return duplicate(facts)
        case .documentEnriched: return enriched(event)
        case .documentExported: return exported(event)
        case .documentFailed: return failed(facts)
        case .documentRemoved:
            let source = facts["source"]?.text ?? "?"
            return [StyledLine("removed: \(source) no longer holds it")]
        case .documentRetracted:
            return [StyledLine("retracted: \(facts["reason"]?.text ?? "no reason given")")]
        case .pluginAnswered:
            let question = (facts["question"]?.text ?? "").prefix(12)
            return [
                StyledLine(
                    "\(facts["plugin"]?.text ?? "?") answered; the answer is on record"
                        + " (question \(question))"
                )
            ]
        default: return [appended(event)]
        }
    }

    /// An event of a plugin's own, whose facts only the plugin understands.
    private func appended(_ event: DocumentStory.Event) -> StyledLine {
        var line = StyledLine(event.type + " ")
        line.add(TextExcerpt(Self.plain(event.payload), columns: width - line.columns - 24).after)
        return line
    }

    private func ingested(_ facts: CBORValue) -> [StyledLine] {
        let record = facts["record"]?.integer.map { $0 > 1 ? ", record \($0)" : "" } ?? ""
        var lines = [
            StyledLine(
                "read from \(facts["source"]?.text ?? "?"),"
                    + " byte \(FateText.number(facts["offset"]?.number ?? 0))\(record)"
                    + " (\(facts["media"]?.text ?? ""), \(facts["charset"]?.text ?? ""))"
            ),
            StyledLine("revision \((facts["sha256"]?.text ?? "").prefix(16))…"),
        ]
        lines += fields(facts["fields"])
        let metadata = facts["metadata"]?.pairs ?? []
        if !metadata.isEmpty {
            var line = StyledLine("metadata ")
            line.add(
                TextExcerpt(Self.plain(.map(metadata)), columns: width - line.columns - 6).after
            )
            lines.append(line)
        }
        return lines
    }

    private func cleaned(_ event: DocumentStory.Event) -> [StyledLine] {
        let facts = event.payload
        let bounds = telling.definition?.bounds(of: event.stage) ?? []
        let measured = (facts["measurements"]?.pairs ?? []).map { pair in
            let bound = bounds.first { $0.measurement == pair.key }
            let asked = bound.map { FateText.bounds($0.minimum, $0.maximum) } ?? ""
            return "\(pair.key) \(FateText.number(pair.value.number))"
                + (asked.isEmpty ? "" : " (asked for \(asked))")
        }
        var lines = [StyledLine("cleaned: " + measured.joined(separator: ", "))]
        lines += fields(facts["fields"])
        for removal in facts["removed"]?.items ?? [] {
            var line = StyledLine("removed by \(removal["rule"]?.text ?? "?"): ")
            let text = removal["text"]?.text ?? ""
            line.add(TextExcerpt(text, columns: width - line.columns - 20))
            if let length = removal["length"]?.integer, length > text.utf8.count {
                line.add(" \(BalanceSheet.grouped(length)) bytes in all")
            }
            lines.append(line)
        }
        let rules = (facts["rules"]?.pairs ?? []).map { "\($0.key) ×\($0.value.integer ?? 0)" }
        if !rules.isEmpty { lines.append(StyledLine("rules: " + rules.joined(separator: ", "))) }
        return lines
    }

    private func fields(_ fields: CBORValue?) -> [StyledLine] {
        (fields?.pairs ?? []).map { pair in
            let items = pair.value.items.compactMap(\.text)
            let text = items.isEmpty ? Self.plain(pair.value) : items.joined(separator: ", ")
            var line = StyledLine("\(pair.key): ")
            line.add(TextExcerpt(text, columns: max(40, width - line.columns - 6)).after)
            return line
        }
    }

    private func failed(_ facts: CBORValue) -> [StyledLine] {
        let code = facts["code"]?.text ?? "?"
        let isRetryable = facts["retryable"] == .bool(true)
        var lines = [
            StyledLine(
                "failed [\(code)] at \(facts["file"]?.text ?? "?"),"
                    + " byte \(FateText.number(facts["offset"]?.number ?? 0)),"
                    + " attempt \(facts["attempt"]?.integer ?? 1)"
            ),
            StyledLine(facts["message"]?.text ?? ""),
            StyledLine(FailureAdvice.text(code: code, isRetryable: isRetryable)),
        ]
        let document = explanation.row.document
        if let command = FailureAdvice.command(document: document, isRetryable: isRetryable) {
            lines.append(StyledLine(command))
        }
        return lines
    }

    private func exported(_ event: DocumentStory.Event) -> [StyledLine] {
        let facts = event.payload
        let path = facts["path"]?.text ?? "?"
        let length = facts["length"]?.integer ?? 0
        let place =
            length == 0
            ? "brought to \(path)"
            : "exported to \(path), byte \(BalanceSheet.grouped(facts["offset"]?.integer ?? 0)),"
                + " \(BalanceSheet.grouped(length)) bytes"
        return [StyledLine(place + standing(of: event))]
    }

    /// Whether an exported record still holds, and still stands there.
    private func standing(of event: DocumentStory.Event) -> String {
        let later = explanation.tellings.first { $0.statement.position > event.position }
        let rewrite = explanation.rewrites.last { rewrite in
            rewrite.position > event.position && rewrite.sink == event.payload["sink"]?.text
        }
        if let later {
            return "; superseded by \(FateText.run(later.statement.run))"
                + (rewrite.map { ", and taken out of the file by \(FateText.run($0.run))" } ?? "")
        }
        guard let rewrite else { return "" }
        return "; stands, moved when \(FateText.run(rewrite.run)) wrote the file anew"
    }

    /// A value as people read it.
    static func plain(_ value: CBORValue) -> String {
        switch value {
        case .text(let text): return text
        case .integer, .double: return FateText.number(value.number)
        default:
            var writer = JSONWriter()
            writer.value(value)
            return String(decoding: writer.bytes, as: UTF8.self)
        }
    }
}
