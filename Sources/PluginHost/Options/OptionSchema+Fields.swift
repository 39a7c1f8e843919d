package import Bytes
internal import YAML

extension OptionSchema {
    /// The schema as JSON; nil for a plugin that takes no options.
    package var json: CBORValue? { node.map { CBORValue($0) } }

    /// The options that have a default.
    fileprivate var fields: [FieldReader.Field] {
        (node?["properties"]?.mapping?.entries ?? []).compactMap { entry in
            guard let fallback = entry.value["default"].flatMap(Self.fallback) else { return nil }
            return FieldReader.Field(
                key: entry.key.text ?? "",
                expected: entry.value["description"]?.text ?? "an option of the plugin",
                shapes: [.any],
                fallback: fallback
            )
        }
    }

    private static func fallback(_ node: Node) -> FieldDefault? {
        if let items = node.sequence { return .texts(items.compactMap(\.text)) }
        guard let scalar = node.scalar else { return nil }
        return scalar.meaning == .text ? .text(scalar.text) : .plain(scalar.text)
    }
}

extension PluginSettings {
    /// Notes the options that the plugin fills in where the pipeline says nothing.
    func recordDefaults(of schema: OptionSchema) {
        guard let recorder = FieldRecorder.current, place.mapping != nil else { return }
        recorder.add(
            FieldRecorder.Reading(
                root: options?.range ?? place.range,
                path: options == nil ? ["options"] : [],
                context: "the options of \(name)",
                fields: schema.fields
            )
        )
    }
}
