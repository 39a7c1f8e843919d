internal import YAML

/// Finds out what options there are by reading empty ones, so that they are declared once: where
/// they are read.
///
/// A mapping inside is read only where it is there; it is put there once it was asked for.
struct OptionProbe {
    /// What a mapping may hold.
    struct Fields: Sendable {
        var fields: [FieldReader.Field] = []
        /// What the mappings below may hold, by their keys.
        var below: [String: Fields] = [:]
        /// Whether it takes other keys, too.
        var isOpen = false
    }

    private static let roundsMax = 8

    /// The fields that are asked for when something reads a mapping.
    static func fields(_ read: (Node) -> Void) -> Fields {
        var found = Fields()
        for _ in 0..<roundsMax {
            let node = node(found)
            let recorder = FieldRecorder()
            recorder.recording { read(node) }
            let next = merged(recorder.readings.filter { same($0.root, node.range) })
            let isComplete = count(next) == count(found)
            found = next
            if isComplete { break }
        }
        return found
    }

    /// What a stage's options are read with.
    static func context() -> StageContext {
        StageContext(name: "probe", number: 0, folder: "", diagnostics: DiagnosticBag())
    }

    private static func same(_ left: SourceRange, _ right: SourceRange) -> Bool {
        left.source.isSame(as: right.source) && left.start == right.start && left.end == right.end
    }

    private static func merged(_ readings: [FieldRecorder.Reading]) -> Fields {
        var result = Fields()
        for reading in readings { add(reading, at: reading.path[...], to: &result) }
        return result
    }

    private static func add(
        _ reading: FieldRecorder.Reading,
        at path: ArraySlice<String>,
        to result: inout Fields
    ) {
        if let key = path.first {
            return add(reading, at: path.dropFirst(), to: &result.below[key, default: Fields()])
        }
        result.isOpen = result.isOpen || reading.isOpen
        for field in reading.fields where !result.fields.contains(where: { $0.key == field.key }) {
            result.fields.append(field)
        }
    }

    private static func count(_ fields: Fields) -> Int {
        fields.below.values.reduce(fields.fields.count) { $0 + count($1) }
    }

    /// An empty mapping, with empty ones below it wherever one may be.
    private static func node(_ fields: Fields) -> Node {
        let range = SourceRange(source: YAMLSource(name: "probe", text: ""), at: .start)
        return node(fields, range)
    }

    private static func node(_ fields: Fields, _ range: SourceRange) -> Node {
        let entries = fields.fields.filter { $0.shapes.contains(.mapping) }.map { field in
            let key = Node(kind: .scalar(Scalar(text: field.key, isPlain: true)), range: range)
            return (key, node(fields.below[field.key] ?? Fields(), range))
        }
        return Node(kind: .mapping(Mapping(entries: entries)), range: range)
    }
}
