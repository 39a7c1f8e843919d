internal import Bytes
internal import EventLog
internal import Projections

/// A document's story for programs.
///
/// ```
/// {"document","source","title","published","status",
///  "statements":[{"run","time","position","status","outcome","cause","change","full",
///                 "events":[positions],
///                 "duplicate":{"of","kind","similarity","threshold","words","original_words",
///                              "shared_words","shared":[{"words","text"}],"only_here","only_there"}}],
///  "runs":{"all","without_change"},
///  "copies":[{"document","kind","similarity"}],
///  "why_not":[{"about","text","value","turns_at","document","details"}],
///  "events":[{"position","time","run","stage","type","erased","facts"}]}
/// ```
/// Members are added, never renamed; what is not known is null.
struct StoryJSON {
    let explanation: Explanation

    var bytes: [UInt8] {
        var writer = JSONWriter()
        let row = explanation.row
        writer.beginObject()
        writer.key("document")
        writer.string(row.document)
        writer.key("source")
        writer.string(row.source)
        writer.key("title")
        writer.string(row.title)
        writer.key("published")
        writer.string(row.published)
        writer.key("status")
        writer.string(row.status.name)
        writer.key("statements")
        writer.beginArray()
        for telling in explanation.tellings { write(telling, &writer) }
        writer.endArray()
        writer.key("runs")
        writer.beginObject()
        writer.key("all")
        writer.integer(explanation.runs.all)
        writer.key("without_change")
        writer.integer(explanation.runs.without)
        writer.endObject()
        writeCopies(&writer)
        if let answers = explanation.whyNot { write(answers, &writer) }
        writer.key("events")
        writer.beginArray()
        for event in explanation.tellings.flatMap(\.statement.events) { write(event, &writer) }
        writer.endArray()
        writer.endObject()
        writer.newline()
        return writer.bytes
    }

    private func write(_ telling: Explanation.Telling, _ writer: inout JSONWriter) {
        let statement = telling.statement
        writer.beginObject()
        writer.key("run")
        writer.string(statement.run)
        writer.key("time")
        writer.string(Timestamp.iso8601(statement.time))
        writer.key("position")
        writer.integer(Int(statement.position.rawValue))
        writer.key("status")
        writer.string(FateText.status(statement.fate))
        writer.key("outcome")
        writer.string(FateText.outcome(statement.fate))
        writer.key("cause")
        writer.string(telling.cause?.code)
        writer.key("change")
        writer.string(
            telling.cause.map {
                $0.text + ": " + FateText.difference(telling.before, statement.fate)
            }
        )
        writer.key("full")
        writer.bool(telling.isFull)
        writer.key("events")
        writer.beginArray()
        for event in statement.events { writer.integer(Int(event.position.rawValue)) }
        writer.endArray()
        if let evidence = telling.evidence { write(evidence, &writer) }
        writer.endObject()
    }

    private func write(_ evidence: DuplicateEvidence, _ writer: inout JSONWriter) {
        writer.key("duplicate")
        writer.beginObject()
        writer.key("of")
        writer.string(evidence.kinship.original)
        writer.key("kind")
        writer.string(evidence.kinship.kind)
        writer.key("similarity")
        writer.number(evidence.kinship.similarity)
        writer.key("threshold")
        writer.number(evidence.kinship.threshold)
        if let counts = evidence.counts {
            writer.key("words")
            writer.integer(counts.here)
            writer.key("original_words")
            writer.integer(counts.there)
            writer.key("shared_words")
            writer.integer(counts.shared)
        }
        for (key, passages) in [
            ("shared", evidence.shared), ("only_here", evidence.onlyHere),
            ("only_there", evidence.onlyThere),
        ] {
            writer.key(key)
            writer.beginArray()
            for passage in passages {
                writer.beginObject()
                writer.key("words")
                writer.integer(passage.words)
                writer.key("text")
                writer.string(passage.text)
                writer.endObject()
            }
            writer.endArray()
        }
        writer.endObject()
    }

    private func writeCopies(_ writer: inout JSONWriter) {
        writer.key("copies")
        writer.beginArray()
        for copy in explanation.copies {
            writer.beginObject()
            writer.key("document")
            writer.string(copy.document)
            writer.key("kind")
            writer.string(copy.kind)
            writer.key("similarity")
            writer.double(copy.similarity)
            writer.endObject()
        }
        writer.endArray()
    }

    private func write(_ answers: [WhyNot], _ writer: inout JSONWriter) {
        writer.key("why_not")
        writer.beginArray()
        for answer in answers {
            writer.beginObject()
            writer.key("about")
            writer.string(answer.about)
            writer.key("text")
            writer.string(answer.text)
            writer.key("value")
            writer.number(answer.value)
            writer.key("turns_at")
            writer.number(answer.turnsAt)
            writer.key("document")
            writer.string(answer.document)
            writer.key("details")
            writer.beginArray()
            for detail in answer.details { writer.string(detail) }
            writer.endArray()
            writer.endObject()
        }
        writer.endArray()
    }

    private func write(_ event: DocumentStory.Event, _ writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("position")
        writer.integer(Int(event.position.rawValue))
        writer.key("time")
        writer.string(Timestamp.iso8601(event.time))
        writer.key("run")
        writer.string(event.run)
        writer.key("stage")
        writer.string(event.stage)
        writer.key("type")
        writer.string(event.type)
        writer.key("erased")
        writer.bool(event.isErased)
        writer.key("facts")
        writer.value(event.payload)
        writer.endObject()
    }
}

extension JSONWriter {
    /// Writes a number, or null.
    fileprivate mutating func number(_ value: Double?) {
        if let value { double(value) } else { null() }
    }
}
