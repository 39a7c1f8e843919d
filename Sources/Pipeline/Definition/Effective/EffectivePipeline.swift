internal import Bytes
internal import YAML

/// A pipeline as it takes effect: what the files say and what holds where they say nothing.
package struct EffectivePipeline: Sendable {
    /// Every value, in the order of the text.
    package private(set) var values: [EffectiveValue] = []
    /// The pipeline as YAML, behind each value who says so.
    package private(set) var text = ""

    private let composed: ComposedPipeline
    private let readings: FieldReadings

    /// Where a mapping stands among those that were read together.
    private struct Place {
        var root: SourceRange
        var path: [String] = []
    }

    init(_ node: Node, composed: ComposedPipeline, readings: [FieldRecorder.Reading]) {
        self.composed = composed
        self.readings = FieldReadings(readings)
        text = text(of: node, [], Place(root: node.range)).text
    }

    // MARK: What the files say

    private mutating func text(of node: Node, _ path: [String], _ place: Place?) -> YAMLOutline {
        switch node.kind {
        case .mapping(let mapping):
            // A mapping with a reader of its own is a new beginning.
            let isRoot = readings[node.range, []] != nil
            return text(of: mapping.entries, path, isRoot ? Place(root: node.range) : place)
        case .sequence(let items):
            return .list(
                items.enumerated().map { number, item in
                    self.item(item, path + [String(number)])
                }
            )
        case .scalar(let scalar):
            if scalar.isNull, readings[node.range, []] != nil {
                return text(of: [], path, Place(root: node.range))
            }
            return value(scalar, path, at: node.range)
        }
    }

    /// An item of a list; a stage that is a name alone has options all the same.
    private mutating func item(_ item: Node, _ path: [String]) -> YAMLOutline {
        guard path.count == 2, path[0] == "stages", let name = item.text else {
            return text(of: item, path, nil)
        }
        let after = SourceRange(source: item.range.source, at: item.range.end)
        let options = text(of: [], path + [name], Place(root: after))
        return .mapping([YAMLOutline.Entry(name, options)])
    }

    private mutating func text(
        of entries: [Mapping.Entry],
        _ path: [String],
        _ place: Place?
    ) -> YAMLOutline {
        var lines = entries.map { entry -> YAMLOutline.Entry in
            let key = entry.key.text ?? ""
            var below = place
            below?.path.append(key)
            return YAMLOutline.Entry(key, text(of: entry.value, path + [key], below))
        }
        guard let place else { return .mapping(lines) }
        let said = Set(entries.compactMap(\.key.text))
        for field in readings[place.root, place.path] ?? [] where !said.contains(field.key) {
            if let line = standard(field, path + [field.key], place) {
                lines.append(YAMLOutline.Entry(field.key, line))
            }
        }
        return .mapping(lines)
    }

    private mutating func value(
        _ scalar: Scalar,
        _ path: [String],
        at range: SourceRange
    ) -> YAMLOutline {
        let value = EffectiveValue(
            path: path,
            scalar: Self.shown(scalar),
            origin: origin(of: scalar, at: range),
            place: range
        )
        return add(value)
    }

    private mutating func add(_ value: EffectiveValue) -> YAMLOutline {
        values.append(value)
        return .scalar(value.scalar.yaml, comment: value.comment)
    }

    private func origin(of scalar: Scalar, at range: SourceRange) -> EffectiveValue.Origin {
        let origins = scalar.substituted?.origins ?? []
        for case .secret(let path) in origins { return .secret(path) }
        if case .environment(let name, let isDefault)? = origins.first {
            return .environment(name, isDefault: isDefault)
        }
        switch composed.region(of: range) {
        case .template(let name, _)?: return .template(name)
        case .profile(let name, _)?: return .profile(name)
        case nil: return .file
        }
    }

    /// A secret is never shown, and neither is a variable that is one by its name.
    private static func shown(_ scalar: Scalar) -> Scalar {
        guard let substituted = scalar.substituted else { return scalar }
        let hides = substituted.origins.contains { origin in
            switch origin {
            case .secret: true
            case .environment(let name, let isDefault): !isDefault && namesSecret(name)
            }
        }
        guard hides else { return Scalar(text: scalar.text, isPlain: scalar.isPlain) }
        return Scalar(text: SecretMask.replacement, isPlain: false)
    }

    private static func namesSecret(_ variable: String) -> Bool {
        let name = variable.uppercased()
        return name.hasSuffix("KEY")
            || ["TOKEN", "SECRET", "PASSWORD", "PASSWD", "PASSPHRASE", "CREDENTIAL"]
                .contains { name.contains($0) }
    }

    // MARK: What holds where they say nothing

    private mutating func standard(
        _ field: FieldReader.Field,
        _ path: [String],
        _ place: Place
    ) -> YAMLOutline? {
        switch field.fallback {
        case .plain(let text)?: return standard(Scalar(text: text, isPlain: true), path)
        case .text(let text)?: return standard(Scalar(text: text, isPlain: false), path)
        case .texts(let items)?:
            return .list(
                items.enumerated().map { number, text in
                    standard(Scalar(text: text, isPlain: false), path + [String(number)])
                }
            )
        case nil:
            // A mapping that is absent, of which the fields are known, has their defaults.
            let below = Place(root: place.root, path: place.path + [field.key])
            guard readings[below.root, below.path] != nil else { return nil }
            let text = text(of: [], path, below)
            if case .mapping(let entries) = text, entries.isEmpty { return nil }
            return text
        }
    }

    private mutating func standard(_ scalar: Scalar, _ path: [String]) -> YAMLOutline {
        add(EffectiveValue(path: path, scalar: scalar, origin: .standard, place: nil))
    }
}
