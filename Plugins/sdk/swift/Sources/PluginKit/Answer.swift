/// What a plugin says of a document (PROTOCOL.md §5); all of it may be left out.
public struct Answer: Sendable {
    /// Clean: the text that it is to have.
    public var text: String?
    /// Clean: fields that are filled in.
    public var fields: [String: String]
    /// Clean: what was taken out.
    public var removed: [Removal]
    /// Why it goes no further.
    public var drop: Drop?
    /// What was found; an empty list says that nothing was.
    public var annotations: [Annotation]?
    /// Facts of the plugin's own.
    public var events: [NewEvent]

    /// An answer; without anything it says that there is nothing to say.
    public init(
        text: String? = nil,
        fields: [String: String] = [:],
        removed: [Removal] = [],
        drop: Drop? = nil,
        annotations: [Annotation]? = nil,
        events: [NewEvent] = []
    ) {
        self.text = text
        self.fields = fields
        self.removed = removed
        self.drop = drop
        self.annotations = annotations
        self.events = events
    }

    var members: [String: Value] {
        var members: [String: Value] = [:]
        if let text { members["text"] = .text(text) }
        if !fields.isEmpty { members["fields"] = .map(fields.mapValues { .text($0) }) }
        if !removed.isEmpty {
            members["removed"] = .array(
                removed.map { ["rule": .text($0.rule), "text": .text($0.text)] }
            )
        }
        if let drop {
            members["drop"] = [
                "rule": .text(drop.rule), "measured": .double(drop.measured),
                "threshold": .double(drop.threshold),
            ]
        }
        if let annotations { members["annotations"] = .array(annotations.map(\.value)) }
        if !events.isEmpty {
            members["events"] = .array(
                events.map { ["type": .text($0.type), "facts": .map($0.facts)] }
            )
        }
        return members
    }
}

/// Something that was taken out of a text.
public struct Removal: Hashable, Sendable {
    /// Why.
    public var rule: String
    /// What.
    public var text: String

    /// A removal.
    public init(rule: String, text: String) {
        self.rule = rule
        self.text = text
    }
}

/// Why a document goes no further.
public struct Drop: Hashable, Sendable {
    /// The rule's name.
    public var rule: String
    /// What was measured.
    public var measured: Double
    /// What would have been enough, or just not too much.
    public var threshold: Double

    /// A drop.
    public init(rule: String, measured: Double, threshold: Double) {
        self.rule = rule
        self.measured = measured
        self.threshold = threshold
    }
}

/// Something that was found in a document.
public struct Annotation: Hashable, Sendable {
    /// What was found.
    public var id: String
    /// Its name to print.
    public var label: String?
    /// Where it stands in the text.
    public var spans: [Span]
    /// Where it stands in the title.
    public var titleSpans: [Span]
    /// What else there is to say.
    public var fields: [String: Value]

    /// An annotation.
    public init(
        _ id: String,
        label: String? = nil,
        spans: [Span] = [],
        titleSpans: [Span] = [],
        fields: [String: Value] = [:]
    ) {
        self.id = id
        self.label = label
        self.spans = spans
        self.titleSpans = titleSpans
        self.fields = fields
    }

    var value: Value {
        var members: [String: Value] = ["id": .text(id)]
        if let label { members["label"] = .text(label) }
        if !spans.isEmpty { members["spans"] = .array(spans.map(\.value)) }
        if !titleSpans.isEmpty { members["title_spans"] = .array(titleSpans.map(\.value)) }
        if !fields.isEmpty { members["fields"] = .map(fields) }
        return .map(members)
    }
}

/// A fact of the plugin's own; the manifest lists its type.
public struct NewEvent: Hashable, Sendable {
    /// Its type, without the plugin's name.
    public var type: String
    /// What it says.
    public var facts: [String: Value]

    /// An event.
    public init(_ type: String, facts: [String: Value]) {
        self.type = type
        self.facts = facts
    }
}

/// A document that a reader found in a source.
public struct ReadDocument: Hashable, Sendable {
    /// Its text.
    public var text: String
    /// Its title.
    public var title: String?
    /// What is known around the text.
    public var fields: [String: Value]
    /// What the source says of it.
    public var metadata: [String: Value]
    /// Tells documents of one source from each other: must be there if there are several.
    public var key: String?

    /// A document.
    public init(
        text: String,
        title: String? = nil,
        fields: [String: Value] = [:],
        metadata: [String: Value] = [:],
        key: String? = nil
    ) {
        self.text = text
        self.title = title
        self.fields = fields
        self.metadata = metadata
        self.key = key
    }

    var value: Value {
        var members: [String: Value] = ["text": .text(text)]
        if let title { members["title"] = .text(title) }
        if !fields.isEmpty { members["fields"] = .map(fields) }
        if !metadata.isEmpty { members["metadata"] = .map(metadata) }
        if let key { members["key"] = .text(key) }
        return .map(members)
    }
}

/// What a projection answers to a question.
public struct Rows: Hashable, Sendable {
    /// The columns' names.
    public var columns: [String]
    /// A value for each column of each row.
    public var rows: [[Value]]

    /// Rows.
    public init(columns: [String], rows: [[Value]]) {
        self.columns = columns
        self.rows = rows
    }
}

/// What is wrong with the options that a pipeline gives.
public struct Diagnostic: Hashable, Sendable {
    /// Whether the pipeline cannot run.
    public var isError: Bool
    /// Where, a JSON Pointer (RFC 6901) into the options.
    public var path: String
    /// What it is, as scripts know it.
    public var code: String
    /// What it is, in words.
    public var message: String
    /// What to do about it.
    public var hint: String?

    /// A diagnostic.
    public init(
        _ message: String,
        path: String,
        code: String,
        hint: String? = nil,
        isError: Bool = true
    ) {
        self.isError = isError
        self.path = path
        self.code = code
        self.message = message
        self.hint = hint
    }

    var value: Value {
        var members: [String: Value] = [
            "severity": isError ? "error" : "warning", "path": .text(path), "code": .text(code),
            "message": .text(message),
        ]
        if let hint { members["hint"] = .text(hint) }
        return .map(members)
    }
}

/// Why a document failed, or a question cannot be answered: throw it.
public struct Failure: Error, Hashable, Sendable {
    /// What it is, as scripts know it.
    public var code: String
    /// What it is, in words.
    public var message: String
    /// Whether it may go better the next time.
    public var isRetryable: Bool

    /// A failure.
    public init(_ code: String, _ message: String, isRetryable: Bool = false) {
        self.code = code
        self.message = message
        self.isRetryable = isRetryable
    }

    /// Any error.
    init(_ error: any Error) {
        self = error as? Failure ?? Failure("exception", String(describing: error))
    }

    var value: Value {
        ["code": .text(code), "message": .text(message), "retryable": .bool(isRetryable)]
    }
}
