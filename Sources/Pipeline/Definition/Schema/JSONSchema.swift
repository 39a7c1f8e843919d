internal import Bytes
internal import YAML

/// A JSON Schema (draft 2020-12), put together of keywords.
struct JSONSchema: Sendable {
    private(set) var keywords: [CBORValue.Pair] = []

    /// The schema as JSON.
    var json: CBORValue { .map(keywords) }

    /// Everything is right.
    init() {}

    /// One of the types of JSON.
    init(type: String) { add("type", .text(type)) }

    /// What is defined under a name.
    init(definition: String) { add("$ref", .text("#/$defs/" + definition)) }

    /// A text that matches a regular expression.
    init(pattern: String) {
        self.init(type: "string")
        add("pattern", .text(pattern))
    }

    /// One of several texts.
    init(words: [String]) { add("enum", .array(words.map { .text($0) })) }

    /// What one of several says.
    init(anyOf schemas: [JSONSchema]) {
        if schemas.count == 1 {
            self = schemas[0]
        } else {
            add("anyOf", .array(schemas.map(\.json)))
        }
    }

    /// A list.
    init(items: JSONSchema) {
        self.init(type: "array")
        add("items", items.json)
    }

    /// A mapping with these keys and no other, unless it is open to them.
    init(properties: [(String, JSONSchema)], required: [String] = [], isOpen: Bool = false) {
        self.init(type: "object")
        add("properties", .map(properties.map { CBORValue.Pair($0.0, $0.1.json) }))
        if !required.isEmpty { add("required", .array(required.map { .text($0) })) }
        if !isOpen { add("additionalProperties", .bool(false)) }
    }

    /// A mapping whose keys are its author's own.
    init(values: JSONSchema) {
        self.init(type: "object")
        add("additionalProperties", values.json)
    }

    /// Adds a keyword.
    mutating func add(_ keyword: String, _ value: CBORValue) {
        keywords.append(CBORValue.Pair(keyword, value))
    }

    /// The schema with a keyword more.
    func with(_ keyword: String, _ value: CBORValue) -> JSONSchema {
        var schema = self
        schema.add(keyword, value)
        return schema
    }

    /// The schema without what must be there: for what is laid over something else.
    var withoutRequired: JSONSchema {
        var schema = self
        schema.keywords = Self.pairs(keywords)
        return schema
    }

    private static func pairs(_ pairs: [CBORValue.Pair]) -> [CBORValue.Pair] {
        pairs.filter { $0.key != "required" || $0.value.array == nil }
            .map { CBORValue.Pair($0.key, stripped($0.value)) }
    }

    private static func stripped(_ value: CBORValue) -> CBORValue {
        switch value {
        case .map(let pairs): .map(self.pairs(pairs))
        case .array(let items): .array(items.map(stripped))
        default: value
        }
    }
}

extension JSONSchema {
    /// `${…}`, which may stand wherever a scalar may.
    static let substitution = "substitution"

    /// What a field may look like.
    init(_ field: FieldReader.Field, below: OptionProbe.Fields?) {
        let shapes = field.shapes.filter { $0 != .any }
        var schemas = shapes.map { JSONSchema($0, below: below) }
        // Texts can say ${…} as they are.
        let isText = shapes.isEmpty || shapes.contains(.text) || shapes.contains(.oneOrMore(.text))
        if !isText { schemas.append(JSONSchema(definition: Self.substitution)) }
        self = schemas.isEmpty ? JSONSchema() : JSONSchema(anyOf: schemas)
        if field.expected != FieldReader.Field.anything {
            add("description", .text(field.expected))
        }
        if let fallback = field.fallback { add("default", Self.json(fallback)) }
    }

    private init(_ shape: FieldShape, below: OptionProbe.Fields?) {
        switch shape {
        case .any: self.init()
        case .text:
            // What is written is the text, whatever it looks like.
            self.init()
            add("type", .array(["string", "number", "boolean"].map { .text($0) }))
        case .bool: self.init(type: "boolean")
        case .integer(let bounds):
            self.init(type: "integer")
            if bounds.lowerBound > .min { add("minimum", .integer(bounds.lowerBound)) }
            if bounds.upperBound < .max { add("maximum", .integer(bounds.upperBound)) }
        case .number(let bounds):
            self.init(type: "number")
            let largest = Double.greatestFiniteMagnitude
            if bounds.lowerBound > -largest { add("minimum", .double(bounds.lowerBound)) }
            if bounds.upperBound < largest { add("maximum", .double(bounds.upperBound)) }
        case .range: self.init(pattern: #"^[^.]*(\.[0-9]+)?\.\."#)
        case .quantity(let units):
            let names = units.flatMap { $0.hasSuffix("s") ? [$0, String($0.dropLast())] : [$0] }
            self.init(pattern: "^ *[0-9]+ *(" + names.joined(separator: "|") + ") *$")
        case .choice(let words): self.init(words: words)
        case .oneOrMore(let shape):
            let item = JSONSchema(shape, below: nil)
            self.init(anyOf: [item, JSONSchema(items: item)])
        case .list: self.init(type: "array")
        case .mapping: self.init(below ?? OptionProbe.Fields())
        case .definition(let name): self.init(definition: name)
        }
    }

    /// A mapping of the fields that were asked for.
    init(_ fields: OptionProbe.Fields, with others: [(String, JSONSchema)] = []) {
        let properties = fields.fields.map { field in
            let other = others.first { $0.0 == field.key }?.1
            return (field.key, other ?? JSONSchema(field, below: fields.below[field.key]))
        }
        self.init(
            properties: properties,
            required: fields.fields.filter(\.isRequired).map(\.key),
            isOpen: fields.isOpen
        )
    }

    private static func json(_ fallback: FieldDefault) -> CBORValue {
        switch fallback {
        case .text(let text): return .text(text)
        case .texts(let items): return .array(items.map { .text($0) })
        case .plain(let text):
            switch Scalar(text: text, isPlain: true).meaning {
            case .bool(let truth): return .bool(truth)
            case .integer(let number): return .integer(number)
            case .double(let number) where number.isFinite: return .double(number)
            case .double, .null, .text: return .text(text)
            }
        }
    }
}
