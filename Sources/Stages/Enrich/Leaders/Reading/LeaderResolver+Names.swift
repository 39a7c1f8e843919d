internal import Bytes
internal import Events

/// Names: full ones, and surnames by who was named before, by office, country and date.
extension LeaderResolver {
    /// A name at a place, while it is being resolved.
    struct Sighting {
        var words: Range<Int>
        var candidates: [Int]
        /// Whether it is a full form, or a surname with the given name or its initial.
        var isFull: Bool
        /// The office beside it, and its place in the list of a plural one.
        var office: (phrase: Int, place: Int)?
        /// The country beside it: an item.
        var country: Int?
        /// What else stands right before it.
        var before: GrammarWords.Role
    }

    /// Resolves one name, or leaves it open, or passes over what is nobody of the dictionary.
    func readName(_ index: Int, _ text: borrowing TextReading, _ state: inout LeaderState) {
        let item = state.items[index]
        guard !item.kinds.contains(.exclusion), var sighting = sight(index, text, &state) else {
            return
        }
        findContext(index, &sighting, text, &state)
        let isWeak = !sighting.isFull && isWeak(item, text)
        if isWeak && isCalendar(item, sighting, text) { return }
        switch choose(sighting, isWeak: isWeak, state) {
        case .leader(let leader): accept(leader, sighting, text, &state)
        case .open(let reason, let candidates):
            leaveOpen(text, sighting.words, reason: reason, candidates, &state)
        case .nobody: break
        }
    }

    /// The candidates, after a look at the words before and behind; nil if it is somebody else.
    private func sight(
        _ index: Int,
        _ text: borrowing TextReading,
        _ state: inout LeaderState
    ) -> Sighting? {
        let item = state.items[index]
        let full = leaders(item, .name, state)
        let all = full + leaders(item, .surname, state).filter { !full.contains($0) }
        var sighting = Sighting(
            words: item.firstWord..<item.endWord,
            candidates: full.isEmpty ? all : full,
            isFull: !full.isEmpty,
            before: text.roles(of: item.firstWord - 1)
        )
        if isNamesake(item, text) { return nil }
        if item.endWord - item.firstWord > 1 && !full.isEmpty { return sighting }
        let start = givenNames(before: index, text, state)
        if start < item.firstWord {
            let known = all.filter { isGiven(start..<item.firstWord, of: $0, text) }
            if known.isEmpty {
                if isTitleCase { return sighting }
                for leader in all { state.noteStranger(leader, at: position(item.firstWord)) }
                return nil
            }
            sighting.candidates = known
            sighting.isFull = true
            sighting.words = start..<item.endWord
            sighting.before = text.roles(of: start - 1)
        } else if isLongerName(index, text, state) {
            for leader in all { state.noteStranger(leader, at: position(item.firstWord)) }
            return nil
        }
        return sighting
    }

    /// Where a word stands for who was named last: the title stands before the body.
    private func position(_ word: Int) -> Int { isTitle ? 0 : word }

    private func leaders(
        _ item: LeaderState.Item,
        _ kind: LeaderState.Kinds,
        _ state: borrowing LeaderState
    ) -> [Int] {
        var leaders: [Int] = []
        for match in item.matches {
            let leader: Int? =
                switch sense(match, state) {
                case .name(let leader) where kind == .name: leader
                case .surname(let leader) where kind == .surname: leader
                default: nil
                }
            // Spellings that differ in hyphens only are one phrase.
            if let leader, !leaders.contains(leader) { leaders.append(leader) }
        }
        return leaders
    }

    private func accept(
        _ leader: Int,
        _ sighting: Sighting,
        _ text: borrowing TextReading,
        _ state: inout LeaderState
    ) {
        var words = sighting.words
        var role: Int?
        if let office = sighting.office {
            let phrase = state.phrases[office.phrase]
            role = statedRole(of: leader, office, state)
            state.phrases[office.phrase].isTaken = true
            if !phrase.isPlural {
                let first = min(words.lowerBound, phrase.firstWord)
                words = first..<max(words.upperBound, phrase.endWord)
            }
        }
        state.mentions.append(
            LeaderState.Mention(leader: leader, span: span(text, words), role: role)
        )
        state.noteNamed(leader, at: position(sighting.words.lowerBound))
    }
}
