internal import Bytes

/// One band's buckets: open addressing with linear probing, eight bytes a slot.
///
/// Entries of one bucket lie in order of insertion along the probe, which is input order.
struct BandTable: Sendable {
    private var slots: [UInt64]
    private var count = 0

    /// Entries of a bucket that are kept, so that a bucket of boilerplate costs no more than that.
    static let bucketLimit = 64

    init() {
        slots = Array(repeating: 0, count: 1024)
    }

    /// Bytes taken.
    var byteCount: Int { slots.capacity * 8 }

    /// Finds the entries of a bucket and puts `number` behind them if it holds fewer than 64.
    ///
    /// - Parameters:
    ///   - hash: the hash of the band's rows.
    ///   - number: the document to enter.
    ///   - isSameBucket: whether an entered document has the same rows; asked on equal tags only.
    ///   - found: receives the bucket's entries in order.
    mutating func enter(
        hash: UInt64,
        number: UInt32,
        isSameBucket: (UInt32) -> Bool,
        found: inout [UInt32]
    ) {
        let tag = UInt32(truncatingIfNeeded: hash) | 1
        var index = start(of: hash)
        var inBucket = 0
        while slots[index] != 0 {
            let slot = slots[index]
            let entry = UInt32(truncatingIfNeeded: slot)
            if UInt32(truncatingIfNeeded: slot >> 32) == tag, isSameBucket(entry) {
                found.append(entry)
                inBucket += 1
            }
            index = index + 1 == slots.count ? 0 : index + 1
        }
        guard inBucket < Self.bucketLimit else { return }
        slots[index] = UInt64(tag) << 32 | UInt64(number)
        count += 1
    }

    /// Whether the next entry asks for a larger table.
    var isFull: Bool { count * 20 >= slots.count * 17 }

    /// Makes room, by half as many slots again.
    ///
    /// - Parameter hashOf: the hash of an entered document's rows.
    mutating func grow(hashOf: (UInt32) -> UInt64) {
        var entries: [UInt32] = []
        entries.reserveCapacity(count)
        for slot in slots where slot != 0 { entries.append(UInt32(truncatingIfNeeded: slot)) }
        entries.sort()
        slots = Array(repeating: 0, count: slots.count + slots.count / 2)
        for entry in entries {
            let hash = hashOf(entry)
            var index = start(of: hash)
            while slots[index] != 0 { index = index + 1 == slots.count ? 0 : index + 1 }
            slots[index] = UInt64(UInt32(truncatingIfNeeded: hash) | 1) << 32 | UInt64(entry)
        }
    }

    private func start(of hash: UInt64) -> Int {
        Int(truncatingIfNeeded: hash.multipliedFullWidth(by: UInt64(slots.count)).high)
    }
}
