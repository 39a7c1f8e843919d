/// Mixing and combining 64-bit hashes; the same answers on every machine and in every version.
package enum Hash64 {
    /// Spreads every bit of a value over all 64 (MurmurHash3's 64-bit finaliser).
    @inlinable
    package static func finish(_ value: UInt64) -> UInt64 {
        var hash = value
        hash ^= hash >> 33
        hash &*= 0xFF51_AFD7_ED55_8CCD
        hash ^= hash >> 33
        hash &*= 0xC4CE_B9FE_1A85_EC53
        hash ^= hash >> 33
        return hash
    }

    /// The hash of a sequence whose hash so far is `hash` and whose next part hashes to `next`.
    @inlinable
    package static func combine(_ hash: UInt64, _ next: UInt64) -> UInt64 {
        let product = (hash ^ 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(by: next | 1)
        return product.high ^ product.low ^ (next &+ hash &* 0xA076_1D64_78BD_642F)
    }

    /// The hash of some bytes: eight at a time, mixed by ``combine(_:_:)``.
    @inlinable
    package static func hash(_ bytes: Span<UInt8>, seed: UInt64 = 0) -> UInt64 {
        var hash = seed ^ UInt64(bytes.count)
        var index = 0
        while index + 8 <= bytes.count {
            hash = combine(hash, bytes.word(at: index))
            index += 8
        }
        if index < bytes.count { hash = combine(hash, bytes.lastWord(at: index)) }
        return finish(hash)
    }
}
