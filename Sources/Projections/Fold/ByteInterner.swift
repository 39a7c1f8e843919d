internal import Bytes

/// Numbers distinct byte strings from 0 in order of first sight.
///
/// An open-addressing table of 64-bit slots over one heap of bytes: no allocation per key, and the
/// bytes are compared, so that no two keys ever share a number. A slot is the number plus one in
/// its low half and the high half of the hash in its high half; 0 is empty.
struct ByteInterner: Sendable {
    private struct Key {
        let hash: UInt64
        let start: Int
        let end: Int
    }

    private var heap: [UInt8] = []
    private var keys: [Key] = []
    private var slots: [UInt64]

    /// A table that has room for about so many keys before it grows.
    init(room: Int = 48) {
        var count = 64
        while count * 3 < room * 4 { count *= 2 }
        slots = [UInt64](repeating: 0, count: count)
    }

    /// How many distinct keys there are.
    var count: Int { keys.count }

    /// About how many bytes it takes.
    var byteCount: Int { heap.count + slots.count * 8 + count * MemoryLayout<Key>.stride }

    /// The number of a key, given now if it is new.
    @inline(__always)
    mutating func number(of key: Span<UInt8>) -> Int {
        let hash = Hash64.hash(key)
        if let known = find(key, hash) { return known }
        return add(key, hash)
    }

    /// Whether a key has a number.
    func contains(_ key: Span<UInt8>) -> Bool {
        find(key, Hash64.hash(key)) != nil
    }

    /// The key's hash.
    func hash(of number: Int) -> UInt64 { keys[number].hash }

    /// The key's bytes.
    @inline(__always)
    @_lifetime(borrow self)
    func bytes(of number: Int) -> Span<UInt8> {
        let key = keys[number]
        return heap.span.extracting(key.start..<key.end)
    }

    @inline(__always)
    private func find(_ key: Span<UInt8>, _ hash: UInt64) -> Int? {
        var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while true {
            let found = slots[slot]
            if found == 0 { return nil }
            let number = Int(found & 0xFFFF_FFFF) - 1
            if found >> 32 == hash >> 32, bytes(of: number).isEqual(to: key) { return number }
            slot = (slot + 1) & (slots.count - 1)
        }
    }

    @inline(never)
    private mutating func add(_ key: Span<UInt8>, _ hash: UInt64) -> Int {
        let start = heap.count
        heap.append(contentsOf: key)
        keys.append(Key(hash: hash, start: start, end: heap.count))
        if keys.count * 4 > slots.count * 3 {
            slots = [UInt64](repeating: 0, count: slots.count * 2)
            for number in keys.indices { place(number) }
        } else {
            place(keys.count - 1)
        }
        return keys.count - 1
    }

    /// Forgets the keys that came last.
    ///
    /// A slot can be emptied without a mark if no key that came later is past it.
    mutating func removeLast(_ count: Int) {
        for _ in 0..<count {
            guard let key = keys.popLast() else { return }
            let found = UInt64(keys.count + 1)
            var slot = Int(truncatingIfNeeded: key.hash) & (slots.count - 1)
            while slots[slot] & 0xFFFF_FFFF != found { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = 0
            heap.removeLast(heap.count - key.start)
        }
    }

    private mutating func place(_ number: Int) {
        let hash = keys[number].hash
        var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = hash & ~0xFFFF_FFFF | UInt64(number + 1)
    }
}

extension ByteInterner {
    private struct SortKey {
        /// The eight bytes after what all keys begin with, the first in the highest place.
        let word: UInt64
        let number: Int32
    }

    /// The numbers in order of the keys' bytes.
    ///
    /// Complexity: linear if the keys came in order; else as sorting integers, where eight bytes
    /// after the common beginning tell keys apart.
    func sortedNumbers() -> [Int32] {
        guard count > 1 else { return count == 0 ? [] : [0] }
        let first = bytes(of: 0)
        var common = first.count
        var isSorted = true
        for number in 1..<count {
            let key = bytes(of: number)
            common = min(common, first.commonPrefix(with: key))
            if isSorted { isSorted = bytes(of: number - 1).precedes(key) }
        }
        if isSorted { return (0..<Int32(count)).map { $0 } }
        var keys: [SortKey] = []
        keys.reserveCapacity(count)
        for number in 0..<count {
            let key = bytes(of: number)
            let word =
                key.count >= common + 8 ? key.word(at: common) : key.lastWord(at: common)
            keys.append(SortKey(word: word.byteSwapped, number: Int32(number)))
        }
        keys.sort { left, right in
            if left.word != right.word { return left.word < right.word }
            return bytes(of: Int(left.number)).precedes(bytes(of: Int(right.number)))
        }
        return keys.map(\.number)
    }
}

extension Span<UInt8> {
    /// How many bytes both begin with.
    func commonPrefix(with other: Span<UInt8>) -> Int {
        let least = Swift.min(count, other.count)
        var index = 0
        while index + 8 <= least {
            let difference = word(at: index) ^ other.word(at: index)
            if difference != 0 { return index + difference.trailingZeroBitCount / 8 }
            index += 8
        }
        while index < least, self[index] == other[index] { index += 1 }
        return index
    }

    /// Whether it comes before another in the order of bytes.
    func precedes(_ other: Span<UInt8>) -> Bool {
        let common = commonPrefix(with: other)
        if common == count || common == other.count { return count < other.count }
        return self[common] < other[common]
    }
}
