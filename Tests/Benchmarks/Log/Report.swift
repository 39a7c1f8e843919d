internal import Glibc

/// The figures of a run, printed as rows of one table as they come.
struct Report {
    private(set) var missed = 0

    init() {
        print("| figure | median | half lie in | unit | limit | |")
        print("|---|---:|---:|---|---|---|")
    }

    /// A figure without a limit.
    func add(_ name: String, _ samples: Samples, unit: String, digits: Int = 2) {
        print("| \(name) | \(Self.cells(samples, digits)) | \(unit) | | |")
        fflush(nil)
    }

    /// A figure that a limit holds for; of repeated ones the median counts.
    mutating func add(
        _ name: String,
        _ samples: Samples,
        unit: String,
        _ limit: Limit,
        digits: Int = 2
    ) {
        let isMet = limit.isMet(by: samples.median)
        if !isMet { missed += 1 }
        print(
            "| \(name) | \(Self.cells(samples, digits)) | \(unit) | \(limit) "
                + "| \(Self.verdict(isMet)) |"
        )
        fflush(nil)
    }

    /// Ratios, of which that of the fastest quarters is held to the limit, if there is one.
    mutating func add(_ name: String, _ ratios: Ratios, _ limit: Limit?) {
        let cells =
            "\(Self.cells(ratios.turns, 2)) | ratio; fast quarter \(Self.text(ratios.fast, 2))"
        if let limit {
            let isMet = limit.isMet(by: ratios.fast)
            if !isMet { missed += 1 }
            print("| \(name) | \(cells) | \(limit) | \(Self.verdict(isMet)) |")
        } else {
            print("| \(name) | \(cells) | | |")
        }
        fflush(nil)
    }

    private static func verdict(_ isMet: Bool) -> String { isMet ? "met" : "**missed**" }

    private static func cells(_ samples: Samples, _ digits: Int) -> String {
        let (low, high) = samples.quartiles
        return "\(text(samples.median, digits)) | \(text(low, digits))–\(text(high, digits))"
    }

    /// A number with a fixed count of decimals.
    static func text(_ value: Double, _ digits: Int) -> String {
        guard value.isFinite else { return "none" }
        var scale = 1
        for _ in 0..<digits { scale *= 10 }
        let scaled = Int((value * Double(scale)).rounded())
        guard digits > 0 else { return "\(scaled)" }
        let rest = String(scaled % scale)
        return "\(scaled / scale)." + String(repeating: "0", count: digits - rest.count) + rest
    }
}

/// What a figure is held to.
struct Limit: CustomStringConvertible {
    enum Sense: String {
        case atLeast = "at least"
        case atMost = "at most"
    }

    let sense: Sense
    let value: Double

    init(_ sense: Sense, _ value: Double) {
        self.sense = sense
        self.value = value
    }

    func isMet(by found: Double) -> Bool {
        sense == .atLeast ? found >= value : found <= value
    }

    var description: String { "\(sense.rawValue) \(Report.text(value, 1))" }
}
