/// Remembers in constant memory which names may have a row: it says "perhaps" or "surely not".
///
/// A Bloom filter of four bits a name: it spares a build from nothing the search for rows that it
/// never wrote, and costs only time where it is wrong.
struct NameFilter {
    private var words: [UInt64]

    /// A filter that says "surely not" of every name.
    static func empty() -> NameFilter {
        NameFilter(words: [UInt64](repeating: 0, count: 1 << 18))
    }

    /// A filter that says "perhaps" of every name: for a file whose rows are not known.
    static let unknown = NameFilter(words: [])

    /// Whether a name may have been added.
    func mayContain(_ hash: UInt64) -> Bool {
        if words.isEmpty { return true }
        let (word, bits) = place(of: hash)
        return words[word] & bits == bits
    }

    /// Adds a name by its hash.
    mutating func insert(_ hash: UInt64) {
        if words.isEmpty { return }
        let (word, bits) = place(of: hash)
        words[word] |= bits
    }

    /// All four bits lie in one word: one cache line a question.
    private func place(of hash: UInt64) -> (word: Int, bits: UInt64) {
        var bits: UInt64 = 0
        for shift in [0, 6, 12, 18] as [UInt64] { bits |= 1 << (hash >> shift & 63) }
        return (Int(truncatingIfNeeded: hash >> 24) & (words.count - 1), bits)
    }
}
