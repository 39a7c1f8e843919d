internal import Bytes
internal import EventLog
internal import Events
internal import Projections

/// All that is known of a document's failures.
struct FailureReport {
    /// A failed attempt.
    struct Attempt {
        let position: EventPosition
        let time: UInt64
        let run: String
        let stage: String
        let facts: DocumentFailed
    }

    let row: DocumentRow
    let attempts: [Attempt]
    /// The last text that the log holds of it.
    private let text: [UInt8]?

    /// Nil for a document that never failed.
    init?(_ row: DocumentRow, _ explainer: Explainer) throws {
        self.row = row
        let engine = explainer.projections.engine
        let story = try engine.story(of: row.document, in: explainer.documents)
        attempts = try story.events.compactMap { event in
            guard event.type == EventType.documentFailed.rawValue, !event.isErased else {
                return nil
            }
            return Attempt(
                position: event.position,
                time: event.time,
                run: event.run,
                stage: event.stage,
                facts: try DocumentFailed(cbor: event.payload.encoded.span)
            )
        }
        guard let last = attempts.last else { return nil }
        let carrier = story.events.last { $0.hasContent && $0.position < last.position }
        text = try carrier.flatMap { try engine.content(of: $0) }
    }

    /// Whether it has succeeded since, or is gone.
    private var isSettled: Bool { row.status != .failed }

    private var last: Attempt { attempts[attempts.count - 1] }

    /// The input around the place of the fault, and where it was read.
    private func excerpt(columns: Int) -> (excerpt: InputExcerpt, isRecorded: Bool)? {
        // A stage behind ingest saw the recorded text, not the file.
        if last.stage != "ingest", let text,
            let excerpt = InputExcerpt(
                bytes: text,
                offset: min(last.facts.offset, text.count),
                lineNumber: nil,
                columns: columns
            )
        {
            return (excerpt, true)
        }
        return InputExcerpt(file: last.facts.file, offset: last.facts.offset, columns: columns)
            .map { ($0, false) }
    }

    func lines(width: Int) -> [StyledLine] {
        let facts = last.facts
        var head = StyledLine()
        head.add(row.document, strong: true)
        head.add(isSettled ? ": failed once, now \(row.status.name)" : ": failed [\(facts.code)]")
        var lines = [head, StyledLine(facts.message)]
        lines.append(
            StyledLine(
                "at \(facts.file), byte \(BalanceSheet.grouped(facts.offset)); stage \(last.stage);"
                    + " input \(facts.sha256.prefix(16))…"
            )
        )
        lines.append(StyledLine())
        if let (excerpt, isRecorded) = excerpt(columns: width - 10) {
            let number = excerpt.lineNumber.map { "\($0)" } ?? ""
            lines.append(StyledLine("  \(number) │ \(excerpt.line)"))
            let indent = String(repeating: " ", count: number.count + 5 + excerpt.caret)
            lines.append(StyledLine(indent + "^"))
            if isRecorded { lines.append(StyledLine("  (the text as the log holds it)")) }
        } else {
            lines.append(StyledLine("  (\(facts.file) cannot be read up to there from here)"))
        }
        lines.append(StyledLine())
        for attempt in attempts {
            lines.append(
                StyledLine(
                    "attempt \(attempt.facts.attempt): \(Timestamp.iso8601(attempt.time)),"
                        + " run \(attempt.run), position \(attempt.position)"
                        + (attempt.facts.code == facts.code ? "" : " [\(attempt.facts.code)]")
                )
            )
        }
        guard !isSettled else { return lines }
        lines.append(
            StyledLine(FailureAdvice.text(code: facts.code, isRetryable: facts.retryable))
        )
        if let command = FailureAdvice.command(
            document: row.document,
            isRetryable: facts.retryable
        ) {
            lines.append(StyledLine(command))
        }
        return lines
    }

    /// The same for programs.
    ///
    /// `{"document","status","code","message","file","offset","stage","sha256","retryable","advice",
    /// "command","excerpt":{"line","caret","number"},"attempts":[{"attempt","time","run","position",
    /// "code","message"}]}`
    var json: [UInt8] {
        let facts = last.facts
        var writer = JSONWriter()
        writer.beginObject()
        for (key, value) in [
            ("document", row.document), ("status", row.status.name), ("code", facts.code),
            ("message", facts.message), ("file", facts.file), ("stage", last.stage),
            ("sha256", facts.sha256),
            ("advice", FailureAdvice.text(code: facts.code, isRetryable: facts.retryable)),
        ] {
            writer.key(key)
            writer.string(value)
        }
        writer.key("offset")
        writer.integer(facts.offset)
        writer.key("retryable")
        writer.bool(facts.retryable)
        writer.key("command")
        writer.string(
            FailureAdvice.command(document: row.document, isRetryable: facts.retryable)
        )
        writer.key("excerpt")
        if let (excerpt, _) = excerpt(columns: 100) {
            writer.beginObject()
            writer.key("line")
            writer.string(excerpt.line)
            writer.key("caret")
            writer.integer(excerpt.caret)
            writer.key("number")
            if let number = excerpt.lineNumber { writer.integer(number) } else { writer.null() }
            writer.endObject()
        } else {
            writer.null()
        }
        writer.key("attempts")
        writer.beginArray()
        for attempt in attempts { write(attempt, &writer) }
        writer.endArray()
        writer.endObject()
        writer.newline()
        return writer.bytes
    }

    private func write(_ attempt: Attempt, _ writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("attempt")
        writer.integer(attempt.facts.attempt)
        writer.key("time")
        writer.string(Timestamp.iso8601(attempt.time))
        writer.key("run")
        writer.string(attempt.run)
        writer.key("position")
        writer.integer(Int(attempt.position.rawValue))
        writer.key("code")
        writer.string(attempt.facts.code)
        writer.key("message")
        writer.string(attempt.facts.message)
        writer.endObject()
    }
}
