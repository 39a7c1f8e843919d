/// Names of people and of desks, as bylines and credits have them.
enum PersonNames {
    /// Reads one name; returns the number of its capitalised words, 0 if there is none.
    ///
    /// `Jane Doe`, `J. R. R. Tolkien`, `Ludwig van Beethoven`, `Anne-Marie O'Neil Jr.`
    static func name(_ scanner: inout LineScanner) -> Int {
        var words = 0
        var end = scanner.index
        while words < wordLimit {
            if let word = scanner.capitalizedWord() {
                words += 1
                if word.count <= abbreviation, scanner.next == 0x2E { scanner.index += 1 }
                end = scanner.index
            } else if words == 0 || !particle(&scanner) {
                break
            }
            guard scanner.next == 0x20 else { break }
            scanner.index += 1
        }
        scanner.index = end
        return words
    }

    /// Reads names joined by commas, `and` and `&`; returns the words of the shortest, 0 for none.
    ///
    /// A name of one word after a comma is not read: it may be an agency or a place.
    static func names(_ scanner: inout LineScanner) -> Int {
        var shortest = name(&scanner)
        guard shortest > 0 else { return 0 }
        while true {
            let before = scanner.index
            let isJoined = scanner.accept(anyOf: [", and ", " and ", " & ", ", "])
            let words = isJoined ? name(&scanner) : 0
            guard words > 1 else {
                scanner.index = before
                return shortest
            }
            shortest = min(shortest, words)
        }
    }

    private static let wordLimit = 6
    private static let abbreviation = 3

    private static func particle(_ scanner: inout LineScanner) -> Bool {
        let before = scanner.index
        guard let word = scanner.word() else { return false }
        let text = String(decoding: scanner.line.folded[word], as: UTF8.self)
        if particles.contains(text), scanner.next == 0x20 { return true }
        scanner.index = before
        return false
    }

    private static let particles: Set<String> = [
        "al", "bin", "bint", "da", "de", "del", "della", "den", "der", "di", "do", "dos", "du",
        "el", "ibn", "la", "le", "ten", "ter", "van", "von", "y", "zu",
    ]
}
