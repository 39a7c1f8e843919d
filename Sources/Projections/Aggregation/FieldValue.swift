internal import Bytes

/// A value of a document's or an annotation's field: what JSON can say without lists and objects.
enum FieldValue: Hashable, Sendable {
    case bool(Bool)
    case integer(Int)
    case real(Double)
    /// As bytes: two spellings of one letter are two values, as they are two documents.
    case text([UInt8])
    /// The field is not there, or null.
    case absent

    /// Longer texts are cut, and end in `…`: what is grouped by is names, not bodies.
    private static let textByteLimit = 1024

    /// Takes a text, cut where it is longer than a name can be.
    init(text: Span<UInt8>) {
        guard text.count > Self.textByteLimit else {
            self = .text([UInt8](copying: text))
            return
        }
        var end = Self.textByteLimit
        while end > 0, text[end] & 0xC0 == 0x80 { end -= 1 }
        self = .text([UInt8](copying: text.extracting(0..<end)) + Array("…".utf8))
    }

    /// Takes a number; whole ones are integers however they were written.
    init(number: Double) {
        if let whole = Int(exactly: number) { self = .integer(whole) } else { self = .real(number) }
    }

    /// Reads a scalar that is next; nil, and past it, if it is none.
    init?(_ reader: inout CBORReader) throws(CBORError) {
        let first = try reader.peek()
        switch first >> 5 {
        case 0, 1: self = .integer(try reader.integer())
        case 3:
            let range = try reader.textRange()
            self.init(text: reader.span.extracting(range))
        case 7 where first == 0xF4 || first == 0xF5: self = .bool(try reader.bool())
        case 7 where first >= 0xF9 && first <= 0xFB: self.init(number: try reader.number())
        case 7 where first == 0xF6:
            try reader.skip()
            self = .absent
        default:
            try reader.skip()
            return nil
        }
    }

    /// Writes it.
    func encode(into writer: inout CBORWriter) {
        switch self {
        case .bool(let flag): writer.bool(flag)
        case .integer(let number): writer.integer(number)
        case .real(let number): writer.double(number)
        case .text(let bytes): writer.text(utf8: bytes.span)
        case .absent: writer.null()
        }
    }

    /// The number, if it is one.
    var number: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .real(let number): number
        default: nil
        }
    }

    /// The value as text; nil if it is absent.
    var text: String? {
        switch self {
        case .bool(let flag): flag ? "true" : "false"
        case .integer(let number): String(number)
        case .real(let number): String(number)
        case .text(let bytes): String(decoding: bytes, as: UTF8.self)
        case .absent: nil
        }
    }

    /// The value as a cell of an answer.
    var cell: Table.Cell {
        switch self {
        case .bool(let flag): .bool(flag)
        case .integer(let number): .integer(number)
        case .real(let number): .real(number)
        case .text(let bytes): .text(String(decoding: bytes, as: UTF8.self))
        case .absent: .null
        }
    }
}

extension FieldValue: Comparable {
    /// Numbers by size, then texts by bytes, then truths, absent ones last.
    static func < (left: FieldValue, right: FieldValue) -> Bool {
        switch (left, right) {
        case (.text(let one), .text(let other)): one.lexicographicallyPrecedes(other)
        case (.integer(let one), .integer(let other)): one < other
        case (.bool(let one), .bool(let other)): !one && other
        default:
            if let one = left.number, let other = right.number, one != other {
                one < other
            } else {
                left.rank < right.rank
            }
        }
    }

    private var rank: Int {
        switch self {
        case .integer: 0
        case .real: 1
        case .text: 2
        case .bool: 3
        case .absent: 4
        }
    }
}
