@testable import Stages

/// The phrase table's rules said again, slowly, on strings: what it finds must be the same.
///
/// Only for ASCII letters, spaces, hyphens, commas and full stops.
struct NaiveMatcher {
    struct Word: Equatable {
        var text: String
        /// The marks behind the word.
        var gap: String
    }

    struct Found: Equatable, CustomStringConvertible {
        var first: Int
        var count: Int
        var phrase: Int
        var description: String { "\(first)+\(count): \(phrase)" }
    }

    var phrases: [String]

    static func words(_ text: String) -> [Word] {
        var words: [Word] = []
        var isInWord = false
        for character in text {
            if character.isLetter || character.isNumber {
                if !isInWord { words.append(Word(text: "", gap: "")) }
                words[words.count - 1].text.append(character)
                isInWord = true
            } else {
                if !words.isEmpty { words[words.count - 1].gap.append(character) }
                isInWord = false
            }
        }
        return words
    }

    func matches(_ text: String) -> [Found] {
        let words = Self.words(text)
        let phrases = phrases.map { Self.words($0) }
        var found: [Found] = []
        var index = 0
        while index < words.count {
            let standing = phrases.indices.filter { stands(phrases[$0], at: index, words) }
            let longest = standing.map { phrases[$0].count }.max() ?? 0
            for phrase in standing where phrases[phrase].count == longest {
                found.append(Found(first: index, count: longest, phrase: phrase))
            }
            index += max(1, longest)
        }
        return found
    }

    private func stands(_ phrase: [Word], at index: Int, _ words: [Word]) -> Bool {
        guard index + phrase.count <= words.count else { return false }
        let stretch = Array(words[index..<index + phrase.count])
        for (own, read) in zip(phrase, stretch).dropLast() {
            let gap = joint(read)
            guard gap != "end", gap == joint(own) else { return false }
        }
        let letters = stretch.map(\.text).joined()
        let isShouted = stretch.allSatisfy { $0.text == $0.text.uppercased() && !$0.text.isNumber }
        return zip(phrase, stretch).allSatisfy { own, read in
            if own.text == read.text { return true }
            guard own.text.lowercased() == read.text.lowercased() else { return false }
            if own.text == own.text.lowercased() { return true }
            guard read.text == read.text.uppercased() else { return false }
            return read.text.count >= 4 || isShouted && stretch.count > 1 && letters.count >= 4
        }
    }

    /// What joins a word to the next.
    private func joint(_ word: Word) -> String {
        if word.gap.contains("\n\n") { return "end" }
        let marks = word.gap.filter { $0 != " " && $0 != "\n" }
        let hasSpace = word.gap.contains { $0 == " " || $0 == "\n" }
        switch marks {
        case "": return "space"
        case "-": return hasSpace ? "other" : "space"
        case ",": return word.gap.first == "," ? "comma" : "other"
        case "." where word.gap.first == ".":
            let isInitial = word.text.count == 1
            let isTitle = word.text.hasPrefix("M") && word.text.lowercased() == "mr"
            return isInitial || isTitle ? "space" : "period"
        default: return marks.contains("!") ? "end" : "other"
        }
    }
}

extension String {
    fileprivate var isNumber: Bool { allSatisfy { $0.isNumber } }
}
