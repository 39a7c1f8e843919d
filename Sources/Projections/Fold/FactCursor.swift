internal import Bytes

/// A cursor over the CBOR of an event's facts, for folds.
///
/// It remembers the first fault instead of throwing at each step: after it every read answers
/// nothing and the cursor stands at the end, so that loops end by themselves; ``finish()`` throws.
/// A `CBORReader` that throws at each step takes twice the time.
struct FactCursor: ~Escapable {
    /// What is read.
    let bytes: Span<UInt8>
    /// The offset of the next item.
    private(set) var offset = 0
    private var fault: CBORError.Code?
    private var faultOffset = 0

    /// The beginning of an item: its type and the number that goes with it.
    struct Head {
        let major: UInt8
        let value: UInt64
    }

    @inline(__always)
    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>) {
        self.bytes = bytes
    }

    /// Throws the first fault.
    @inline(__always)
    func finish() throws(CBORError) {
        if let fault { throw CBORError(fault, at: faultOffset) }
    }

    /// Notes a fault at an offset.
    @inline(never)
    mutating func fail(_ code: CBORError.Code, at start: Int) {
        if fault == nil {
            fault = code
            faultOffset = start
        }
        offset = bytes.count
    }

    /// The type of the next item; 7 at the end.
    @inline(__always)
    var nextMajor: UInt8 { offset < bytes.count ? bytes[offset] >> 5 : 7 }

    /// Reads a head.
    @inline(__always)
    mutating func head() -> Head {
        let start = offset
        guard start < bytes.count else {
            fail(.truncated, at: start)
            return Head(major: 7, value: 0)
        }
        let first = bytes[start]
        let info = first & 31
        if info < 24 {
            offset = start + 1
            return Head(major: first >> 5, value: UInt64(info))
        }
        if info == 24, start + 1 < bytes.count {
            offset = start + 2
            return Head(major: first >> 5, value: UInt64(bytes[start + 1]))
        }
        if info == 25, start + 2 < bytes.count {
            offset = start + 3
            let value = UInt64(bytes[start + 1]) << 8 | UInt64(bytes[start + 2])
            return Head(major: first >> 5, value: value)
        }
        return longHead(first)
    }

    @inline(never)
    private mutating func longHead(_ first: UInt8) -> Head {
        let start = offset
        guard first & 31 < 28 else {
            fail(.unsupported, at: start)
            return Head(major: 7, value: 0)
        }
        let width = 1 << Int(first & 31 - 24)
        guard bytes.count - start > width else {
            fail(.truncated, at: start)
            return Head(major: 7, value: 0)
        }
        offset = start + 1 + width
        var value: UInt64 = 0
        for index in start + 1..<offset { value = value << 8 | UInt64(bytes[index]) }
        return Head(major: first >> 5, value: value)
    }

    /// Reads the head of an item of a type; the answer is not greater than what is left, as every
    /// byte of a text and every item of a list takes a byte at least.
    @inline(__always)
    private mutating func count(_ major: UInt8) -> Int {
        let start = offset
        let head = head()
        guard head.major == major, head.value <= UInt64(bytes.count - offset) else {
            fail(head.major == major ? .truncated : .unexpectedType, at: start)
            return 0
        }
        return Int(head.value)
    }

    /// The number of pairs of a map, which come next.
    @inline(__always)
    mutating func map() -> Int { count(5) }

    /// The number of items of an array, which come next.
    @inline(__always)
    mutating func array() -> Int { count(4) }

    /// Where the bytes of a text lie.
    @inline(__always)
    mutating func text() -> Range<Int> {
        let count = count(3)
        let start = offset
        offset += count
        return start..<offset
    }

    /// Reads a map's key.
    @inline(__always)
    mutating func key() -> FieldName {
        let range = text()
        return name(at: range.lowerBound, length: UInt64(range.count))
    }

    /// Steps over a key if it is this one; else stays.
    @inline(__always)
    mutating func take(_ name: FieldName) -> Bool {
        let start = offset
        guard start + Int(name.length) < bytes.count,
            bytes[start] == 0x60 | UInt8(truncatingIfNeeded: name.length),
            self.name(at: start + 1, length: name.length) == name
        else { return false }
        offset = start + 1 + Int(name.length)
        return true
    }

    /// The name of so many bytes at an offset.
    @inline(__always)
    private func name(at start: Int, length: UInt64) -> FieldName {
        if start + 16 <= bytes.count {
            return FieldName(bytes.word(at: start), bytes.word(at: start + 8), length: length)
        }
        let high = length > 8 ? bytes.lastWord(at: start + 8) : 0
        let low = start + 8 <= bytes.count ? bytes.word(at: start) : bytes.lastWord(at: start)
        return FieldName(low, high, length: length)
    }

    /// Reads an unsigned integer.
    @inline(__always)
    mutating func unsigned() -> UInt64 {
        let start = offset
        let head = head()
        if head.major != 0 { fail(.unexpectedType, at: start) }
        return head.value
    }

    /// Reads an array of spans and answers how many there are; one that ends before it starts is a
    /// fault.
    @inline(__always)
    mutating func spanCount() -> Int {
        let count = array()
        for _ in 0..<count {
            let start = offset
            guard array() == 2 else {
                fail(.outOfRange, at: start)
                return 0
            }
            let lower = unsigned()
            if unsigned() < lower { fail(.outOfRange, at: start) }
        }
        return count
    }

    /// Steps over the next item and all it holds.
    @inline(__always)
    mutating func skip() {
        let start = offset
        let head = head()
        if head.major == 3 {
            if head.value <= UInt64(bytes.count - offset) {
                offset += Int(head.value)
            } else {
                fail(.truncated, at: start)
            }
        } else if head.major > 1, head.major != 7 {
            skip(inside: head, at: start)
        }
    }

    private mutating func skip(inside head: Head, at start: Int) {
        var head = head
        var start = start
        var pending: UInt64 = 1
        while true {
            pending -= 1
            switch head.major {
            case 2...5 where head.value > UInt64(bytes.count - offset):
                return fail(.truncated, at: start)
            case 2, 3: offset += Int(head.value)
            case 4: pending += head.value
            case 5: pending += head.value * 2
            // A tag says something of the item after it (RFC 8949 §3.4).
            case 6: pending += 1
            default: break
            }
            if pending == 0 || fault != nil { return }
            start = offset
            head = self.head()
        }
    }
}
