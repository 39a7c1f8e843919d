internal import Bytes

/// The signatures of all documents, 16 bits a permutation, in chunks that never move.
struct SignatureStore: Sendable {
    private var chunks: [[UInt16]] = []
    private var permutations = 0
    private static let chunkDocuments = 4096

    /// Bytes taken.
    var byteCount: Int { chunks.reduce(0) { $0 + $1.capacity * 2 } }

    /// Puts a document's signature, little-endian, at its number; numbers only grow.
    mutating func append(_ signature: [UInt8], at number: UInt32) {
        permutations = signature.count / 2
        let chunk = Int(number) / Self.chunkDocuments
        while chunks.count <= chunk {
            chunks.append([])
            chunks[chunks.count - 1].reserveCapacity(Self.chunkDocuments * permutations)
        }
        let slot = Int(number) % Self.chunkDocuments
        let missing = slot * permutations - chunks[chunk].count
        if missing > 0 { chunks[chunk].append(contentsOf: repeatElement(0, count: missing)) }
        for index in stride(from: 0, to: signature.count - 1, by: 2) {
            chunks[chunk].append(UInt16(signature[index]) | UInt16(signature[index + 1]) << 8)
        }
    }

    /// Whether a signature was put there.
    func holds(_ number: UInt32) -> Bool {
        let chunk = Int(number) / Self.chunkDocuments
        guard chunk < chunks.count, permutations > 0 else { return false }
        let first = (Int(number) % Self.chunkDocuments) * permutations
        guard first + permutations <= chunks[chunk].count else { return false }
        // A text without words has no signature; its place is filled with zeros.
        return chunks[chunk][first..<(first + permutations)].contains { $0 != 0 }
    }

    /// The hash of some rows of a signature.
    func hash(of number: UInt32, rows: Range<Int>) -> UInt64 {
        let chunk = chunks[Int(number) / Self.chunkDocuments]
        let first = (Int(number) % Self.chunkDocuments) * permutations
        var hash: UInt64 = 0
        for row in rows { hash = (hash ^ UInt64(chunk[first + row])) &* 0x0000_0100_0000_01B3 }
        return Hash64.finish(hash)
    }

    /// Whether two signatures agree in some rows.
    func agree(_ one: UInt32, _ other: UInt32, rows: Range<Int>) -> Bool {
        let left = chunks[Int(one) / Self.chunkDocuments]
        let right = chunks[Int(other) / Self.chunkDocuments]
        let first = (Int(one) % Self.chunkDocuments) * permutations
        let second = (Int(other) % Self.chunkDocuments) * permutations
        for row in rows where left[first + row] != right[second + row] { return false }
        return true
    }

    /// The estimated Jaccard similarity: the share of permutations whose minima agree.
    func similarity(_ one: UInt32, _ other: UInt32) -> Double {
        let left = chunks[Int(one) / Self.chunkDocuments]
        let right = chunks[Int(other) / Self.chunkDocuments]
        let first = (Int(one) % Self.chunkDocuments) * permutations
        let second = (Int(other) % Self.chunkDocuments) * permutations
        var equal = 0
        for row in 0..<permutations where left[first + row] == right[second + row] { equal += 1 }
        return Double(equal) / Double(permutations)
    }
}
