internal import YAML

/// How many documents of a run may fail.
package enum ErrorBudget: Sendable, Equatable, CustomStringConvertible {
    /// So many.
    case documents(Int)
    /// This part of the documents that were read, from 0 to 1.
    case share(Double)

    /// A share of fewer documents says little while others are to come.
    private static let sample = 1000

    /// Whether so many are too many, of so many documents read so far or, at the end, in all.
    package func isExceeded(failed: Int, of documents: Int, atEnd: Bool) -> Bool {
        switch self {
        case .documents(let limit): failed > limit
        case .share(let limit):
            (atEnd || documents >= Self.sample) && Double(failed) > limit * Double(documents)
        }
    }

    /// `100` or `1%`, as in a pipeline.
    package var description: String {
        switch self {
        case .documents(let limit): "\(limit)"
        case .share(let limit):
            // Without the digits that only rounding makes.
            "\(Double(Int((limit * 1e8).rounded())) / 1e6)%".replacing(".0%", with: "%")
        }
    }

    /// How it is written.
    static var rule: ScalarRule<ErrorBudget?> {
        ScalarRule(
            expected: "a number of documents or a share of them, such as 100 or 1%",
            placeholder: nil
        ) { scalar throws(ScalarRefusal) in
            guard let budget = ErrorBudget(scalar.text) else {
                throw ScalarRefusal(hint: "write a whole number, or a percentage up to 100%")
            }
            return budget
        }
    }

    private init?(_ text: String) {
        if text.hasSuffix("%") {
            let number = text.dropLast()
            guard number.utf8.allSatisfy({ (48...57).contains($0) || $0 == 46 }),
                let percent = Double(number), percent <= 100
            else { return nil }
            self = .share(percent / 100)
        } else {
            guard let count = Int(text), count >= 0 else { return nil }
            self = .documents(count)
        }
    }
}
