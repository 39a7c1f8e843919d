/// One band's buckets: open addressing with linear probing, eight bytes a slot.
///
/// A slot holds the tag of a bucket, which alone says where the bucket lies, and an entry. Entries of
/// one bucket lie in order of insertion along the probe, which is input order.
struct BandTable: Sendable {
    private var slots: [UInt64]
    private var count = 0

    /// Standing entries of a bucket beyond which none is added, so that a bucket of boilerplate
    /// costs no more than that.
    static let bucketLimit = 64

    init() {
        slots = Array(repeating: 0, count: 1024)
    }

    /// Bytes taken.
    var byteCount: Int { slots.capacity * 8 }

    /// Finds the entries of a bucket and puts `number` behind them if it holds fewer than 64.
    ///
    /// Complexity: O(1) expected.
    ///
    /// - Parameters:
    ///   - hash: the hash of the band's rows.
    ///   - number: the document to enter.
    ///   - isInBucket: whether an entered document has the same rows and still stands; asked on
    ///     equal tags only.
    ///   - found: receives the bucket's entries in order.
    mutating func enter(
        hash: UInt64,
        number: UInt32,
        isInBucket: (UInt32) -> Bool,
        found: inout [UInt32]
    ) {
        if count * 20 >= slots.count * 17 { grow() }
        // A slot of 0 is empty.
        let tag = UInt32(truncatingIfNeeded: hash >> 32) | 1
        var index = start(of: tag)
        var inBucket = 0
        while slots[index] != 0 {
            let slot = slots[index]
            let entry = UInt32(truncatingIfNeeded: slot)
            if UInt32(truncatingIfNeeded: slot >> 32) == tag, isInBucket(entry) {
                found.append(entry)
                inBucket += 1
            }
            index = index + 1 == slots.count ? 0 : index + 1
        }
        guard inBucket < Self.bucketLimit else { return }
        slots[index] = UInt64(tag) << 32 | UInt64(number)
        count += 1
    }

    /// Makes room, by half as many slots again.
    ///
    /// Places grow with tags, so both tables are gone through from front to back.
    private mutating func grow() {
        let old = slots
        slots = Array(repeating: 0, count: old.count + old.count / 2)
        // Behind an empty slot no run of entries is cut in two: from there on, the entries of a
        // bucket are met in the order in which they were entered.
        let first = old.firstIndex(of: 0) ?? 0
        for slot in [old[first...], old[..<first]].joined() where slot != 0 {
            var index = start(of: UInt32(truncatingIfNeeded: slot >> 32))
            while slots[index] != 0 { index = index + 1 == slots.count ? 0 : index + 1 }
            slots[index] = slot
        }
    }

    private func start(of tag: UInt32) -> Int {
        Int(truncatingIfNeeded: (UInt64(tag) &* UInt64(slots.count)) >> 32)
    }
}
