internal import Bytes

/// Choosing among those who could be meant.
extension LeaderResolver {
    /// What comes of a name.
    enum Choice {
        case leader(Int)
        case open(OpenReason, [Int])
        /// Nobody of the dictionary, or too little is said to tell.
        case nobody
    }

    /// How well a leader fits an office or a country; the best are chosen.
    enum Fit: Int, Comparable {
        case no, soon, before, now

        static func < (left: Fit, right: Fit) -> Bool { left.rawValue < right.rawValue }
    }

    func choose(
        _ sighting: Sighting,
        isWeak: Bool,
        _ state: borrowing LeaderState
    ) -> Choice {
        let candidates = sighting.candidates
        if sighting.isFull && candidates.count == 1 { return .leader(candidates[0]) }
        if sighting.office != nil || sighting.country != nil {
            let best = best(sighting, state)
            if best.count == 1 { return .leader(best[0]) }
            if best.count > 1 { return chooseByText(best, sighting, isWeak: false, state) }
            // "Minister Lavrov": a title alone does not speak against him, "Finance Minister" does.
            guard let office = sighting.office, isTitleOnly(office.phrase, state) else {
                let named = candidates.filter { state.namedAt[$0] >= 0 }
                if named.count == 1 && sighting.country == nil { return .leader(named[0]) }
                return isWeak || sighting.country != nil ? .nobody : .open(.otherOffice, candidates)
            }
        }
        return chooseByText(candidates, sighting, isWeak: isWeak, state)
    }

    private func isTitleOnly(_ phrase: Int, _ state: borrowing LeaderState) -> Bool {
        let phrase = state.phrases[phrase]
        return phrase.countries.isEmpty && !state.items[phrase.item].kinds.contains(.office)
    }

    /// The candidates whom an office or country beside the name fits best.
    private func best(_ sighting: Sighting, _ state: borrowing LeaderState) -> [Int] {
        var best: [Int] = []
        var top = Fit.no
        for leader in sighting.candidates {
            let fit =
                if let office = sighting.office {
                    fit(leader, office, state)
                } else if let country = sighting.country {
                    fit(leader, country: country, state)
                } else {
                    Fit.no
                }
            if fit > top { best.removeAll() }
            top = max(top, fit)
            if fit == top && fit != .no { best.append(leader) }
        }
        return best
    }

    /// By who was named before, then by who is in office.
    private func chooseByText(
        _ candidates: [Int],
        _ sighting: Sighting,
        isWeak: Bool,
        _ state: borrowing LeaderState
    ) -> Choice {
        let named = candidates.filter { state.namedAt[$0] >= 0 }
        let stranger = candidates.map { state.strangerAt[$0] }.max() ?? -1
        if named.count == 1 {
            let isStrangersTurn = !isTitle && stranger > state.namedAt[named[0]]
            return isStrangersTurn ? .open(.ambiguous, named) : .leader(named[0])
        }
        if named.count > 1 { return .open(.ambiguous, named) }
        if isWeak || stranger >= 0 || isTitleCase { return .nobody }
        if sighting.office == nil && !sighting.before.isDisjoint(with: [.rank, .female]) {
            return .nobody
        }
        return chooseByDate(candidates)
    }

    private func chooseByDate(_ candidates: [Int]) -> Choice {
        guard let day else {
            return candidates.count == 1
                ? .leader(candidates[0]) : .open(.dateUnknown, candidates)
        }
        let active = candidates.filter { leader in
            dictionary.leaders[leader].roles.contains { $0.isHeld(on: day) }
        }
        if active.count == 1 { return .leader(active[0]) }
        if active.count > 1 { return .open(.ambiguous, active) }
        let possible = candidates.filter { leader in
            dictionary.leaders[leader].roles.contains { $0.from <= day.nextYear }
        }
        if possible.isEmpty { return .nobody }
        return possible.count == 1 ? .leader(possible[0]) : .open(.ambiguous, possible)
    }

    // MARK: Fitting an office or a country

    /// Whether any of some leaders holds or held an office.
    func fits(
        _ leaders: [Int],
        _ office: (phrase: Int, place: Int),
        _ state: borrowing LeaderState
    ) -> Bool {
        leaders.contains { fit($0, office, state) != .no }
    }

    private func fit(
        _ leader: Int,
        _ office: (phrase: Int, place: Int),
        _ state: borrowing LeaderState
    ) -> Fit {
        let isPast = state.phrases[office.phrase].modifiers.contains(.past)
        return dictionary.leaders[leader].roles.map { role in
            states(office, role, state) ? fit(role, isPast: isPast) : .no
        }.max() ?? .no
    }

    private func fit(
        _ leader: Int,
        country item: Int,
        _ state: borrowing LeaderState
    ) -> Fit {
        dictionary.leaders[leader].roles.map { role in
            names(item, role.country, state) ? fit(role, isPast: false) : .no
        }.max() ?? .no
    }

    private func fit(_ role: LeaderDictionary.Role, isPast: Bool) -> Fit {
        guard let day else { return .now }
        if role.isHeld(on: day) { return isPast ? .before : .now }
        if role.from <= day { return isPast ? .now : .before }
        return role.from <= day.nextYear ? .soon : .no
    }

    /// Whether a phrase may mean a role: one of its offices, and its country if it names one.
    private func states(
        _ office: (phrase: Int, place: Int),
        _ role: LeaderDictionary.Role,
        _ state: borrowing LeaderState
    ) -> Bool {
        let phrase = state.phrases[office.phrase]
        let isOffice = state.items[phrase.item].matches.contains { match in
            switch sense(match, state) {
            case .office(let office, _), .title(let office): office == role.office
            default: false
            }
        }
        guard isOffice, !phrase.countries.isEmpty else { return isOffice }
        let place = min(phrase.countries.lowerBound + office.place, phrase.countries.upperBound - 1)
        return names(state.countryItems[place], role.country, state)
    }

    private func names(_ item: Int, _ country: Int, _ state: borrowing LeaderState) -> Bool {
        state.items[item].matches.contains { sense($0, state).place == country }
    }

    /// The role that the text states, unless as a former or coming one.
    func statedRole(
        of leader: Int,
        _ office: (phrase: Int, place: Int),
        _ state: borrowing LeaderState
    ) -> Int? {
        let modifiers = state.phrases[office.phrase].modifiers
        guard modifiers.isDisjoint(with: [.past, .future, .deputy]) else { return nil }
        let roles = dictionary.leaders[leader].roles
        let stated = roles.indices.filter { states(office, roles[$0], state) }
        // "President Putin" states a role only if he was president of one country.
        let texts = Set(stated.map { roles[$0].text })
        return texts.count == 1 ? stated.last : nil
    }
}
