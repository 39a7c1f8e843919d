/// Appends JSON (RFC 8259) to bytes; the caller writes commas through ``member(_:)`` and ``element()``.
///
/// Strings come out safe in a terminal, a script element and a log: control characters, U+2028,
/// U+2029 and bidirectional controls are escaped.
package struct JSONWriter: Sendable {
    /// What has been written.
    package var bytes: [UInt8] = []
    /// How byte strings are written.
    package var base64 = Base64.url
    private var needsComma = false

    /// Begins with no bytes.
    package init() {}

    /// Opens an object.
    package mutating func beginObject() { open(0x7B) }
    /// Closes an object.
    package mutating func endObject() { close(0x7D) }
    /// Opens an array.
    package mutating func beginArray() { open(0x5B) }
    /// Closes an array.
    package mutating func endArray() { close(0x5D) }

    /// Writes a key; its value comes next.
    package mutating func key(_ name: String) {
        string(name)
        bytes.append(0x3A)
        needsComma = false
    }

    /// Writes a string.
    package mutating func string(_ value: String) {
        var value = value
        value.withUTF8 { unsafe string(utf8: Span(_unsafeElements: $0)) }
    }

    /// Writes a string, or null.
    package mutating func string(_ value: String?) {
        if let value { string(value) } else { null() }
    }

    /// Writes a string that is known to be UTF-8.
    package mutating func string(utf8 value: Span<UInt8>) {
        separate()
        bytes.append(0x22)
        var run = 0
        var index = 0
        while index < value.count {
            let byte = value[index]
            if Self.isPlain(byte) {
                index += byte < 0x80 ? Self.plainRun(value, at: index) : 1
                continue
            }
            // Of ASCII all that is not plain is escaped.
            let (scalar, width) =
                byte < 0x80 ? (UInt32(byte), 1) : Self.escaped(value, at: index)
            if width == 0 {
                index += 1
                continue
            }
            bytes.append(contentsOf: value.extracting(run..<index))
            escape(scalar)
            index += width
            run = index
        }
        bytes.append(contentsOf: value.extracting(run..<value.count))
        bytes.append(0x22)
        needsComma = true
    }

    /// Writes a whole number.
    package mutating func integer(_ value: Int) {
        separate()
        bytes.appendDecimal(value)
        needsComma = true
    }

    /// Writes a number; what JSON has no word for becomes null.
    package mutating func double(_ value: Double) {
        guard value.isFinite else { return null() }
        separate()
        if value == value.rounded(), abs(value) < 1e15 {
            bytes.appendDecimal(Int(value))
        } else {
            bytes.append(contentsOf: value.description.utf8)
        }
        needsComma = true
    }

    /// Writes true or false.
    package mutating func bool(_ value: Bool) {
        separate()
        bytes.append(contentsOf: (value ? "true" : "false").utf8)
        needsComma = true
    }

    /// Writes null.
    package mutating func null() {
        separate()
        bytes.append(contentsOf: "null".utf8)
        needsComma = true
    }

    /// Writes a tree; byte strings become base64url without padding (RFC 8949 §6.1).
    package mutating func value(_ value: CBORValue) {
        switch value {
        case .null: null()
        case .bool(let value): bool(value)
        case .integer(let value): integer(value)
        case .double(let value): double(value)
        case .text(let value): string(value)
        case .utf8(let value): string(utf8: value.span)
        case .bytes(let value): string(base64.string(value))
        case .array(let items):
            beginArray()
            for item in items { self.value(item) }
            endArray()
        case .map(let pairs):
            beginObject()
            for pair in pairs {
                key(pair.key)
                self.value(pair.value)
            }
            endObject()
        }
    }

    /// Ends a line of JSON lines.
    package mutating func newline() {
        bytes.append(0x0A)
        needsComma = false
    }

    /// Appends bytes that are already JSON: a value, or members with their commas.
    package mutating func raw(_ json: Span<UInt8>) {
        separate()
        bytes.append(contentsOf: json)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(0x2C) }
    }

    private mutating func open(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }

    /// Whether no code point that begins with this byte is ever escaped.
    @inline(__always)
    private static func isPlain(_ byte: UInt8) -> Bool {
        if byte < 0x80 { return byte >= 0x20 && byte != 0x22 && byte != 0x5C && byte != 0x7F }
        // U+0080...U+009F, U+061C, U+2028..., U+FEFF.
        return byte != 0xC2 && byte != 0xD8 && byte != 0xE2 && byte != 0xEF
    }

    /// How many ASCII bytes from `index` on are never escaped, if they are fewer than eight; the byte
    /// at `index` is one of them.
    @inline(__always)
    private static func plainRun(_ value: Span<UInt8>, at index: Int) -> Int {
        guard index + 8 <= value.count else { return 1 }
        let word = value.word(at: index)
        let control = (word &- 0x20 &* ByteMask.ones) & ~word
        let special =
            ByteMask.zeros(word ^ 0x22 &* ByteMask.ones)
            | ByteMask.zeros(word ^ 0x5C &* ByteMask.ones)
            | ByteMask.zeros(word ^ 0x7F &* ByteMask.ones) | ((control | word) & ByteMask.tops)
        return max(1, ByteMask.firstIndex(special))
    }

    /// The scalar at `index`, and how many bytes must be written as an escape of it; 0 for none.
    private static func escaped(
        _ value: Span<UInt8>,
        at index: Int
    ) -> (scalar: UInt32, width: Int) {
        let (scalar, width) = UTF8Scalar.decode(value, at: index)
        return (scalar, TerminalText.isUnsafe(scalar) ? width : 0)
    }

    private mutating func escape(_ scalar: UInt32) {
        switch scalar {
        case 0x22, 0x5C:
            bytes.append(0x5C)
            bytes.append(UInt8(scalar))
        case 0x0A: bytes.append(contentsOf: "\\n".utf8)
        case 0x0D: bytes.append(contentsOf: "\\r".utf8)
        case 0x09: bytes.append(contentsOf: "\\t".utf8)
        default:
            bytes.append(contentsOf: "\\u".utf8)
            for shift in [12, 8, 4, 0] as [UInt32] {
                bytes.append(Hex.digit(UInt8(truncatingIfNeeded: scalar >> shift & 15)))
            }
        }
    }
}
