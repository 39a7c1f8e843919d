internal import Bytes
internal import Pipeline
internal import YAML

/// Prints pipelines as they take effect.
enum EffectiveText {
    /// As YAML, under the file's name.
    static func print(_ pipeline: EffectivePipeline, of path: String) {
        Console.out("# \(TerminalText.escaped(path)), as it takes effect\n")
        Console.out(TerminalText.escaped(pipeline.text, keepingLines: true))
    }

    /// Every value of all pipelines with its path (RFC 6901), and where it comes from.
    static func json(_ pipelines: [EffectivePipeline]) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginArray()
        for value in pipelines.flatMap(\.values) {
            writer.beginObject()
            writer.key("path")
            writer.string(pointer(value.path))
            writer.key("value")
            writer.value(json(value.scalar))
            writer.key("from")
            writer.string(value.origin.text)
            writer.key("file")
            writer.string(value.place?.source.name)
            if let place = value.place {
                writer.key("line")
                writer.integer(place.start.line)
                writer.key("column")
                writer.integer(place.start.column)
            }
            writer.endObject()
        }
        writer.endArray()
        writer.newline()
        return writer.bytes
    }

    private static func pointer(_ path: [String]) -> String {
        path.map { step in
            "/" + step.replacing("~", with: "~0").replacing("/", with: "~1")
        }.joined()
    }

    private static func json(_ scalar: Scalar) -> CBORValue {
        switch scalar.meaning {
        case .null: .null
        case .bool(let truth): .bool(truth)
        case .integer(let number): .integer(number)
        case .double(let number) where number.isFinite: .double(number)
        case .double, .text: .text(scalar.text)
        }
    }
}
