internal import Bytes

/// The office or country that stands beside a name.
extension LeaderResolver {
    /// Finds what stands before a name, else behind it.
    func findContext(
        _ index: Int,
        _ sighting: inout Sighting,
        _ text: borrowing TextReading,
        _ state: inout LeaderState
    ) {
        let first = sighting.words.lowerBound
        if let place = listPlace(first, text, state) {
            sighting.office = place
        } else if let phrase = phrase(endingAt: first, text, state) {
            sighting.office = (phrase, 0)
        }
        if let office = sighting.office, isBeside(office.phrase, first, text, state) {
            state.phrases[office.phrase].isTaken = true
            noteList(office, sighting.words.upperBound, &state)
            return
        }
        if let office = sighting.office, fits(sighting.candidates, office, state) {
            noteList(office, sighting.words.upperBound, &state)
            return
        }
        sighting.office = nil
        if let phrase = phrase(after: sighting.words.upperBound, text, state),
            fits(sighting.candidates, (phrase, 0), state)
        {
            sighting.office = (phrase, 0)
            return
        }
        sighting.country = country(before: index, first, text, state)
    }

    /// The phrase that ends where a word begins, with a space or a comma between.
    private func phrase(
        endingAt word: Int,
        _ text: borrowing TextReading,
        _ state: borrowing LeaderState
    ) -> Int? {
        guard word > 0 else { return nil }
        switch text.gap(after: word - 1) {
        case .space, .comma, .hyphen, .other: break
        case .period where text.words[word - 1].range.count < 6: break
        case .end where state.phrases.contains { $0.endWord == word && $0.isPlural }: break
        default: return nil
        }
        // An honorific may stand between: "President Mr Putin".
        let end = text.roles(of: word - 1).contains(.honorific) ? word - 1 : word
        return state.phrases.lastIndex { $0.endWord == word || $0.endWord == end }
    }

    /// Whether nothing but a space lies between a phrase and a name: they are one mention.
    private func isBeside(
        _ phrase: Int,
        _ word: Int,
        _ text: borrowing TextReading,
        _ state: borrowing LeaderState
    ) -> Bool {
        guard state.phrases[phrase].endWord == word else { return false }
        let gap = text.gap(after: word - 1)
        return gap == .space || gap == .period || gap == .hyphen
    }

    /// The place in a list that a name continues: `Donald Trump` in "Presidents A and Donald Trump".
    private func listPlace(
        _ first: Int,
        _ text: borrowing TextReading,
        _ state: borrowing LeaderState
    ) -> (phrase: Int, place: Int)? {
        guard let list = state.list else { return nil }
        var word = list.endWord
        if text.roles(of: word).contains(.of) {
            // "Presidents Vladimir Putin of Russia and Donald Trump of the United States"
            let place = state.items.first {
                $0.firstWord >= word && !$0.kinds.isDisjoint(with: .place)
            }
            if let place, place.firstWord <= word + 2 { word = place.endWord }
        }
        let isAnd = text.roles(of: word).contains(.and) && word + 1 == first
        let isComma = word == first && text.gap(after: word - 1) == .comma
        return isAnd || isComma ? (list.phrase, list.place + 1) : nil
    }

    private func noteList(
        _ office: (phrase: Int, place: Int),
        _ endWord: Int,
        _ state: inout LeaderState
    ) {
        state.phrases[office.phrase].isTaken = true
        guard state.phrases[office.phrase].isPlural else { return }
        state.list = (office.phrase, office.place, endWord)
    }

    /// The phrase that a comma sets behind a name: "Vladimir Putin, the Russian president".
    private func phrase(
        after word: Int,
        _ text: borrowing TextReading,
        _ state: borrowing LeaderState
    ) -> Int? {
        guard text.gap(after: word - 1) == .comma else { return nil }
        // "Sergei Lavrov, Minister of …" may be the next item of a list: an article or a country tells.
        let hasArticle = text.roles(of: word).contains(.article)
        let start = hasArticle ? word + 1 : word
        return state.phrases.firstIndex {
            $0.firstWord == start && !$0.isTaken && !$0.isPlural
                && (hasArticle || !$0.countries.isEmpty) && !isNameAhead($0.endWord, text)
        }
    }

    /// The country of "Syria's Assad", "Russian leader Putin": an item.
    private func country(
        before index: Int,
        _ first: Int,
        _ text: borrowing TextReading,
        _ state: borrowing LeaderState
    ) -> Int? {
        guard index > 0 else { return nil }
        let place = state.items[index - 1]
        guard !place.kinds.isDisjoint(with: .place), first - place.endWord <= 3 else { return nil }
        var word = first - 1
        while word >= place.endWord, text.roles(of: word).contains(.person),
            text.gap(after: word) == .space
        {
            word -= 1
        }
        let isPossessive = word == place.endWord && text.roles(of: word).contains(.possessive)
        if isPossessive { word -= 1 }
        guard word == place.endWord - 1, text.joinsName(after: word) || isPossessive,
            isPossessive || place.kinds.contains(.adjective)
        else { return nil }
        return index - 1
    }
}
