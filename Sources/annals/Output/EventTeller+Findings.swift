internal import Bytes
internal import EventLog
internal import Events
internal import Projections

extension EventTeller {
    // MARK: Duplicates

    func duplicate(_ facts: CBORValue) -> [StyledLine] {
        let similarity = FateText.number(facts["similarity"]?.number)
        let threshold = FateText.number(facts["threshold"]?.number)
        let original = facts["of"]?.text ?? "?"
        var lines = [
            StyledLine(
                "\(facts["kind"]?.text ?? "") duplicate of \(original):"
                    + " similarity \(similarity), threshold \(threshold)"
            )
        ]
        guard let evidence = telling.evidence else { return lines }
        if let row = evidence.original {
            var line = StyledLine("that is ")
            if let title = row.title {
                line.add(TextExcerpt(title, columns: width - 50))
                line.add(" ")
            }
            line.add("from \(row.source), now \(row.status.name)")
            lines.append(line)
        } else {
            lines.append(StyledLine("the log knows no such document any more"))
        }
        guard let counts = evidence.counts else {
            lines.append(StyledLine("the texts are no longer there to be compared"))
            return lines
        }
        lines.append(
            StyledLine(
                "\(BalanceSheet.grouped(counts.shared)) of its"
                    + " \(BalanceSheet.grouped(counts.here)) words stand in the original,"
                    + " which has \(BalanceSheet.grouped(counts.there))"
            )
        )
        lines += passages(evidence.shared, "shared", "both hold")
        lines += passages(evidence.onlyHere, "only here", "only here")
        lines += passages(evidence.onlyThere, "only in the original", "only there")
        return lines
    }

    private func passages(
        _ passages: [DuplicateEvidence.Passage],
        _ what: String,
        _ others: String
    ) -> [StyledLine] {
        var lines = passages.prefix(3).map { passage in
            var line = StyledLine(
                "\(what), \(passage.words) \(passage.words == 1 ? "word" : "words"): "
            )
            line.add(TextExcerpt(passage.text, columns: width - line.columns - 10))
            return line
        }
        if passages.count > 3 {
            let words = passages.dropFirst(3).reduce(0) { $0 + $1.words }
            lines.append(
                StyledLine("\(what): \(words) words more, in \(passages.count - 3) other places")
            )
        }
        return lines
    }

    // MARK: Annotations

    func enriched(_ event: DocumentStory.Event) -> [StyledLine] {
        let facts = event.payload
        let annotations = facts["annotations"]?.items ?? []
        var lines = [
            StyledLine("\(facts["annotator"]?.text ?? "?"): \(annotations.count) found")
        ]
        let body = body(before: event.position)
        let title = Array((Explainer.fields(of: telling.statement).title ?? "").utf8)
        for annotation in annotations { lines.append(found(annotation, body, title)) }
        for mention in facts["unresolved"]?.items ?? [] { lines.append(open(mention, body)) }
        return lines
    }

    /// The text that an annotator saw.
    private func body(before position: EventPosition) -> [UInt8]? {
        let event = telling.statement.events.last { event in
            event.position < position && telling.texts[event.position] != nil
                && (event.type == EventType.documentCleaned.rawValue
                    || event.type == EventType.documentIngested.rawValue)
        }
        return event.flatMap { telling.texts[$0.position] }
    }

    private func found(
        _ annotation: CBORValue,
        _ body: [UInt8]?,
        _ title: [UInt8]
    ) -> StyledLine {
        let spans = Self.spans(annotation["spans"])
        let titleSpans = Self.spans(annotation["title_spans"])
        var line = StyledLine()
        line.add(annotation["label"]?.text ?? "", strong: true)
        line.add(" (\(annotation["id"]?.text ?? "")) ×\(spans.count + titleSpans.count)")
        let details = (annotation["fields"]?.pairs ?? []).compactMap { pair in
            pair.value == .null ? nil : "\(pair.key) \(Self.plain(pair.value))"
        }
        if !details.isEmpty { line.add(": " + details.joined(separator: ", ")) }
        let room = max(32, min(72, width - 10 - line.columns))
        let excerpt =
            spans.first.flatMap { span in
                body.flatMap { TextExcerpt(around: span, of: $0, columns: room) }
            } ?? titleSpans.first.flatMap { TextExcerpt(around: $0, of: title, columns: room) }
        if let excerpt {
            line.add("  ")
            line.add(excerpt)
        }
        return line
    }

    private func open(_ mention: CBORValue, _ body: [UInt8]?) -> StyledLine {
        let candidates = (mention["candidates"]?.items ?? []).compactMap(\.text)
        var line = StyledLine(
            "unresolved: \(mention["reason"]?.text ?? "")"
                + (candidates.isEmpty ? "" : " (\(candidates.joined(separator: ", ")))") + "  "
        )
        let room = max(32, min(72, width - 10 - line.columns))
        let span = Self.spans(mention["span"]).first
        let excerpt = span.flatMap { span in
            body.flatMap { TextExcerpt(around: span, of: $0, columns: room) }
        }
        line.add(excerpt ?? TextExcerpt(mention["text"]?.text ?? "", columns: room))
        return line
    }

    private static func spans(_ value: CBORValue?) -> [Range<Int>] {
        (value?.items ?? []).compactMap { item in
            let ends = item.items.compactMap(\.integer)
            guard ends.count == 2, ends[0] <= ends[1] else { return nil }
            return ends[0]..<ends[1]
        }
    }
}
