/// The signatures of all documents, 16 bits a permutation, in chunks that never move.
struct SignatureStore: Sendable {
    private var chunks: [[UInt16]] = []
    private let permutations: Int
    private static let chunkDocuments = 4096

    init(permutations: Int) {
        self.permutations = permutations
    }

    /// Bytes taken.
    var byteCount: Int { chunks.reduce(0) { $0 + $1.capacity * 2 } }

    /// Puts a document's signature at its number; numbers only grow.
    mutating func append(_ signature: [UInt16], at number: UInt32) {
        let chunk = Int(number) / Self.chunkDocuments
        while chunks.count <= chunk {
            chunks.append([])
            chunks[chunks.count - 1].reserveCapacity(Self.chunkDocuments * permutations)
        }
        // Documents without a signature leave gaps; nobody asks for theirs.
        let missing = first(of: number) - chunks[chunk].count
        if missing > 0 { chunks[chunk].append(contentsOf: repeatElement(0, count: missing)) }
        chunks[chunk].append(contentsOf: signature)
    }

    /// Whether a document's signature agrees with another in some rows.
    func agrees(_ number: UInt32, with signature: Span<UInt16>, rows: Range<Int>) -> Bool {
        let chunk = chunks[Int(number) / Self.chunkDocuments]
        let stored = chunk.span
        let first = first(of: number)
        for row in rows where stored[first + row] != signature[row] { return false }
        return true
    }

    /// The estimated Jaccard similarity: the share of permutations whose minima agree.
    func similarity(of number: UInt32, to signature: Span<UInt16>) -> Double {
        let first = first(of: number)
        let chunk = chunks[Int(number) / Self.chunkDocuments]
        let stored = chunk.span.extracting(first..<(first + permutations))
        var equal: Int32 = 0
        for row in stored.indices { equal &+= stored[row] == signature[row] ? 1 : 0 }
        return Double(equal) / Double(permutations)
    }

    private func first(of number: UInt32) -> Int {
        Int(number) % Self.chunkDocuments * permutations
    }
}
