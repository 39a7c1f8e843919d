internal import Bytes
internal import YAML

/// The options of a stage as they take effect, to be compared: what says no more than its absence
/// would is left out.
///
/// So it makes no difference whether a default is written, nor that a later version knows an option
/// more.
struct EffectiveOptions {
    private let readings: FieldReadings
    private let ignored: Set<String>

    /// Where a mapping stands among those that were read together.
    private struct Place {
        let root: SourceRange
        var path: [String] = []

        func below(_ key: String) -> Place { Place(root: root, path: path + [key]) }
    }

    /// - Parameters:
    ///   - readings: the fields that were asked for when the stage was built.
    ///   - ignored: the paths of options that do not count.
    init(_ readings: FieldReadings, ignoring ignored: Set<String>) {
        self.readings = readings
        self.ignored = ignored
    }

    /// The options as a value; nothing and an empty mapping are the same.
    func value(of options: Node) -> CBORValue {
        let value = value(of: options, below: "", nil)
        return value == .map([]) ? .text("") : value
    }

    private func value(of node: Node, below path: String, _ place: Place?) -> CBORValue {
        switch node.kind {
        case .scalar(let scalar): .text(scalar.isNull ? "" : scalar.publicText)
        case .sequence(let items): .array(items.map { value(of: $0, below: path, nil) })
        case .mapping(let mapping): value(of: mapping, at: node.range, below: path, place)
        }
    }

    private func value(
        of mapping: Mapping,
        at range: SourceRange,
        below path: String,
        _ outer: Place?
    ) -> CBORValue {
        // A mapping with a reader of its own is a new beginning.
        let place = readings[range, []] == nil ? outer : Place(root: range)
        let fields = place.flatMap { readings[$0.root, $0.path] } ?? []
        return .map(
            mapping.entries.compactMap { entry in
                let key = entry.key.text ?? ""
                guard !ignored.contains(path + key) else { return nil }
                let below = place?.below(key)
                let value = value(of: entry.value, below: path + key + "/", below)
                let isMapping = below.map { readings[$0.root, $0.path] != nil } ?? false
                if isMapping, value == .map([]) { return nil }
                let fallback = fields.first { $0.key == key }?.fallback
                return fallback.map(Self.value) == value ? nil : CBORValue.Pair(key, value)
            }
        )
    }

    private static func value(of fallback: FieldDefault) -> CBORValue {
        switch fallback {
        case .plain(let text), .text(let text): .text(text)
        case .texts(let items): .array(items.map { .text($0) })
        }
    }
}
