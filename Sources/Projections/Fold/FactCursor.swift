internal import Bytes

/// A cursor over the CBOR of an event's facts, for folds.
///
/// It remembers the first fault instead of throwing at each step: after it every read answers
/// nothing and the cursor stands at the end, so that loops end by themselves; ``finish()`` throws.
/// What is called for every item is inlined and hands no reference to the cursor to anything that
/// is not, so that the cursor is held in registers. A `CBORReader`, which does neither, takes three
/// times the time.
struct FactCursor: ~Escapable {
    /// What is read.
    let bytes: Span<UInt8>
    /// The offset of the next item.
    private(set) var offset = 0
    private var fault = Fault.none
    private var faultOffset = 0

    private enum Fault: UInt8 {
        case none, truncated, unexpectedType, unsupported, outOfRange, missingKey
    }

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
        if fault != .none { throw Self.error(fault, at: faultOffset) }
    }

    private static func error(_ fault: Fault, at offset: Int) -> CBORError {
        switch fault {
        case .none, .truncated: CBORError(.truncated, at: offset)
        case .unexpectedType: CBORError(.unexpectedType, at: offset)
        case .unsupported: CBORError(.unsupported, at: offset)
        case .outOfRange: CBORError(.outOfRange, at: offset, expected: "an end after the start")
        case .missingKey: CBORError(.missingKey, at: offset, expected: "id")
        }
    }

    @inline(__always)
    private mutating func fail(_ fault: Fault, at start: Int) {
        if self.fault == .none {
            self.fault = fault
            faultOffset = start
        }
        offset = bytes.count
    }

    /// Notes that a map lacks a key that it must have.
    @inline(__always)
    mutating func failMissingKey(at start: Int) {
        fail(.missingKey, at: start)
    }

    /// Steps over bytes whose meaning is known.
    @inline(__always)
    mutating func advance(by count: Int) {
        offset = min(bytes.count, offset &+ count)
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
            offset = start &+ 1
            return Head(major: first >> 5, value: UInt64(info))
        }
        let width = Self.width(info)
        guard width > 0, bytes.count &- start > width else {
            fail(width > 0 ? .truncated : .unsupported, at: start)
            return Head(major: 7, value: 0)
        }
        offset = start &+ 1 &+ width
        if width == 1 { return Head(major: first >> 5, value: UInt64(bytes[start &+ 1])) }
        if width == 2 {
            let value = UInt64(bytes[start &+ 1]) << 8 | UInt64(bytes[start &+ 2])
            return Head(major: first >> 5, value: value)
        }
        return Head(major: first >> 5, value: Self.bigEndian(bytes, start &+ 1, width))
    }

    /// How many bytes the number takes; 0 for what deterministic CBOR has not.
    @inline(__always)
    private static func width(_ info: UInt8) -> Int {
        info < 28 ? 1 &<< Int(info &- 24) : 0
    }

    @inline(never)
    private static func bigEndian(_ bytes: Span<UInt8>, _ start: Int, _ width: Int) -> UInt64 {
        var value: UInt64 = 0
        for index in start..<start + width { value = value << 8 | UInt64(bytes[index]) }
        return value
    }

    /// Reads the head of an item of a type; the answer is not greater than what is left, as every
    /// byte of a text and every item of a list takes a byte at least.
    @inline(__always)
    private mutating func count(_ major: UInt8) -> Int {
        let start = offset
        let head = head()
        guard head.major == major, head.value <= UInt64(bitPattern: Int64(bytes.count &- offset))
        else {
            fail(head.major == major ? .truncated : .unexpectedType, at: start)
            return 0
        }
        return Int(truncatingIfNeeded: head.value)
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
        offset = start &+ count
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
        guard start &+ Int(name.length) < bytes.count,
            bytes[start] == 0x60 | UInt8(truncatingIfNeeded: name.length),
            self.name(at: start &+ 1, length: name.length) == name
        else { return false }
        offset = start &+ 1 &+ Int(name.length)
        return true
    }

    /// The name of so many bytes at an offset.
    @inline(__always)
    private func name(at start: Int, length: UInt64) -> FieldName {
        if start &+ 16 <= bytes.count {
            let high = length > 8 ? bytes.word(at: start &+ 8) : 0
            return FieldName(bytes.word(at: start), high, length: length)
        }
        return Self.name(atEndOf: bytes, start, length)
    }

    @inline(never)
    private static func name(
        atEndOf bytes: Span<UInt8>,
        _ start: Int,
        _ length: UInt64
    ) -> FieldName {
        let high = length > 8 ? bytes.lastWord(at: start + 8) : 0
        if start + 8 <= bytes.count {
            return FieldName(bytes.word(at: start), high, length: length)
        }
        return FieldName(bytes.lastWord(at: start), high, length: length)
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
        var rest = count
        while rest > 0 {
            rest &-= 1
            let start = offset
            if array() != 2 { fail(.outOfRange, at: start) }
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
            if head.value <= UInt64(bitPattern: Int64(bytes.count &- offset)) {
                offset = offset &+ Int(truncatingIfNeeded: head.value)
            } else {
                fail(.truncated, at: start)
            }
        } else if head.major > 1, head.major != 7 {
            let (end, fault) = Self.skip(bytes, from: start)
            if fault == .none { offset = end } else { fail(fault, at: end) }
        }
    }

    /// Where the item at an offset ends, with all it holds; or a fault, and where.
    @inline(never)
    private static func skip(_ bytes: Span<UInt8>, from start: Int) -> (Int, Fault) {
        var cursor = FactCursor(bytes)
        cursor.offset = start
        var pending: UInt64 = 1
        while pending > 0, cursor.fault == .none {
            pending -= 1
            let start = cursor.offset
            let head = cursor.head()
            switch head.major {
            case 2...5 where head.value > UInt64(bytes.count - cursor.offset):
                cursor.fail(.truncated, at: start)
            case 2, 3: cursor.offset += Int(head.value)
            case 4: pending += head.value
            case 5: pending += head.value * 2
            // A tag says something of the item after it (RFC 8949 §3.4).
            case 6: pending += 1
            default: break
            }
        }
        return cursor.fault == .none ? (cursor.offset, .none) : (cursor.faultOffset, cursor.fault)
    }
}
