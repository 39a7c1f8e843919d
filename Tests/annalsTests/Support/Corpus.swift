/// A made-up corpus: short news in several files, with reprints, stubs and broken records.
///
/// The same seed gives the same bytes on every machine.
struct Corpus {
    /// Documents in all files together.
    var documents: Int
    /// Files that they are spread over.
    var files = 4

    static let folder = "news"

    /// Writes `news/part-N.jsonl`.
    func write(into folder: TestFolder) throws {
        for (number, lines) in parts().enumerated() {
            try folder.write("\(Self.folder)/part-\(number).jsonl", lines.joined())
        }
    }

    /// The lines of each file.
    func parts() -> [[String]] {
        var random = SeededRandom(state: 20_261_122)
        var parts = [[String]](repeating: [], count: files)
        var bodies: [String] = []
        for number in 0..<documents {
            let part = number * files / documents
            parts[part].append(line(number, &bodies, &random))
        }
        return parts
    }

    private func line(
        _ number: Int,
        _ bodies: inout [String],
        _ random: inout SeededRandom
    ) -> String {
        switch random.next(below: 40) {
        case 0: return "{\"id\":\"d\(number)\",\"text\":\"cut in the mid\n"
        case 1: return "{\"id\":\"d\(number)\",\"text\":[1]}\n"
        case 2, 3: return record(number, "Too short to be kept.", &random)
        case 4...7:
            let earlier = bodies.isEmpty ? "" : bodies[random.next(below: bodies.count)]
            return record(number, earlier, &random)
        default:
            let text = body(&random)
            bodies.append(text)
            return record(number, text, &random)
        }
    }

    private func record(_ number: Int, _ text: String, _ random: inout SeededRandom) -> String {
        let day = 1 + random.next(below: 28)
        return "{\"id\":\"d\(number)\",\"title\":\"Report \(number)\",\"published\":"
            + "\"2017-\(day < 10 ? "10" : "11")-\(day < 10 ? "0" : "")\(day)\",\"text\":\"\(text)\"}\n"
    }

    private func body(_ random: inout SeededRandom) -> String {
        var words: [String] = []
        for _ in 0..<(30 + random.next(below: 40)) {
            words.append(Self.words[random.next(below: Self.words.count)])
        }
        for name in ["President Putin", "Donald Trump", "Syria", "Ukraine"]
        where random.next(below: 3) == 0 {
            words.insert(name, at: random.next(below: words.count))
        }
        return words.joined(separator: " ") + "."
    }

    private static let words: [String] = {
        var random = SeededRandom(state: 7)
        let syllables = ["ba", "ko", "ri", "sen", "tal", "mo", "du", "vie", "lan", "pes"]
        return (0..<800).map { _ in
            (0..<(2 + random.next(below: 2))).map { _ in
                syllables[random.next(below: syllables.count)]
            }.joined()
        }
    }()
}

/// SplitMix64 (Steele, Lea, Flood, 2014): small, and the same everywhere.
struct SeededRandom {
    var state: UInt64

    mutating func next(below bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((value ^ (value >> 31)) >> 1) % bound
    }
}
