internal import EventLog
internal import Projections

/// A document's story as people read it: what became of it, then each statement, a paragraph an
/// event.
struct StoryText {
    let explanation: Explanation
    /// The columns that a line may take.
    let width: Int

    init(_ explanation: Explanation, width: Int?) {
        self.explanation = explanation
        self.width = width ?? 120
    }

    /// The lines.
    var lines: [StyledLine] {
        var lines = heading
        if let answers = explanation.whyNot { return lines + [StyledLine()] + whyNot(answers) }
        let condensed = explanation.tellings.filter { !$0.isFull }
        if !condensed.isEmpty { lines.append(StyledLine()) }
        for telling in condensed { lines.append(brief(telling)) }
        for telling in explanation.tellings where telling.isFull {
            lines.append(StyledLine())
            lines += full(telling)
        }
        lines += copies
        return lines
    }

    private var heading: [StyledLine] {
        var first = StyledLine()
        first.add(explanation.row.document, strong: true)
        let fate = explanation.tellings.last?.statement.fate
        first.add(": " + (fate.map(FateText.outcome) ?? explanation.row.status.name))
        var lines = [first]
        if let title = explanation.row.title ?? explanation.newest?.statement.fate.title {
            var line = StyledLine()
            line.add(TextExcerpt(title, columns: width - 24))
            if let published = explanation.row.published { line.add(", published \(published)") }
            lines.append(line)
        }
        lines.append(StyledLine(runs))
        return lines
    }

    /// How often it was stated, and in how many runs nothing changed.
    private var runs: String {
        let stated = explanation.tellings.count
        let times = stated == 1 ? "once" : stated == 2 ? "twice" : "\(stated) times"
        let all = explanation.runs.all
        guard all > 0 else { return "stated \(times)" }
        let without = explanation.runs.without
        return "stated \(times) in \(all) \(all == 1 ? "run" : "runs")"
            + (without > 0 ? "; nothing changed in \(without) of them" : "")
    }

    /// A statement in a line: the run, why it was made, what differs.
    private func brief(_ telling: Explanation.Telling) -> StyledLine {
        let statement = telling.statement
        let what = FateText.difference(telling.before, statement.fate)
        let cause =
            switch telling.cause {
            // What differs says as much.
            case nil, .removed, .retracted: ""
            case let cause?: cause.text + ": "
            }
        let when = "\(FateText.run(statement.run)), \(Timestamp.iso8601(statement.time))"
        let more = telling.before == nil ? " (--all tells it in full)" : ""
        return StyledLine("\(when): \(cause)\(what)\(more)")
    }

    private func full(_ telling: Explanation.Telling) -> [StyledLine] {
        let statement = telling.statement
        var head = "\(FateText.run(statement.run)), \(Timestamp.iso8601(statement.time))"
        if let cause = telling.cause {
            head +=
                ": \(cause.text): "
                + FateText.difference(telling.before, statement.fate)
        }
        var lines = [StyledLine(head)]
        let teller = EventTeller(explanation: explanation, telling: telling, width: width)
        for event in statement.events {
            let told = teller.tell(event)
            var first = StyledLine("  \(event.position)  ")
            first.add(event.stage.isEmpty ? "" : "\(event.stage): ")
            for piece in told.first?.pieces ?? [] { first.add(piece.text, strong: piece.isStrong) }
            lines.append(first)
            for line in told.dropFirst() { lines.append(line.indented(by: 6)) }
        }
        return lines
    }

    private var copies: [StyledLine] {
        let copies = explanation.copies
        guard !copies.isEmpty else { return [] }
        let count =
            copies.count == 1 ? "1 document is a copy" : "\(copies.count) documents are copies"
        var lines = [StyledLine(), StyledLine("\(count) of it:")]
        for copy in copies.prefix(10) {
            lines.append(
                StyledLine("  \(copy.document)  \(copy.kind) \(FateText.number(copy.similarity))")
            )
        }
        if copies.count > 10 {
            lines.append(StyledLine("  … and \(copies.count - 10) more (annals show duplicates)"))
        }
        return lines
    }

    private func whyNot(_ answers: [WhyNot]) -> [StyledLine] {
        var lines: [StyledLine] = []
        for answer in answers {
            var line = StyledLine()
            line.add(answer.about, strong: true)
            line.add(": " + answer.text)
            lines.append(line)
            for detail in answer.details { lines.append(StyledLine("  " + detail)) }
        }
        return lines
    }
}

extension StyledLine {
    /// The line with so many spaces before it.
    func indented(by columns: Int) -> StyledLine {
        var line = StyledLine(String(repeating: " ", count: columns))
        for piece in pieces { line.add(piece.text, strong: piece.isStrong) }
        return line
    }
}
