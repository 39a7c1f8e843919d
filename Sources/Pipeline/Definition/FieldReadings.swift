internal import YAML

/// Which fields were asked for in which mapping, while something was built.
struct FieldReadings {
    private let fields: [Key: [FieldReader.Field]]

    private struct Key: Hashable {
        let file: String
        let start: Int
        let end: Int
        let path: [String]

        init(_ root: SourceRange, _ path: [String]) {
            file = root.source.name
            start = root.start.offset
            end = root.end.offset
            self.path = path
        }
    }

    init(_ readings: [FieldRecorder.Reading]) {
        var fields: [Key: [FieldReader.Field]] = [:]
        for reading in readings { fields[Key(reading.root, reading.path)] = reading.fields }
        self.fields = fields
    }

    /// The fields of the mapping that a path leads to from the outermost one that was read with it;
    /// nil if none was asked for.
    subscript(_ root: SourceRange, _ path: [String]) -> [FieldReader.Field]? {
        fields[Key(root, path)]
    }
}
