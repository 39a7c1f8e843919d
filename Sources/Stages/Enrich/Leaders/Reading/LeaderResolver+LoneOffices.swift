internal import Bytes
internal import Events

/// Offices that stand for who holds them.
extension LeaderResolver {
    /// Resolves an office that stands beside no name: "the US president".
    func readLoneOffice(_ index: Int, _ text: borrowing TextReading, _ state: inout LeaderState) {
        let phrase = state.phrases[index]
        let office = state.items[phrase.item]
        guard !phrase.isTaken, office.kinds.contains(.office), !phrase.countries.isEmpty,
            phrase.modifiers.subtracting(.neutral).isEmpty,
            // "US presidents" are all there were; "the Russian and US presidents" are two.
            phrase.isPlural == (phrase.countries.count > 1), !isPredicate(phrase, text),
            !isBygone(phrase, text)
        else { return }
        let isFollowedByName = isNameAhead(phrase.endWord, text)
        if isFollowedByName && !isTitleCase { return }
        for place in phrase.countries {
            let country = state.items[state.countryItems[place]]
            let words =
                phrase.isPlural
                ? country.firstWord..<country.endWord : phrase.firstWord..<phrase.endWord
            let posts = posts(office, of: country, state)
            resolve(posts, words, onlyNamed: isFollowedByName, text, &state)
        }
    }

    /// Whether somebody's name follows directly: then the office is theirs, whoever it is.
    func isNameAhead(_ word: Int, _ text: borrowing TextReading) -> Bool {
        guard text.gap(after: word - 1) == .space, text.isCapitalized(word) else { return false }
        return text.roles(of: word).isDisjoint(with: [.calendar, .follower])
    }

    /// Whether the office is said of somebody: "elected President of Armenia", "his time as Germany's
    /// foreign minister", "the post of Prime Minister of Italy", "run for President of Russia".
    private func isPredicate(
        _ phrase: LeaderState.OfficePhrase,
        _ text: borrowing TextReading
    ) -> Bool {
        var word = phrase.firstWord - 1
        let hasArticle = text.roles(of: word).contains(.article)
        if hasArticle { word -= 1 }
        guard word >= 0, text.gap(after: word) == .space else { return false }
        let roles = text.roles(of: word)
        if roles.contains(.of) { return text.roles(of: word - 1).contains(.postNoun) }
        return roles.contains(.predicate) || !hasArticle && roles.contains(.run)
    }

    /// Whether somebody held the office once, as in "the President of Finland at that time".
    private func isBygone(
        _ phrase: LeaderState.OfficePhrase,
        _ text: borrowing TextReading
    ) -> Bool {
        let word = phrase.endWord
        return text.gap(after: word - 1) == .space && text.roles(of: word).contains(.at)
            && text.gap(after: word + 1) == .space && text.roles(of: word + 2).contains(.time)
    }

    /// The posts that an office and a country may mean, of those that anybody held.
    private func posts(
        _ office: LeaderState.Item,
        of country: LeaderState.Item,
        _ state: borrowing LeaderState
    ) -> Set<LeaderDictionary.Post> {
        var posts: Set<LeaderDictionary.Post> = []
        for match in office.matches {
            guard case .office(let office, _) = sense(match, state) else { continue }
            for match in country.matches {
                guard let country = sense(match, state).place else { continue }
                let post = LeaderDictionary.Post(office: office, country: country)
                if dictionary.tenures[post] != nil { posts.insert(post) }
            }
        }
        return posts
    }

    private func resolve(
        _ posts: Set<LeaderDictionary.Post>,
        _ words: Range<Int>,
        onlyNamed: Bool,
        _ text: borrowing TextReading,
        _ state: inout LeaderState
    ) {
        guard !posts.isEmpty else { return }
        let everybody = posts.flatMap { dictionary.tenures[$0] ?? [] }
        let holders: [LeaderDictionary.Tenure]
        if let day {
            holders = everybody.filter { dictionary.role($0).isHeld(on: day) }
        } else {
            holders = everybody.filter { state.namedAt[$0.leader] >= 0 }
        }
        let leaders = Set(holders.map(\.leader))
        if leaders.count == 1, let holder = holders.min(by: { $0.role > $1.role }) {
            if onlyNamed && state.namedAt[holder.leader] < 0 { return }
            let place = span(text, words)
            state.mentions.append(
                LeaderState.Mention(leader: holder.leader, span: place, role: holder.role)
            )
            return
        }
        if onlyNamed { return }
        let reason: OpenReason =
            day == nil ? .dateUnknown : leaders.isEmpty ? .nobodyInOffice : .ambiguous
        let candidates = leaders.isEmpty ? everybody.map(\.leader) : Array(leaders)
        leaveOpen(text, words, reason: reason, candidates, &state)
    }

    /// What a match stands for.
    func sense(_ match: Int, _ state: borrowing LeaderState) -> LeaderDictionary.Sense {
        dictionary.senses[state.matches[match].payload]
    }
}

extension LeaderDictionary.Sense {
    /// The country, if it is one or its adjective.
    var place: Int? {
        switch self {
        case .country(let country), .adjective(let country): country
        default: nil
        }
    }
}
