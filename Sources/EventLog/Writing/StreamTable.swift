internal import Bytes

/// The distinct stream names of a batch, found again by hash in one probe as a rule.
struct StreamTable: Sendable {
    private var names: [UInt8] = []
    private var ends: [UInt32] = []
    /// Open addressing, at most half full: index + 1 of a name, 0 where free.
    private var slots = [UInt32](repeating: 0, count: 64)
    private var lastIndex = 0

    var count: Int { ends.count }
    /// The table's length in the facts heap.
    var byteCount: Int { ends.count * 4 + names.count }

    /// The index of a name, added if it is new.
    mutating func index(of name: Span<UInt8>) -> UInt32 {
        if lastIndex < ends.count, matches(lastIndex, name) { return UInt32(lastIndex) }
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: Hash64.hash(name)) & mask
        while slots[slot] != 0 {
            let index = Int(slots[slot]) - 1
            if matches(index, name) {
                lastIndex = index
                return UInt32(index)
            }
            slot = (slot + 1) & mask
        }
        names.append(contentsOf: name)
        ends.append(UInt32(names.count))
        lastIndex = ends.count - 1
        slots[slot] = UInt32(ends.count)
        if ends.count * 2 > slots.count { grow() }
        return UInt32(lastIndex)
    }

    /// The table as the facts heap begins with it (FORMAT.md §2.3).
    func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(byteCount)
        for end in ends { bytes.appendLittleEndian(end) }
        return bytes + names
    }

    private func range(_ index: Int) -> Range<Int> {
        (index == 0 ? 0 : Int(ends[index - 1]))..<Int(ends[index])
    }

    private func matches(_ index: Int, _ name: Span<UInt8>) -> Bool {
        names.span.extracting(range(index)).isEqual(to: name)
    }

    private mutating func grow() {
        slots = [UInt32](repeating: 0, count: slots.count * 2)
        let mask = slots.count - 1
        for index in ends.indices {
            let hash = Hash64.hash(names.span.extracting(range(index)))
            var slot = Int(truncatingIfNeeded: hash) & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = UInt32(index + 1)
        }
    }
}
