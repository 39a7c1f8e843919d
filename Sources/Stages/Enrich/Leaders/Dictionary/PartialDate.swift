internal import Bytes

/// A date of a dictionary, as exact as known: `2017`, `2017-11` or `2017-11-21`.
struct PartialDate: Sendable, Equatable {
    /// The first day that it can mean.
    let first: Day
    /// The last day that it can mean.
    let last: Day

    /// What stands in for a date that could not be read.
    static let unknown = PartialDate(first: .never, last: .never)

    private init(first: Day, last: Day) {
        self.first = first
        self.last = last
    }

    /// Nil for anything else, and for days that do not exist.
    init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard (1...3).contains(parts.count), parts[0].utf8.count == 4,
            parts.dropFirst().allSatisfy({ $0.utf8.count == 2 }),
            parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } })
        else { return nil }
        let numbers = parts.compactMap { Int($0) }
        let firstMonth = numbers.count > 1 ? numbers[1] : 1
        let lastMonth = numbers.count > 1 ? numbers[1] : 12
        guard (1...12).contains(firstMonth) else { return nil }
        let firstDay = numbers.count > 2 ? numbers[2] : 1
        let lastOfMonth = CalendarDate.days(in: lastMonth, of: numbers[0])
        let lastDay = numbers.count > 2 ? firstDay : lastOfMonth
        guard let first = CalendarDate(year: numbers[0], month: firstMonth, day: firstDay),
            let last = CalendarDate(year: numbers[0], month: lastMonth, day: lastDay)
        else { return nil }
        self.first = Day(first)
        self.last = Day(last)
    }
}

/// A day as a number that orders like it: 20171121.
struct Day: Sendable, Comparable, Hashable {
    let number: Int32

    init(_ date: CalendarDate) {
        number = Int32(date.year * 10_000 + date.month * 100 + date.day)
    }

    private init(number: Int32) { self.number = number }

    /// Later than any day.
    static let never = Day(number: .max)

    /// About a year later: for comparing only.
    var nextYear: Day { self == .never ? self : Day(number: number + 10_000) }

    static func < (left: Day, right: Day) -> Bool { left.number < right.number }
}
