/// A document, as the host shows it.
public struct Document: Sendable {
    /// Its name.
    public let id: String
    /// Its text.
    public let text: String
    /// What is known around the text: title, author, published and the like.
    public let fields: [String: Value]
    /// What its source says of it.
    public let metadata: [String: Value]
    /// Exporters: the place of its export in the log.
    public let position: Int?
    /// Exporters: what annotators found.
    public let annotations: [String: Value]

    /// Its title; empty if it has none.
    public var title: String { fields["title"]?.text ?? "" }

    /// A document for tests, say.
    public init(
        id: String,
        text: String,
        fields: [String: Value] = [:],
        metadata: [String: Value] = [:],
        position: Int? = nil,
        annotations: [String: Value] = [:]
    ) {
        self.id = id
        self.text = text
        self.fields = fields
        self.metadata = metadata
        self.position = position
        self.annotations = annotations
    }

    init(_ message: Value) {
        id = message["id"]?.text ?? ""
        text = message["text"]?.text ?? ""
        fields = message["fields"]?.map ?? [:]
        metadata = message["metadata"]?.map ?? [:]
        position = message["position"]?.integer
        annotations = message["annotations"]?.map ?? [:]
    }

    /// The span of a part of the text.
    public func span(_ range: Range<String.Index>) -> Span {
        let start = text.utf8.distance(from: text.startIndex, to: range.lowerBound)
        let count = text.utf8.distance(from: range.lowerBound, to: range.upperBound)
        return Span(start: start, end: start + count)
    }
}

/// A part of a text: offsets in bytes of its UTF-8, at boundaries of characters.
public struct Span: Hashable, Sendable {
    /// The first byte.
    public var start: Int
    /// The byte after the last.
    public var end: Int

    /// A span of bytes.
    public init(start: Int, end: Int) {
        self.start = start
        self.end = end
    }

    var value: Value { .array([.integer(start), .integer(end)]) }
}

/// What a reader reads.
public struct Source: Sendable {
    /// Its name.
    public let id: String
    /// The path of its file.
    public let path: String
    /// Its media type, where it is known.
    public let media: String
    /// What it holds.
    public let bytes: [UInt8]

    /// A source for tests, say.
    public init(id: String, path: String? = nil, media: String = "", bytes: [UInt8]) {
        self.id = id
        self.path = path ?? id
        self.media = media
        self.bytes = bytes
    }

    init(_ message: Value) {
        let id = message["id"]?.text ?? ""
        self.id = id
        path = message["path"]?.text ?? id
        media = message["media"]?.text ?? ""
        bytes = message["bytes"]?.bytes ?? []
    }
}

/// An event that a projection folds.
public struct Event: Sendable {
    /// Its place in the log.
    public let position: Int
    /// Its type, such as `plugin:similar/embedding`.
    public let type: String
    /// The document that it is of.
    public let stream: String
    /// What it says.
    public let facts: Value

    init(_ message: Value) {
        position = message["position"]?.integer ?? 0
        type = message["type"]?.text ?? ""
        stream = message["stream"]?.text ?? ""
        facts = message["facts"] ?? .map([:])
    }
}
