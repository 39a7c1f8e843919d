/// "Did you mean": the candidate nearest to a misspelt word.
package enum Suggestion {
    /// Longer words are no slips of the finger, and the distance costs their product.
    private static let wordLimit = 64

    /// The one candidate within a third of the word's length, if there is such.
    ///
    /// Letter case, `-` and `_` cost nothing. Ties go to the earlier candidate.
    package static func nearest(to word: String, among candidates: some Sequence<String>) -> String?
    {
        let target = folded(word)
        guard !target.isEmpty, target.count <= wordLimit else { return nil }
        var best: (word: String, distance: Int)?
        for candidate in candidates where candidate != word {
            let other = folded(candidate)
            let allowed = min(max(1, max(target.count, other.count) / 3), other.count - 1)
            guard other.count <= wordLimit, abs(other.count - target.count) <= allowed else {
                continue
            }
            let distance = distance(target, other)
            if distance <= allowed && distance < (best?.distance ?? .max) {
                best = (candidate, distance)
            }
        }
        return best?.word
    }

    /// `did you mean "x"?`, if there is a candidate near enough.
    package static func hint(for word: String, among candidates: some Sequence<String>) -> String? {
        nearest(to: word, among: candidates).map { "did you mean \"\($0)\"?" }
    }

    private static func folded(_ word: String) -> [Unicode.Scalar] {
        word.prefix(wordLimit + 1).lowercased().unicodeScalars.map { $0 == "_" ? "-" : $0 }
    }

    /// Optimal string alignment: insertions, deletions, substitutions, neighbours swapped.
    private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for i in left.indices {
            var row = [i + 1]
            for j in right.indices {
                let substitution = last[j] + (left[i] == right[j] ? 0 : 1)
                var cost = min(substitution, last[j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    cost = min(cost, beforeLast[j - 1] + 1)
                }
                row.append(cost)
            }
            beforeLast = last
            last = row
        }
        return last[right.count]
    }
}
