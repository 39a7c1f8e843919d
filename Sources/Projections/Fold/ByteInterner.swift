internal import Bytes

/// Numbers distinct byte strings from 0 in order of first sight.
///
/// An open-addressing table of 32-bit slots over one heap of bytes: no allocation per key, and the
/// bytes are compared, so that no two keys ever share a number.
struct ByteInterner {
    /// How many distinct keys there are.
    private(set) var count = 0
    private var heap: [UInt8] = []
    private var ends: [Int] = []
    private var hashes: [UInt64] = []
    private var slots = [Int32](repeating: -1, count: 64)

    init() {}

    /// About how many bytes it takes.
    var byteCount: Int { heap.count + count * 24 }

    /// The number of a key, given now if it is new.
    mutating func number(of key: Span<UInt8>) -> Int {
        let hash = Hash64.hash(key)
        var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while slots[slot] >= 0 {
            let candidate = Int(slots[slot])
            if hashes[candidate] == hash, isEqual(candidate, key) { return candidate }
            slot = (slot + 1) & (slots.count - 1)
        }
        slots[slot] = Int32(count)
        heap.append(contentsOf: key)
        ends.append(heap.count)
        hashes.append(hash)
        count += 1
        if count * 4 > slots.count * 3 { grow() }
        return count - 1
    }

    /// The key's hash.
    func hash(of number: Int) -> UInt64 { hashes[number] }

    /// The key's bytes.
    @_lifetime(borrow self)
    func bytes(of number: Int) -> Span<UInt8> {
        heap.span.extracting(range(number))
    }

    /// Forgets every key, keeping the memory.
    mutating func removeAll() {
        count = 0
        heap.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        hashes.removeAll(keepingCapacity: true)
        for slot in slots.indices { slots[slot] = -1 }
    }

    private func range(_ number: Int) -> Range<Int> {
        (number == 0 ? 0 : ends[number - 1])..<ends[number]
    }

    private func isEqual(_ number: Int, _ key: Span<UInt8>) -> Bool {
        let range = range(number)
        guard range.count == key.count else { return false }
        var index = 0
        for place in range {
            if heap[place] != key[index] { return false }
            index += 1
        }
        return true
    }

    private mutating func grow() {
        slots = [Int32](repeating: -1, count: slots.count * 2)
        for number in 0..<count {
            var slot = Int(truncatingIfNeeded: hashes[number]) & (slots.count - 1)
            while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = Int32(number)
        }
    }
}
