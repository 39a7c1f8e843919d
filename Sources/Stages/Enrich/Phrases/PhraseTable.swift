internal import Bytes

/// Finds the phrases of a dictionary in a text, in one pass, whatever their number.
///
/// The words of the text come hashed. Two bitmaps, one of the phrases of one word and one of the
/// others' first two, reject nearly every word; from the rest on the rolling hash of one, two, …
/// words is looked up in one open-addressing table that also knows every beginning of a phrase, so
/// that a walk ends at the first word that no phrase goes on with. The longest phrase wins, the
/// leftmost first, and none overlaps another. A hit counts after its bytes were compared.
///
/// Between words a phrase takes spaces, one line break, hyphens, apostrophes and the full stops of
/// abbreviations for the same; a comma or another mark only where it has one itself. A sentence's or
/// paragraph's end breaks it. How words compare, one by one: a word of a phrase in lower case matches any letter case. A word
/// with a capital matches exactly that, or all capitals: of four letters and more, or in a stretch of
/// words that are all in capitals.
///
/// Complexity: O(words) for text without phrases; at a phrase's first word, as many probes as its
/// longest beginning has words. Memory: 16 to 32 bytes a beginning, 12 and its text a phrase.
struct PhraseTable: Sendable {
    /// A phrase found.
    struct Match: Equatable, Sendable {
        /// The number of its first word in the text.
        var firstWord: Int
        /// How many words it takes.
        var wordCount: Int
        /// What the dictionary said it stands for.
        var payload: Int

        /// The number of the word after it.
        var endWord: Int { firstWord + wordCount }
    }

    /// A beginning of a phrase; `tag` 0 is a free slot.
    struct Slot {
        var tag: UInt32 = 0
        /// The first entry that ends here, plus one, or 0.
        ///
        /// The top bit says that some phrase goes on.
        var link: UInt32 = 0
    }

    /// A phrase: its words lie in `text`, each with a space behind it.
    struct Entry {
        var start: UInt32
        var wordCount: UInt16
        var flags: UInt16
        var payload: UInt32
    }

    static let goesOn: UInt32 = 1 << 31
    static let isLast: UInt16 = 1
    /// Longer phrases are no phrases.
    static let wordLimit = 32

    var singles: WordFilter
    var pairs: WordFilter
    var slots: [Slot]
    var entries: [Entry]
    var text: [UInt8]
    let joint = WordJoint()

    /// The bytes that the table takes.
    var byteCount: Int {
        singles.byteCount + pairs.byteCount + slots.count * 8 + entries.count * 12 + text.count
    }

    /// Appends the phrases found, in order of place; those of several meanings stand together, in the
    /// order in which they were added.
    func match(
        _ words: Span<WordToken>,
        in bytes: Span<UInt8>,
        into matches: inout [Match]
    ) {
        guard !words.isEmpty else { return }
        let singles = singles.bits.span
        let pairs = pairs.bits.span
        var index = 0
        var next = words[0].hash
        while index < words.count {
            let hash = next
            next = index + 1 < words.count ? words[index + 1].hash : 0
            if WordFilter.holds(hash, in: singles)
                || WordFilter.holds(WordFilter.pair(hash, next), in: pairs)
            {
                let length = longest(at: index, 1, hash, words, in: bytes, into: &matches)
                if length > 1 {
                    index += length
                    next = index < words.count ? words[index].hash : 0
                    continue
                }
            }
            index += 1
        }
    }

    /// Appends the longest phrase that begins with `count` words whose hash is given, with all its
    /// meanings, and returns its length in words; 0 if there is none.
    private func longest(
        at first: Int,
        _ count: Int,
        _ hash: UInt64,
        _ words: Span<WordToken>,
        in bytes: Span<UInt8>,
        into matches: inout [Match]
    ) -> Int {
        let link = find(hash)
        let next = first + count
        if link & Self.goesOn != 0 && next < words.count {
            let gap = joint.gap(bytes, words[next - 1], words[next])
            if gap != .end {
                let longer = Self.extend(hash, gap, words[next].hash)
                let length = longest(at: first, count + 1, longer, words, in: bytes, into: &matches)
                if length > 0 { return length }
            }
        }
        let entry = Int(link & ~Self.goesOn) - 1
        guard entry >= 0 else { return 0 }
        let before = matches.count
        verify(entry, at: first, count, words, in: bytes, into: &matches)
        return matches.count > before ? count : 0
    }

    /// The link of a beginning, or 0.
    @inline(__always)
    private func find(_ hash: UInt64) -> UInt32 {
        let slots = slots.span
        let mask = slots.count &- 1
        let tag = Self.tag(hash)
        var index = Int(truncatingIfNeeded: hash) & mask
        while true {
            let slot = slots[index]
            if slot.tag == tag { return slot.link }
            if slot.tag == 0 { return 0 }
            index = (index &+ 1) & mask
        }
    }

    /// The hash of a beginning and one more word.
    @inline(__always)
    static func extend(_ hash: UInt64, _ gap: WordGap, _ next: UInt64) -> UInt64 {
        Hash64.combine(hash ^ UInt64(gap.rawValue), next)
    }

    @inline(__always)
    static func tag(_ hash: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: hash >> 32) | 1 }
}
