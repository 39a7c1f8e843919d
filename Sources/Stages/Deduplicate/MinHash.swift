internal import Bytes
internal import CKernels

/// MinHash signatures of word shingles (Broder, "On the resemblance and containment of documents",
/// 1997), with the permutations `a * x + b` modulo 2^32, `a` odd.
struct MinHash: Sendable {
    /// Words in a shingle.
    let shingleWords: Int
    private let multipliers: [UInt32]
    private let increments: [UInt32]

    /// The same permutations on every machine and in every version.
    init(permutations: Int, shingleWords: Int) {
        self.shingleWords = shingleWords
        var state: UInt64 = 0x0A77_A150_0000_0001
        func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            return Hash64.finish(state)
        }
        var multipliers: [UInt32] = []
        var increments: [UInt32] = []
        for _ in 0..<permutations {
            multipliers.append(UInt32(truncatingIfNeeded: next() >> 32) | 1)
            increments.append(UInt32(truncatingIfNeeded: next() >> 32))
        }
        self.multipliers = multipliers
        self.increments = increments
    }

    /// Number of permutations.
    var permutations: Int { multipliers.count }

    /// Buffers that one batch's documents share.
    struct Scratch {
        var shingles: [UInt32] = []
        var minima: [UInt32] = []
    }

    /// The low 16 bits of each minimum, little-endian; empty for a text without words.
    ///
    /// A text of fewer words than a shingle is one shingle.
    /// Complexity: O(words × permutations).
    func signature(of words: [WordToken], scratch: inout Scratch) -> [UInt8] {
        guard !words.isEmpty else { return [] }
        fillShingles(of: words, into: &scratch.shingles)
        scratch.minima.removeAll(keepingCapacity: true)
        scratch.minima.append(contentsOf: repeatElement(.max, count: permutations))
        unsafe annals_minhash(
            scratch.shingles,
            scratch.shingles.count,
            multipliers,
            increments,
            &scratch.minima,
            permutations
        )
        var signature: [UInt8] = []
        signature.reserveCapacity(permutations * 2)
        for minimum in scratch.minima {
            signature.append(UInt8(truncatingIfNeeded: minimum))
            signature.append(UInt8(truncatingIfNeeded: minimum >> 8))
        }
        return signature
    }

    /// A rolling polynomial hash over the words' hashes.
    private func fillShingles(of words: [WordToken], into shingles: inout [UInt32]) {
        shingles.removeAll(keepingCapacity: true)
        let base: UInt64 = 0x9E6C_63D0_676A_9A99
        let width = min(shingleWords, words.count)
        var leaving: UInt64 = 1
        for _ in 1..<max(width, 1) { leaving &*= base }
        var rolling: UInt64 = 0
        for (index, word) in words.enumerated() {
            if index >= width { rolling &-= words[index - width].hash &* leaving }
            rolling = rolling &* base &+ word.hash
            if index >= width - 1 {
                shingles.append(UInt32(truncatingIfNeeded: Hash64.finish(rolling) >> 32))
            }
        }
    }
}
