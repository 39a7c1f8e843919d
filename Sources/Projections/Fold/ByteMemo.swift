internal import Bytes

/// What was made of stretches of bytes that come again and again, so that they need not be read
/// item by item each time.
///
/// A table of the last ones, found by a few of their bytes and compared whole: what is found was
/// made of the same bytes, and what is not is read anew.
struct ByteMemo: Sendable {
    /// What was made of some bytes.
    struct Entry: Sendable {
        fileprivate var start: Int32 = 0
        /// How many bytes; 0 for an empty place.
        fileprivate(set) var count: Int32 = 0
        /// Two numbers that the caller gives a meaning.
        fileprivate(set) var first: UInt32 = 0
        fileprivate(set) var second: UInt32 = 0
    }

    /// Where the bytes that it is found by begin, from the beginning.
    private let keyOffset: Int
    private var entries = [Entry](repeating: Entry(), count: 1024)
    private var heap: [UInt8] = []

    /// A memo of bytes that differ most in the 24 bytes from an offset on.
    init(keyOffset: Int) {
        self.keyOffset = keyOffset
    }

    /// What was made of the bytes at an offset; nil if that is not remembered.
    @inline(__always)
    func find(_ bytes: Span<UInt8>, at offset: Int) -> Entry? {
        guard let slot = slot(bytes, offset) else { return nil }
        let entry = entries[slot]
        let count = Int(entry.count)
        guard count > 0, count <= bytes.count &- offset else { return nil }
        let start = Int(entry.start)
        let known = heap.span.extracting(start..<start + count)
        return known.isEqual(to: bytes.extracting(offset..<offset + count)) ? entry : nil
    }

    /// Remembers what was made of some bytes.
    mutating func store(
        _ bytes: Span<UInt8>,
        _ range: Range<Int>,
        _ first: UInt32,
        _ second: UInt32
    ) {
        guard let slot = slot(bytes, range.lowerBound), range.count < 1 << 10 else { return }
        // Much that never comes again must not fill the memory.
        if heap.count > 1 << 20 { removeAll() }
        entries[slot] = Entry(
            start: Int32(truncatingIfNeeded: heap.count),
            count: Int32(truncatingIfNeeded: range.count),
            first: first,
            second: second
        )
        heap.append(contentsOf: bytes.extracting(range))
    }

    /// Forgets everything.
    mutating func removeAll() {
        for slot in entries.indices { entries[slot] = Entry() }
        heap.removeAll(keepingCapacity: true)
    }

    @inline(__always)
    private func slot(_ bytes: Span<UInt8>, _ offset: Int) -> Int? {
        let start = offset &+ keyOffset
        guard start &+ 24 <= bytes.count else { return nil }
        let mixed =
            bytes.word(at: start) &* 0x9E37_79B9_7F4A_7C15
            ^ bytes.word(at: start &+ 8) &* 0xC4CE_B9FE_1A85_EC53
            ^ bytes.word(at: start &+ 16) &* 0xFF51_AFD7_ED55_8CCD
        let spread = (mixed ^ mixed >> 32) &* 0x9E37_79B9_7F4A_7C15
        return Int(truncatingIfNeeded: spread >> 54)
    }
}
