internal import Bytes

/// Offices with their countries and modifiers.
extension LeaderResolver {
    /// Reads what stands around an office and notes the whole as a phrase.
    func readOffice(_ item: Int, _ text: borrowing TextReading, _ state: inout LeaderState) {
        let office = state.items[item]
        var phrase = LeaderState.OfficePhrase(
            firstWord: office.firstWord,
            endWord: office.endWord,
            item: item,
            countries: 0..<0,
            modifiers: [],
            isPlural: office.kinds.contains(.plural)
        )
        let first = state.countryItems.count
        readBefore(&phrase, text, &state)
        if state.countryItems.count == first { readAfter(&phrase, text, &state) }
        phrase.countries = first..<state.countryItems.count
        readElect(&phrase, text)
        state.phrases.append(phrase)
    }

    /// `former Russian and US`, before the office.
    private func readBefore(
        _ phrase: inout LeaderState.OfficePhrase,
        _ text: borrowing TextReading,
        _ state: inout LeaderState
    ) {
        phrase.firstWord = readModifiers(before: phrase.firstWord, &phrase, text)
        var word = phrase.firstWord - 1
        var isPossessive = false
        if text.roles(of: word).contains(.possessive), text.gap(after: word - 1) == .apostrophe,
            text.gap(after: word) == .space
        {
            isPossessive = true
            word -= 1
        } else if word >= 0 {
            switch text.gap(after: word) {
            case .space, .hyphen: break
            case .period where text.words[word].range.count == 1: break
            default: return
            }
        }
        let first = state.countryItems.count
        var item = phrase.item - 1
        while item >= 0, state.items[item].endWord == word + 1, isPlace(state.items[item].kinds) {
            let place = state.items[item]
            let isName = !place.kinds.contains(.adjective) && !isPossessive
            if isName && text.roles(of: place.firstWord - 1).contains(.of) { break }
            state.countryItems.append(item)
            phrase.firstWord = place.firstWord
            guard phrase.isPlural, let previous = listed(before: place.firstWord, text) else {
                break
            }
            word = previous
            item -= 1
        }
        state.countryItems[first...].reverse()
        if state.countryItems.count > first {
            _ = readModifiers(before: phrase.firstWord, &phrase, text)
        }
    }

    private func isPlace(_ kinds: LeaderState.Kinds) -> Bool { !kinds.isDisjoint(with: .place) }

    /// The last word of the list's item before a word: `Russian` before `and US`.
    private func listed(before word: Int, _ text: borrowing TextReading) -> Int? {
        var word = word - 1
        if text.roles(of: word).contains(.article) { word -= 1 }
        if text.roles(of: word).contains(.and) { return word - 1 }
        return text.gap(after: word) == .comma ? word : nil
    }

    /// Notes the modifiers before a word, and returns the first of them, or the word itself.
    private func readModifiers(
        before word: Int,
        _ phrase: inout LeaderState.OfficePhrase,
        _ text: borrowing TextReading
    ) -> Int {
        var first = word
        while first > 0 {
            let roles = text.roles(of: first - 1).intersection(.modifiers)
            let gap = text.gap(after: first - 1)
            guard !roles.isEmpty, gap == .space || gap == .hyphen else { break }
            phrase.modifiers.formUnion(roles)
            first -= 1
        }
        return first
    }

    /// `of Russia and the United States`, behind the office.
    private func readAfter(
        _ phrase: inout LeaderState.OfficePhrase,
        _ text: borrowing TextReading,
        _ state: inout LeaderState
    ) {
        guard text.gap(after: phrase.endWord - 1) == .space,
            text.roles(of: phrase.endWord).contains(.of)
        else { return }
        var word = phrase.endWord + 1
        var item = phrase.item + 1
        while true {
            let hasArticle = text.roles(of: word).contains(.article)
            if hasArticle { word += 1 }
            guard item < state.items.count, state.items[item].firstWord == word else { return }
            let place = state.items[item]
            // "of US companies": what is also an adjective needs the article of a name.
            guard place.kinds.contains(.country), hasArticle || !place.kinds.contains(.adjective),
                !isPossessor(place, text)
            else { return }
            state.countryItems.append(item)
            phrase.endWord = place.endWord
            guard phrase.isPlural, let next = listed(after: place.endWord, text) else { return }
            word = next
            item += 1
        }
    }

    /// The first word of the list's next item: `Ukraine` in `Russia, Ukraine and Belarus`.
    private func listed(after word: Int, _ text: borrowing TextReading) -> Int? {
        if text.roles(of: word).contains(.and) { return word + 1 }
        guard text.gap(after: word - 1) == .comma else { return nil }
        return text.roles(of: word).contains(.and) ? word + 1 : word
    }

    /// Whether `'s` and a name follow: "the President of Russia's Chamber of Commerce".
    private func isPossessor(_ place: LeaderState.Item, _ text: borrowing TextReading) -> Bool {
        text.gap(after: place.endWord - 1) == .apostrophe
            && text.roles(of: place.endWord).contains(.possessive)
            && text.isCapitalized(place.endWord + 1)
    }

    /// `-elect`, behind the office.
    private func readElect(
        _ phrase: inout LeaderState.OfficePhrase,
        _ text: borrowing TextReading
    ) {
        let gap = text.gap(after: phrase.endWord - 1)
        guard gap == .hyphen || gap == .space,
            text.roles(of: phrase.endWord).contains(.future),
            !text.isCapitalized(phrase.endWord) || gap == .hyphen
        else { return }
        phrase.modifiers.insert(.future)
        phrase.endWord += 1
    }
}
