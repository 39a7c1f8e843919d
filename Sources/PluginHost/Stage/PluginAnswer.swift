internal import Bytes
internal import Events
internal import Pipeline

/// What a plugin answered to a document, checked: nothing of it is believed before.
struct PluginAnswer: Sendable {
    /// The text that it is to have.
    var text: [UInt8]?
    /// What is known around it, with what the plugin says.
    var fields: DocumentFields
    var removed: [DocumentCleaned.Removal] = []
    var drop: DocumentDropped?
    var annotations: [Annotation]?
    var events: [(type: String, facts: CBORValue)] = []
    /// Why the plugin says that the document failed.
    var failure: (code: String, message: String, isRetryable: Bool)?

    private static let annotationsMax = 100_000
    private static let nameBytesMax = 1024
    private static let messageBytesMax = 4096

    /// Checks an answer to a document; throws what is wrong with it, in words.
    init(
        _ value: CBORValue,
        to document: Document,
        of manifest: PluginManifest
    ) throws(WireError) {
        fields = document.fields
        try Self.checkShape(value)
        if let error = value["error"], error != .null {
            failure = (
                (error["code"]?.text ?? "error").clipped(to: Self.nameBytesMax),
                (error["message"]?.text ?? "no reason given").clipped(to: Self.messageBytesMax),
                error["retryable"] == .bool(true)
            )
            return
        }
        if let text = value["text"], text != .null {
            guard let text = text.text else { throw WireError("'text' is no string") }
            self.text = Array(text.utf8)
        }
        let isCleaning = manifest.kind == .clean
        for member in ["text", "fields", "removed"]
        where value[member] ?? .null != .null && !isCleaning {
            throw WireError("a plugin of kind \(manifest.kind.rawValue) answers no '\(member)'")
        }
        if value["annotations"] ?? .null != .null, isCleaning {
            throw WireError("a plugin of kind clean answers no 'annotations'")
        }
        try fields.apply(value["fields"]?.pairs ?? [])
        for item in value["removed"]?.items ?? [] {
            let text = item["text"]?.text ?? ""
            removed.append(
                DocumentCleaned.Removal(
                    rule: item["rule"]?.text ?? "plugin",
                    text: String(text.prefix(256)),
                    length: text.utf8.count
                )
            )
        }
        if let drop = value["drop"], drop != .null {
            guard let rule = drop["rule"]?.text, !rule.isEmpty else {
                throw WireError("'drop' names no rule")
            }
            self.drop = DocumentDropped(
                rule: rule,
                value: drop["measured"]?.number ?? 0,
                minimum: drop["minimum"]?.number ?? drop["threshold"]?.number,
                maximum: drop["maximum"]?.number
            )
        }
        try readAnnotations(value, document)
        try readEvents(value, manifest)
    }

    /// Says which member is not of the type that it must have; null stands for none.
    private static func checkShape(_ value: CBORValue) throws(WireError) {
        for (member, type) in [
            ("error", "object"), ("drop", "object"), ("fields", "object"), ("removed", "array"),
            ("events", "array"),
        ] {
            guard let part = value[member], part != .null, !part.has(type: type) else { continue }
            throw WireError("'\(member)' is no \(type)")
        }
    }

    private mutating func readAnnotations(
        _ value: CBORValue,
        _ document: Document
    ) throws(WireError) {
        guard let list = value["annotations"], list != .null else { return }
        guard let items = list.array, items.count <= Self.annotationsMax else {
            throw WireError("'annotations' is no list of at most \(Self.annotationsMax)")
        }
        let body = text ?? document.body
        let title = Array((fields.title ?? "").utf8)
        var found: [Annotation] = []
        for item in items {
            guard let id = item["id"]?.text, !id.isEmpty, id.utf8.count <= Self.nameBytesMax else {
                throw WireError("an annotation has no id of at most \(Self.nameBytesMax) bytes")
            }
            if let fields = item["fields"], fields != .null, !fields.has(type: "object") {
                throw WireError("the fields of the annotation '\(id)' are no object")
            }
            found.append(
                Annotation(
                    id: id,
                    label: item["label"]?.text ?? id,
                    spans: try Self.spans(item["spans"], in: body, "spans"),
                    titleSpans: try Self.spans(item["title_spans"], in: title, "title_spans"),
                    fields: CBORValue.map(item["fields"]?.pairs ?? []).pairs.inCBOROrder()
                )
            )
        }
        annotations = found.sorted { $0.id < $1.id }
    }

    private static func spans(
        _ value: CBORValue?,
        in text: [UInt8],
        _ name: String
    ) throws(WireError) -> [ByteSpan] {
        var spans: [ByteSpan] = []
        if let value, value != .null, value.array == nil {
            throw WireError("'\(name)' is no array")
        }
        for item in value?.items ?? [] {
            guard let start = item.items.first?.integer, let end = item.items.last?.integer,
                item.items.count == 2, start >= 0, start <= end, end <= text.count,
                isBoundary(start, text), isBoundary(end, text)
            else {
                throw WireError(
                    "'\(name)' holds what is no range of characters of \(text.count) bytes"
                )
            }
            spans.append(ByteSpan(start: start, end: end))
        }
        return spans.sorted { ($0.start, $0.end) < ($1.start, $1.end) }
    }

    private static func isBoundary(_ offset: Int, _ text: [UInt8]) -> Bool {
        offset == text.count || text[offset] & 0xC0 != 0x80
    }

    private mutating func readEvents(
        _ value: CBORValue,
        _ manifest: PluginManifest
    ) throws(WireError) {
        for item in value["events"]?.items ?? [] {
            guard let type = item["type"]?.text, case .map? = item["facts"] else {
                throw WireError("an event has no type or no facts")
            }
            guard manifest.events.contains(type) else {
                throw WireError("an event is of type '\(type)', which plugin.yaml does not list")
            }
            events.append((type, CBORValue.map((item["facts"]?.pairs ?? []).inCBOROrder())))
        }
    }
}
