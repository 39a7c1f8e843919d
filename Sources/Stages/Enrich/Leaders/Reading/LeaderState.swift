internal import Events

/// What one document's reading finds; a batch's documents use the same memory, one after the other.
struct LeaderState {
    /// A stretch of a text that the dictionary knows, with everything it may stand for.
    struct Item {
        var firstWord: Int
        var endWord: Int
        /// Its part of `matches`.
        var matches: Range<Int>
        var kinds: Kinds
    }

    /// What an item may stand for.
    struct Kinds: OptionSet {
        let rawValue: UInt8

        static let name = Kinds(rawValue: 1)
        static let surname = Kinds(rawValue: 2)
        static let country = Kinds(rawValue: 4)
        static let adjective = Kinds(rawValue: 8)
        static let office = Kinds(rawValue: 16)
        static let title = Kinds(rawValue: 32)
        static let exclusion = Kinds(rawValue: 64)
        static let plural = Kinds(rawValue: 128)

        static let person: Kinds = [.name, .surname]
        static let place: Kinds = [.country, .adjective]
        static let post: Kinds = [.office, .title]
    }

    /// An office with what is said of it: `former Russian President`, `Presidents of A and B`.
    struct OfficePhrase {
        var firstWord: Int
        var endWord: Int
        /// The item of the office itself.
        var item: Int
        /// The items of the countries, in the order of the text: a part of `countryItems`.
        var countries: Range<Int>
        var modifiers: GrammarWords.Role
        var isPlural: Bool
        /// Whether it stands beside the name of who is meant.
        var isTaken = false
    }

    /// A leader found at a place.
    struct Mention {
        var leader: Int
        var span: ByteSpan
        /// Which of the leader's roles the text states there.
        var role: Int?
    }

    var matches: [PhraseTable.Match] = []
    var items: [Item] = []
    var phrases: [OfficePhrase] = []
    var countryItems: [Int] = []
    var mentions: [Mention] = []
    var unresolved: [UnresolvedMention] = []
    /// The last name of a list that belongs to a plural office: which phrase, which place, which word.
    var list: (phrase: Int, place: Int, endWord: Int)?
    /// By leader: the word at which they were last named, -1 for never.
    var namedAt: [Int]
    /// By leader: the word at which somebody else of that surname was last named, -1 for never.
    var strangerAt: [Int]
    private var touched: [Int] = []

    init(leaders count: Int) {
        namedAt = Array(repeating: -1, count: count)
        strangerAt = Array(repeating: -1, count: count)
    }

    /// Forgets the document.
    mutating func clear() {
        clearText()
        mentions.removeAll(keepingCapacity: true)
        unresolved.removeAll()
        for leader in touched {
            namedAt[leader] = -1
            strangerAt[leader] = -1
        }
        touched.removeAll(keepingCapacity: true)
    }

    /// Forgets the text, but not who was named in it.
    mutating func clearText() {
        matches.removeAll(keepingCapacity: true)
        items.removeAll(keepingCapacity: true)
        phrases.removeAll(keepingCapacity: true)
        countryItems.removeAll(keepingCapacity: true)
        list = nil
    }

    mutating func noteNamed(_ leader: Int, at word: Int) {
        namedAt[leader] = max(namedAt[leader], word)
        touched.append(leader)
    }

    mutating func noteStranger(_ leader: Int, at word: Int) {
        strangerAt[leader] = max(strangerAt[leader], word)
        touched.append(leader)
    }

    /// Groups the matches of one stretch into an item.
    mutating func collectItems(_ senses: [LeaderDictionary.Sense]) {
        var start = 0
        while start < matches.count {
            let first = matches[start]
            var end = start
            var kinds: Kinds = []
            while end < matches.count && matches[end].firstWord == first.firstWord {
                kinds.formUnion(senses[matches[end].payload].kinds)
                end += 1
            }
            items.append(
                Item(
                    firstWord: first.firstWord,
                    endWord: first.endWord,
                    matches: start..<end,
                    kinds: kinds
                )
            )
            start = end
        }
    }
}

extension LeaderDictionary.Sense {
    var kinds: LeaderState.Kinds {
        switch self {
        case .name: .name
        case .surname: .surname
        case .country: .country
        case .adjective: .adjective
        case .office(_, let isPlural): isPlural ? [.office, .plural] : .office
        case .title: .title
        case .exclusion: .exclusion
        }
    }
}
