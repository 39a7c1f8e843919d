internal import Bytes
internal import EventLog
internal import Projections

/// The difference of two runs for programs.
///
/// ```
/// {"before":{"run","position"},"after":{"run","position"},"stages":[text],"same",
///  "causes":[{"code","cause","documents":n,
///             "changes":[{"document","title","before":{"status","outcome"},"after":{…},"change"}]}]}
/// ```
struct DiffJSON {
    let diff: RunDiff
    let limit: Int?

    var bytes: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        for (key, run, position) in [
            ("before", diff.before, diff.positions.before),
            ("after", diff.after, diff.positions.after),
        ] {
            writer.key(key)
            writer.beginObject()
            writer.key("run")
            writer.string(run.id)
            writer.key("position")
            writer.integer(Int(position.rawValue))
            writer.endObject()
        }
        writer.key("stages")
        writer.beginArray()
        for stage in diff.stages { writer.string(stage) }
        writer.endArray()
        writer.key("same")
        writer.integer(diff.same)
        writer.key("causes")
        writer.beginArray()
        for group in diff.groups { write(group, &writer) }
        writer.endArray()
        writer.endObject()
        writer.newline()
        return writer.bytes
    }

    private func write(_ group: RunDiff.Group, _ writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("code")
        writer.string(group.cause.code)
        writer.key("cause")
        writer.string(group.cause.text)
        writer.key("documents")
        writer.integer(group.changes.count)
        writer.key("changes")
        writer.beginArray()
        for change in group.changes.prefix(limit ?? .max) {
            writer.beginObject()
            writer.key("document")
            writer.string(change.document)
            writer.key("title")
            writer.string(change.after.title ?? change.before?.title)
            writer.key("before")
            if let before = change.before { write(before, &writer) } else { writer.null() }
            writer.key("after")
            write(change.after, &writer)
            writer.key("change")
            writer.string(FateText.difference(change.before, change.after))
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
    }

    private func write(_ fate: DocumentFate, _ writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("status")
        writer.string(FateText.status(fate))
        writer.key("outcome")
        writer.string(FateText.outcome(fate))
        writer.endObject()
    }
}
