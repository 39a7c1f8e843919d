/// A stretch of the calendar that days of publication are gathered in.
enum TimeBucket: String, Sendable, Hashable, CaseIterable {
    case day, week, month, quarter, year

    /// The bucket of a day in ISO 8601, such as `2017-W47`; nil for an unknown day.
    ///
    /// A quarter, which the standard lacks, is `2017-Q4`. Their texts sort as their times do.
    func name(of day: DayNumber) -> String? {
        guard let iso = day.iso else { return nil }
        switch self {
        case .day: return iso
        case .week: return Self.week(of: day)
        case .month: return String(iso.prefix(7))
        case .quarter: return "\(iso.prefix(4))-Q\((day.month % 100 + 2) / 3)"
        case .year: return String(iso.prefix(4))
        }
    }

    /// ISO 8601 weeks begin on Monday, and belong to the year that has their Thursday.
    private static func week(of day: DayNumber) -> String {
        var year = day.rawValue / 10_000
        let ordinal = daysBefore(year, day.month % 100) + day.rawValue % 100
        var week = (ordinal - weekday(day) + 10) / 7
        if week < 1 {
            year -= 1
            week = weeks(in: year)
        } else if week > weeks(in: year) {
            year += 1
            week = 1
        }
        let digits = String(year)
        let padding = String(repeating: "0", count: max(0, 4 - digits.count))
        return "\(padding)\(digits)-W\(week < 10 ? "0" : "")\(week)"
    }

    private static func isLeap(_ year: Int) -> Bool {
        year.isMultiple(of: 4) && !year.isMultiple(of: 100) || year.isMultiple(of: 400)
    }

    private static func daysBefore(_ year: Int, _ month: Int) -> Int {
        let before = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334][month - 1]
        return before + (month > 2 && isLeap(year) ? 1 : 0)
    }

    /// Monday is 1, Sunday 7.
    private static func weekday(_ day: DayNumber) -> Int {
        let year = day.rawValue / 10_000
        let ordinal = daysBefore(year, day.month % 100) + day.rawValue % 100
        // 1 January of year 1 was a Monday in the proleptic Gregorian calendar.
        let days = daysBeforeYear(year) + ordinal - 1
        return days % 7 + 1
    }

    private static func daysBeforeYear(_ year: Int) -> Int {
        let past = year - 1
        return past * 365 + past / 4 - past / 100 + past / 400
    }

    /// A year has 53 weeks if it begins on a Thursday, or on a Wednesday and is a leap year.
    private static func weeks(in year: Int) -> Int {
        guard year > 0 else { return 52 }
        let first = daysBeforeYear(year) % 7 + 1
        return first == 4 || first == 3 && isLeap(year) ? 53 : 52
    }
}
