/// A CBOR item as a tree: for printing, diffing and small payloads, not for hot paths.
package indirect enum CBORValue: Sendable, Equatable {
    case null
    case bool(Bool)
    case integer(Int)
    case double(Double)
    case text(String)
    /// A text to be written, as the UTF-8 that it is; reading never makes one.
    case utf8([UInt8])
    case bytes([UInt8])
    case array([CBORValue])
    case map([Pair])

    /// A key and its value.
    package struct Pair: Sendable, Equatable {
        /// The key.
        package let key: String
        /// The value.
        package let value: CBORValue

        /// Joins a key and its value.
        package init(_ key: String, _ value: CBORValue) {
            self.key = key
            self.value = value
        }
    }

    /// Deeper than any JSON that ``JSONReader`` takes, wrapped in an event's own maps.
    private static let depthLimit = JSONReader.depthLimit + 16

    /// Decodes one item that takes up all the bytes, refusing all but deterministic CBOR (RFC 8949
    /// §4.2.1): keys in order, shortest heads and numbers, text that is UTF-8.
    package init(decoding bytes: Span<UInt8>) throws(CBORError) {
        var reader = CBORReader(bytes)
        var valuesLeft = Int.max
        self = try Self.read(&reader, depth: 0, inOrder: true, &valuesLeft)
        guard reader.isAtEnd else { throw CBORError(.trailingBytes, at: reader.offset) }
        // There is one encoding of each value: whatever differs from it is not deterministic.
        var writer = CBORWriter()
        encode(into: &writer)
        let ours = writer.bytes.span
        guard !ours.isEqual(to: bytes) else { return }
        let common = min(ours.count, bytes.count)
        let offset = (0..<common).first { ours[$0] != bytes[$0] } ?? common
        throw CBORError(.notDeterministic, at: offset, expected: "deterministic CBOR")
    }

    /// Decodes one item that takes up all the bytes, written by anybody: keys come in any order,
    /// each once, heads and numbers are as long as they like, lengths are definite.
    package init(anyOrder bytes: Span<UInt8>) throws(CBORError) {
        var valuesLeft = Int.max
        try self.init(anyOrder: bytes, valuesLeft: &valuesLeft)
    }

    /// Decodes as ``init(anyOrder:)`` does, but at most so many values, however deep they lie: each
    /// takes many times its bytes.
    package init(anyOrder bytes: Span<UInt8>, valuesLeft: inout Int) throws(CBORError) {
        var reader = CBORReader(bytes)
        self = try Self.read(&reader, depth: 0, inOrder: false, &valuesLeft)
        guard reader.isAtEnd else { throw CBORError(.trailingBytes, at: reader.offset) }
    }

    private static func read(
        _ reader: inout CBORReader,
        depth: Int,
        inOrder: Bool,
        _ valuesLeft: inout Int
    ) throws(CBORError) -> CBORValue {
        guard depth < depthLimit else { throw CBORError(.tooDeep, at: reader.offset) }
        valuesLeft -= 1
        guard valuesLeft >= 0 else {
            throw CBORError(.outOfRange, at: reader.offset, expected: "fewer values")
        }
        let first = try reader.peek()
        switch first >> 5 {
        case 0, 1: return .integer(try reader.integer())
        case 2: return .bytes(try reader.byteString())
        case 3:
            let range = try reader.textRange()
            let text = reader.span.extracting(range)
            if !inOrder, let offset = UTF8Scalar.firstInvalidOffset(in: text) {
                throw CBORError(.invalidText, at: range.lowerBound + offset)
            }
            return .text(String(lossyUTF8: text))
        case 4:
            let count = try reader.array()
            var items: [CBORValue] = []
            for _ in 0..<count {
                items.append(try read(&reader, depth: depth + 1, inOrder: inOrder, &valuesLeft))
            }
            return .array(items)
        case 5:
            return .map(try readPairs(&reader, depth: depth, inOrder: inOrder, &valuesLeft))
        case 7:
            switch first {
            case 0xF4, 0xF5: return .bool(try reader.bool())
            case 0xF6:
                _ = try reader.readNull()
                return .null
            default: return .double(try reader.number())
            }
        default: throw CBORError(.unsupported, at: reader.offset)
        }
    }

    private static func readPairs(
        _ reader: inout CBORReader,
        depth: Int,
        inOrder: Bool,
        _ valuesLeft: inout Int
    ) throws(CBORError) -> [Pair] {
        let count = try reader.map()
        var pairs: [Pair] = []
        var keys: Set<String> = []
        for _ in 0..<count {
            let start = reader.offset
            let key = try reader.text()
            if !inOrder, !isNew(key, pairs, &keys) {
                throw CBORError(.notDeterministic, at: start, expected: "another key")
            }
            if inOrder, let last = pairs.last, !last.key.isOrderedBeforeInCBOR(key) {
                throw CBORError(.notDeterministic, at: start, expected: "keys in order")
            }
            let value = try read(&reader, depth: depth + 1, inOrder: inOrder, &valuesLeft)
            pairs.append(Pair(key, value))
        }
        return pairs
    }

    /// Whether a key is none of those before it; few are compared one by one.
    private static func isNew(_ key: String, _ pairs: [Pair], _ keys: inout Set<String>) -> Bool {
        guard pairs.count >= 16 else { return !pairs.contains { $0.key == key } }
        if keys.isEmpty { keys = Set(pairs.map(\.key)) }
        return keys.insert(key).inserted
    }

    /// Encodes, sorting each map's keys.
    package func encode(into writer: inout CBORWriter) {
        switch self {
        case .null: writer.null()
        case .bool(let value): writer.bool(value)
        case .integer(let value): writer.integer(value)
        case .double(let value): writer.double(value)
        case .text(let value): writer.text(value)
        case .utf8(let value): writer.text(utf8: value.span)
        case .bytes(let value): writer.bytes(value.span)
        case .array(let items):
            writer.array(items.count)
            for item in items { item.encode(into: &writer) }
        case .map(let pairs):
            writer.map(pairs.count)
            for pair in pairs.sorted(by: { $0.key.isOrderedBeforeInCBOR($1.key) }) {
                writer.text(pair.key)
                pair.value.encode(into: &writer)
            }
        }
    }

    /// The item's bytes.
    package var encoded: [UInt8] {
        var writer = CBORWriter()
        encode(into: &writer)
        return writer.bytes
    }

    /// The value under a key of a map, or nil.
    package subscript(key: String) -> CBORValue? {
        guard case .map(let pairs) = self else { return nil }
        return pairs.first { $0.key == key }?.value
    }

    /// The text, if it is text.
    package var text: String? {
        guard case .text(let value) = self else { return nil }
        return value
    }

    /// The integer, if it is one.
    package var integer: Int? {
        guard case .integer(let value) = self else { return nil }
        return value
    }

    /// The number, whole or not, if it is one.
    package var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .double(let value): value
        default: nil
        }
    }

    /// The items, if it is an array.
    package var array: [CBORValue]? {
        guard case .array(let items) = self else { return nil }
        return items
    }

    /// The items of an array; none for anything else.
    package var items: [CBORValue] {
        guard case .array(let items) = self else { return [] }
        return items
    }

    /// The pairs of a map; none for anything else.
    package var pairs: [Pair] {
        guard case .map(let pairs) = self else { return [] }
        return pairs
    }
}

extension String {
    /// RFC 8949 §4.2.1: bytewise order of encoded keys, which is by length, then by bytes.
    package func isOrderedBeforeInCBOR(_ other: String) -> Bool {
        let mine = utf8.count
        let theirs = other.utf8.count
        guard mine == theirs else { return mine < theirs }
        return utf8.lexicographicallyPrecedes(other.utf8)
    }
}

extension [CBORValue.Pair] {
    /// The pairs in CBOR's order of keys; of equal keys the last counts, as in most readers of JSON.
    package func inCBOROrder() -> [CBORValue.Pair] {
        if indices.dropFirst().allSatisfy({ self[$0 - 1].key.isOrderedBeforeInCBOR(self[$0].key) })
        {
            return self
        }
        let order = indices.sorted { one, other in
            if self[one].key.isOrderedBeforeInCBOR(self[other].key) { return true }
            if self[other].key.isOrderedBeforeInCBOR(self[one].key) { return false }
            return one < other
        }
        var pairs: [CBORValue.Pair] = []
        for index in order {
            if let last = pairs.last, !last.key.isOrderedBeforeInCBOR(self[index].key) {
                pairs.removeLast()
            }
            pairs.append(self[index])
        }
        return pairs
    }
}
