package import Bytes

/// The passages that two texts share: the longest runs of words that both hold, none overlapping
/// another in either text.
///
/// Greedy string tiling (Wise, "String similarity via greedy string tiling and running Karp-Rabin
/// matching", 1993), seeded by an index of word runs as in JPlag (Prechelt, Malpohl, Philippsen,
/// "Finding plagiarisms among a set of programs with JPlag", 2002). Letter case and punctuation do
/// not count: words compare by their hashes.
///
/// Complexity: O(words) for the index; of a seed that stands in many places the first 64 in each text
/// are compared, so that boilerplate costs no more than that.
package struct SharedPassages: Sendable, Equatable {
    /// A run of words that stands in both texts.
    package struct Passage: Sendable, Equatable {
        /// The numbers of its words in the first text.
        package let words: Range<Int>
        /// The number of its first word in the second text.
        package let other: Int
    }

    /// The passages, in the order of the first text.
    package let passages: [Passage]
    /// How many words the first text has.
    package let wordCount: Int
    /// How many words the second text has.
    package let otherWordCount: Int

    /// Words of a passage, at least.
    package static let shortest = 5
    private static let placesPerSeed = 64

    /// How many words of the first text stand in passages.
    package var sharedWordCount: Int { passages.reduce(0) { $0 + $1.words.count } }

    /// Finds the passages of two tokenised texts.
    package init(of words: [WordToken], and others: [WordToken]) {
        wordCount = words.count
        otherWordCount = others.count
        var runs = Self.commonRuns(words, others)
        runs.sort { left, right in
            (right.words.count, left.words.lowerBound, left.other)
                < (left.words.count, right.words.lowerBound, right.other)
        }
        var isTaken = [Bool](repeating: false, count: words.count)
        var isTakenThere = [Bool](repeating: false, count: others.count)
        var tiles: [Passage] = []
        for run in runs {
            for tile in Self.free(run, isTaken, isTakenThere) {
                for step in 0..<tile.words.count {
                    isTaken[tile.words.lowerBound + step] = true
                    isTakenThere[tile.other + step] = true
                }
                tiles.append(tile)
            }
        }
        passages = tiles.sorted { $0.words.lowerBound < $1.words.lowerBound }
    }

    /// The stretches of a run that no longer passage has taken, of the least length and more.
    private static func free(
        _ run: Passage,
        _ isTaken: [Bool],
        _ isTakenThere: [Bool]
    ) -> [Passage] {
        var free: [Passage] = []
        var start = run.words.lowerBound
        for word in run.words.lowerBound...run.words.upperBound {
            let other = run.other + word - run.words.lowerBound
            let isEnd = word == run.words.upperBound
            guard isEnd || isTaken[word] || isTakenThere[other] else { continue }
            if word - start >= shortest {
                free.append(
                    Passage(
                        words: start..<word,
                        other: run.other + start - run.words.lowerBound
                    )
                )
            }
            start = word + 1
        }
        return free
    }

    /// Every run of words in both texts that cannot be made longer, from the seeds that both hold.
    private static func commonRuns(_ words: [WordToken], _ others: [WordToken]) -> [Passage] {
        guard words.count >= shortest, others.count >= shortest else { return [] }
        var seeds: [UInt64: [Int]] = [:]
        for start in 0...(others.count - shortest) {
            seeds[seed(others, at: start), default: []].append(start)
        }
        var runs: [Passage] = []
        // Where the last run on a diagonal ended: what lies within it has been seen.
        var ends: [Int: Int] = [:]
        var uses: [UInt64: Int] = [:]
        for start in 0...(words.count - shortest) {
            let seed = seed(words, at: start)
            guard let places = seeds[seed] else { continue }
            uses[seed, default: 0] += 1
            guard uses[seed, default: 0] <= placesPerSeed else { continue }
            for other in places.prefix(placesPerSeed) {
                let diagonal = start - other
                if let end = ends[diagonal], start < end { continue }
                var length = 0
                while start + length < words.count, other + length < others.count,
                    words[start + length].hash == others[other + length].hash
                {
                    length += 1
                }
                guard length >= shortest else { continue }
                ends[diagonal] = start + length
                runs.append(Passage(words: start..<start + length, other: other))
            }
        }
        return runs
    }

    private static func seed(_ words: [WordToken], at start: Int) -> UInt64 {
        words[start..<start + shortest].reduce(0) { Hash64.combine($0, $1.hash) }
    }
}
