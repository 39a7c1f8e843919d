internal import Bytes

/// Making a table from phrases.
extension PhraseTable {
    /// Collects phrases; what it refuses, the dictionary's reader reports.
    struct Builder {
        /// Why a phrase cannot be found in any text.
        enum Refusal: Error {
            /// No letter and no digit in it.
            case noWords
            /// More than `wordLimit` words.
            case tooLong
            /// A mark between two of its words that ends sentences.
            case broken(after: String)
        }

        private var entries: [(hash: UInt64, entry: Entry)] = []
        private var prefixes: [UInt64: Bool] = [:]
        private var singles: Set<UInt64> = []
        private var pairs: Set<UInt64> = []
        private var text: [UInt8] = []
        private var words: [WordToken] = []
        private let joint = WordJoint()

        /// Adds a phrase that stands for `payload`; the same words may stand for several.
        mutating func add(_ phrase: String, payload: Int) throws(Refusal) {
            let bytes = Array(phrase.utf8)
            words.removeAll(keepingCapacity: true)
            WordTokenizer.tokenize(bytes.span, into: &words)
            guard let first = words.first else { throw .noWords }
            guard words.count <= PhraseTable.wordLimit else { throw .tooLong }
            for (word, next) in zip(words, words.dropFirst()) {
                guard joint.gap(bytes.span, word, next) != .end else {
                    throw .broken(after: String(decoding: bytes[word.range], as: UTF8.self))
                }
            }
            add(bytes, first: first, payload: payload)
        }

        private mutating func add(_ bytes: [UInt8], first: WordToken, payload: Int) {
            let start = text.count
            var hash = first.hash
            for (number, word) in words.enumerated() {
                if number > 0 {
                    let gap = joint.gap(bytes.span, words[number - 1], word)
                    prefixes[hash] = true
                    hash = PhraseTable.extend(hash, gap, word.hash)
                }
                text.append(contentsOf: bytes[word.range])
                text.append(0x20)
            }
            if prefixes[hash] == nil { prefixes[hash] = false }
            if words.count == 1 {
                singles.insert(first.hash)
            } else {
                pairs.insert(WordFilter.pair(first.hash, words[1].hash))
            }
            let entry = Entry(
                start: UInt32(start),
                wordCount: UInt16(words.count),
                flags: 0,
                payload: UInt32(payload)
            )
            entries.append((hash, entry))
        }

        /// The table; the order in which phrases were added does not show in it, but for the order of
        /// meanings of the same words.
        consuming func build() -> PhraseTable {
            var heads: [UInt64: UInt32] = [:]
            let order = entries.indices.sorted {
                (entries[$0].hash, $0) < (entries[$1].hash, $1)
            }
            var chained: [Entry] = []
            chained.reserveCapacity(order.count)
            for (position, number) in order.enumerated() {
                var (hash, entry) = entries[number]
                if heads[hash] == nil { heads[hash] = UInt32(position + 1) }
                let next = position + 1
                let isLast = next == order.count || entries[order[next]].hash != hash
                entry.flags = isLast ? PhraseTable.isLast : 0
                chained.append(entry)
            }
            return PhraseTable(
                singles: WordFilter(singles),
                pairs: WordFilter(pairs),
                slots: Self.slots(prefixes, heads: heads),
                entries: chained,
                text: text
            )
        }

        /// At most half of the slots are taken; more room if two beginnings would look the same.
        private static func slots(_ prefixes: [UInt64: Bool], heads: [UInt64: UInt32]) -> [Slot] {
            let sorted = prefixes.sorted { $0.key < $1.key }
            var count = max(16, (prefixes.count * 2).nextPowerOfTwo)
            while true {
                var slots = [Slot](repeating: Slot(), count: count)
                let fits = sorted.allSatisfy { hash, goesOn in
                    let link = heads[hash] ?? 0
                    return place(hash, link: goesOn ? link | PhraseTable.goesOn : link, in: &slots)
                }
                if fits { return slots }
                count *= 2
            }
        }

        private static func place(_ hash: UInt64, link: UInt32, in slots: inout [Slot]) -> Bool {
            let tag = PhraseTable.tag(hash)
            var index = Int(truncatingIfNeeded: hash) & (slots.count - 1)
            while slots[index].tag != 0 {
                if slots[index].tag == tag { return false }
                index = (index + 1) & (slots.count - 1)
            }
            slots[index] = Slot(tag: tag, link: link)
            return true
        }
    }
}
