internal import Bytes

/// The words right before and right behind a name, which may make it somebody else's.
extension LeaderResolver {
    /// The first word of the capitalised words that run up to a name, as given names do.
    func givenNames(
        before index: Int,
        _ text: borrowing TextReading,
        _ state: borrowing LeaderState
    ) -> Int {
        let item = state.items[index]
        let known = index > 0 ? state.items[index - 1].endWord : 0
        let isShouted = text.words[item.firstWord].shape.contains(.allCapitals)
        var first = item.firstWord
        var word = first - 1
        while word >= known, item.firstWord - word <= 4, text.joinsName(after: word) {
            let roles = text.roles(of: word)
            if roles.contains(.particle) && !text.isCapitalized(word) {
                word -= 1
                continue
            }
            guard text.isCapitalized(word), roles.isDisjoint(with: Self.noGivenName) else { break }
            if text.isAcronym(word) && !isShouted { break }
            if text.beginsSentence(word) && text.isStarter(word) { break }
            first = word
            word -= 1
        }
        // A particle with nothing before it still makes a longer name: "bin Salman".
        let isParticle = text.roles(of: item.firstWord - 1).contains(.particle)
        let gap = text.gap(after: item.firstWord - 1)
        return isParticle && first == item.firstWord && gap == .space ? first - 1 : first
    }

    private static let noGivenName: GrammarWords.Role = [
        .honorific, .female, .rank, .calendar, .past, .future, .deputy, .acting, .neutral, .article,
        .and, .of, .person, .dateLead,
    ]

    /// Whether one of some words is a given name of a leader, or its initial.
    func isGiven(_ words: Range<Int>, of leader: Int, _ text: borrowing TextReading) -> Bool {
        let leader = dictionary.leaders[leader]
        for word in words {
            if leader.givenNames.contains(text.words[word].hash) { return true }
            if text.isInitial(word) {
                let bit = Initial.bit(text.bytes, text.words[word])
                if leader.initials & bit != 0 { return true }
            }
        }
        return false
    }

    /// Whether capitalised words behind a surname make it part of a longer name: `Kim Yong-nam`.
    func isLongerName(
        _ index: Int,
        _ text: borrowing TextReading,
        _ state: borrowing LeaderState
    ) -> Bool {
        let next = state.items[index].endWord
        if isTitleCase { return false }
        let gap = text.gap(after: next - 1)
        guard gap == .space || gap == .hyphen, text.isCapitalized(next) else { return false }
        let items = state.items
        if index + 1 < items.count && items[index + 1].firstWord == next { return false }
        if text.isAcronym(next) || text.isInitial(next) { return false }
        return gap == .hyphen || text.roles(of: next).isDisjoint(with: Self.noSecondName)
    }

    private static let noSecondName: GrammarWords.Role = [
        .calendar, .follower, .starter, .honorific, .rank, .past, .deputy, .acting,
    ]

    /// Whether what follows is named after the person, or is a son's or father's mark.
    func isNamesake(_ item: LeaderState.Item, _ text: borrowing TextReading) -> Bool {
        var word = item.endWord
        while word < item.endWord + 3, text.isCapitalized(word), text.gap(after: word - 1) == .space
        {
            let roles = text.roles(of: word)
            if roles.contains(.generation) && word == item.endWord { return true }
            if roles.contains(.namesake) { return true }
            word += 1
        }
        return word == item.endWord && text.gap(after: word - 1) == .comma
            && text.roles(of: word).contains(.generation)
    }

    /// Whether a surname is also something else, so that alone it says nothing.
    func isWeak(_ item: LeaderState.Item, _ text: borrowing TextReading) -> Bool {
        item.endWord - item.firstWord == 1 && text.roles(of: item.firstWord).contains(.weak)
    }

    /// Whether a word reads as a month or as a verb: "in May", "May 2017", "May I".
    func isCalendar(
        _ item: LeaderState.Item,
        _ sighting: Sighting,
        _ text: borrowing TextReading
    ) -> Bool {
        let word = item.firstWord
        if text.beginsSentence(word) && text.roles(of: word + 1).contains(.subject) { return true }
        guard text.roles(of: word).contains(.calendar), sighting.office == nil else { return false }
        let isNumberBeside = [word - 1, word + 1].contains {
            text.words.indices.contains($0) && text.words[$0].shape.contains(.number)
        }
        return isNumberBeside || text.roles(of: word - 1).contains(.dateLead)
            || text.roles(of: word + 1).contains(.dateLead)
    }
}
