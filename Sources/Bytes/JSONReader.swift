/// A cursor over JSON bytes (RFC 8259) that reads values in order and skips those nobody asked for.
///
/// It checks syntax, not UTF-8: check the bytes first with ``UTF8Scalar/firstInvalidOffset(in:)``.
package struct JSONReader: ~Escapable {
    private let bytes: Span<UInt8>
    /// The offset of the next byte.
    package private(set) var offset: Int
    /// How many more values trees may have, however deep they lie: each takes many times its bytes.
    package var valuesLeft = Int.max

    /// How deep arrays and objects may lie in each other.
    static let depthLimit = 64

    /// Reads from the first byte.
    @_lifetime(copy bytes)
    package init(_ bytes: Span<UInt8>) {
        self.bytes = bytes
        offset = 0
    }

    /// The first byte of the next value.
    package mutating func peek() throws(JSONError) -> UInt8 {
        skipSpace()
        guard offset < bytes.count else {
            throw JSONError(at: offset, expected: "a value, found the end")
        }
        return bytes[offset]
    }

    /// Checks that only white space is left.
    package mutating func end() throws(JSONError) {
        skipSpace()
        guard offset == bytes.count else { throw JSONError(at: offset, expected: "the end") }
    }

    /// Enters an object.
    package mutating func beginObject() throws(JSONError) {
        try expect(0x7B, "'{'")
    }

    /// Reads the next key of the object, or leaves the object and answers false.
    ///
    /// - Parameters:
    ///   - isFirst: true before the first key; set to false here.
    ///   - key: receives the key's bytes, unescaped.
    /// - Returns: false when the object has ended.
    /// - Throws: where the text stops being JSON.
    package mutating func nextKey(
        isFirst: inout Bool,
        into key: inout [UInt8]
    ) throws(JSONError) -> Bool {
        guard try nextMember(isFirst: &isFirst, close: 0x7D) else { return false }
        key.removeAll(keepingCapacity: true)
        try string(into: &key)
        try expect(0x3A, "':'")
        return true
    }

    /// Enters an array.
    package mutating func beginArray() throws(JSONError) {
        try expect(0x5B, "'['")
    }

    /// Moves to the next element of the array, or leaves the array and answers false.
    package mutating func nextElement(isFirst: inout Bool) throws(JSONError) -> Bool {
        try nextMember(isFirst: &isFirst, close: 0x5D)
    }

    private mutating func nextMember(isFirst: inout Bool, close: UInt8) throws(JSONError) -> Bool {
        let next = try peek()
        if next == close {
            offset += 1
            return false
        }
        if !isFirst {
            guard next == 0x2C else {
                throw JSONError(at: offset, expected: close == 0x7D ? "',' or '}'" : "',' or ']'")
            }
            offset += 1
            if try peek() == close {
                throw JSONError(at: offset, expected: "a value after ','")
            }
        }
        isFirst = false
        return true
    }

    /// Reads a string, appending its unescaped bytes.
    package mutating func string(into text: inout [UInt8]) throws(JSONError) {
        try expect(0x22, "a string")
        while true {
            let run = offset
            let byte = try nextSpecial()
            text.append(contentsOf: bytes.extracting(run..<offset))
            if byte == 0x22 {
                offset += 1
                return
            }
            try escape(into: &text)
        }
    }

    /// Moves to the next quote or backslash of a string and answers which it is.
    private mutating func nextSpecial() throws(JSONError) -> UInt8 {
        while offset < bytes.count {
            if offset + 8 <= bytes.count {
                let word = bytes.word(at: offset)
                let control = (word &- 0x20 &* ByteMask.ones) & ~word & ByteMask.tops
                let special =
                    ByteMask.zeros(word ^ 0x22 &* ByteMask.ones)
                    | ByteMask.zeros(word ^ 0x5C &* ByteMask.ones) | control
                offset += ByteMask.firstIndex(special)
                if special == 0 { continue }
            }
            let byte = bytes[offset]
            if byte == 0x22 || byte == 0x5C { return byte }
            guard byte >= 0x20 else {
                throw JSONError(at: offset, expected: "a string without control characters")
            }
            offset += 1
        }
        throw JSONError(at: offset, expected: "'\"' at the end of a string, found the end")
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSONError) {
        guard offset + 1 < bytes.count else { throw JSONError(at: offset, expected: "an escape") }
        let start = offset
        let kind = bytes[offset + 1]
        offset += 2
        switch kind {
        case 0x22, 0x5C, 0x2F: text.append(kind)
        case 0x62: text.append(0x08)
        case 0x66: text.append(0x0C)
        case 0x6E: text.append(0x0A)
        case 0x72: text.append(0x0D)
        case 0x74: text.append(0x09)
        case 0x75:
            let unit = try hexUnit()
            UTF8Scalar.append(try scalar(from: unit), to: &text)
        default:
            throw JSONError(at: start, expected: "one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u")
        }
    }

    /// Joins a surrogate pair; a lone surrogate becomes U+FFFD.
    private mutating func scalar(from unit: UInt32) throws(JSONError) -> UInt32 {
        guard (0xD800..<0xDC00).contains(unit) else { return unit }
        guard offset + 1 < bytes.count, bytes[offset] == 0x5C, bytes[offset + 1] == 0x75 else {
            return 0xFFFD
        }
        let start = offset
        offset += 2
        let low = try hexUnit()
        guard (0xDC00..<0xE000).contains(low) else {
            offset = start
            return 0xFFFD
        }
        return 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)
    }

    private mutating func hexUnit() throws(JSONError) -> UInt32 {
        guard offset + 4 <= bytes.count else {
            throw JSONError(at: offset, expected: "four hexadecimal digits")
        }
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = Hex.value(bytes[offset]) else {
                throw JSONError(at: offset, expected: "a hexadecimal digit")
            }
            unit = unit << 4 | UInt32(digit)
            offset += 1
        }
        return unit
    }

    /// Steps over the next value, allocating nothing.
    package mutating func skip() throws(JSONError) {
        try skip(depth: 0)
    }

    private mutating func skip(depth: Int) throws(JSONError) {
        var isFirst = true
        switch try peek() {
        case 0x22:
            try skipString()
        case 0x7B:
            try checkDepth(depth)
            offset += 1
            while try nextMember(isFirst: &isFirst, close: 0x7D) {
                try skipString()
                try expect(0x3A, "':'")
                try skip(depth: depth + 1)
            }
        case 0x5B:
            try checkDepth(depth)
            offset += 1
            while try nextMember(isFirst: &isFirst, close: 0x5D) { try skip(depth: depth + 1) }
        case 0x74: try literal("true")
        case 0x66: try literal("false")
        case 0x6E: try literal("null")
        default: _ = try numberRange()
        }
    }

    private mutating func skipString() throws(JSONError) {
        try expect(0x22, "a string")
        while try nextSpecial() == 0x5C {
            if offset + 1 < bytes.count, bytes[offset + 1] != 0x75, Self.isEscape(bytes[offset + 1])
            {
                offset += 2
            } else {
                var unescaped: [UInt8] = []
                try escape(into: &unescaped)
            }
        }
        offset += 1
    }

    private static func isEscape(_ kind: UInt8) -> Bool {
        switch kind {
        case 0x22, 0x5C, 0x2F, 0x62, 0x66, 0x6E, 0x72, 0x74: true
        default: false
        }
    }

    private func checkDepth(_ depth: Int) throws(JSONError) {
        guard depth < Self.depthLimit else {
            throw JSONError(at: offset, expected: "at most \(Self.depthLimit) levels")
        }
    }

    /// Reads the next value as a tree.
    package mutating func value() throws(JSONError) -> CBORValue {
        try value(depth: 0)
    }

    private mutating func value(depth: Int) throws(JSONError) -> CBORValue {
        valuesLeft -= 1
        guard valuesLeft >= 0 else { throw JSONError(at: offset, expected: "fewer values") }
        switch try peek() {
        case 0x22:
            var text: [UInt8] = []
            try string(into: &text)
            return .text(String(decoding: text, as: UTF8.self))
        case 0x7B:
            try checkDepth(depth)
            return try object(depth: depth)
        case 0x5B:
            try checkDepth(depth)
            offset += 1
            var isFirst = true
            var items: [CBORValue] = []
            while try nextElement(isFirst: &isFirst) { items.append(try value(depth: depth + 1)) }
            return .array(items)
        case 0x74:
            try literal("true")
            return .bool(true)
        case 0x66:
            try literal("false")
            return .bool(false)
        case 0x6E:
            try literal("null")
            return .null
        default:
            return try number()
        }
    }

    private mutating func object(depth: Int) throws(JSONError) -> CBORValue {
        offset += 1
        var isFirst = true
        var key: [UInt8] = []
        var pairs: [CBORValue.Pair] = []
        while try nextKey(isFirst: &isFirst, into: &key) {
            let value = try value(depth: depth + 1)
            pairs.append(CBORValue.Pair(String(decoding: key, as: UTF8.self), value))
        }
        return .map(pairs.inCBOROrder())
    }

    private mutating func literal(_ word: String) throws(JSONError) {
        let start = offset
        for byte in word.utf8 {
            guard offset < bytes.count, bytes[offset] == byte else {
                throw JSONError(at: start, expected: "a value")
            }
            offset += 1
        }
    }

    private mutating func number() throws(JSONError) -> CBORValue {
        let start = offset
        let isWhole = try numberRange()
        let text = String(lossyUTF8: bytes.extracting(start..<offset))
        if isWhole, let integer = Int(text) { return .integer(integer) }
        // An infinity could not be written as JSON again.
        guard let number = Double(text), number.isFinite else {
            throw JSONError(at: start, expected: "a number that binary64 can hold")
        }
        return .double(number)
    }

    /// Steps over a number and answers whether it is written as a whole one.
    private mutating func numberRange() throws(JSONError) -> Bool {
        let start = offset
        var isWhole = true
        if offset < bytes.count, bytes[offset] == 0x2D { offset += 1 }
        let firstDigit = offset
        digits()
        guard offset > firstDigit else { throw JSONError(at: start, expected: "a value") }
        guard offset == firstDigit + 1 || bytes[firstDigit] != 0x30 else {
            throw JSONError(at: start, expected: "a number without leading zeros")
        }
        if offset < bytes.count, bytes[offset] == 0x2E {
            isWhole = false
            offset += 1
            try someDigits()
        }
        if offset < bytes.count, bytes[offset] | 0x20 == 0x65 {
            isWhole = false
            offset += 1
            if offset < bytes.count, bytes[offset] == 0x2B || bytes[offset] == 0x2D { offset += 1 }
            try someDigits()
        }
        return isWhole
    }

    private mutating func digits() {
        while offset < bytes.count, (0x30...0x39).contains(bytes[offset]) { offset += 1 }
    }

    private mutating func someDigits() throws(JSONError) {
        let first = offset
        digits()
        guard offset > first else { throw JSONError(at: offset, expected: "a digit") }
    }

    private mutating func expect(_ byte: UInt8, _ name: String) throws(JSONError) {
        skipSpace()
        guard offset < bytes.count, bytes[offset] == byte else {
            throw JSONError(at: offset, expected: name)
        }
        offset += 1
    }

    private mutating func skipSpace() {
        while offset < bytes.count {
            switch bytes[offset] {
            case 0x20, 0x09, 0x0A, 0x0D: offset += 1
            default: return
            }
        }
    }
}
