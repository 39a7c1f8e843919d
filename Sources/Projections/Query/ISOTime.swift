/// Times of batches as ISO 8601 in UTC.
package enum ISOTime {
    /// `2017-11-21T10:00:00.000000Z` for microseconds since 1970; years after 9999 have more digits.
    package static func string(microseconds: UInt64) -> String {
        let seconds = microseconds / 1_000_000
        let (year, month, day) = civil(days: Int(seconds / 86_400))
        let rest = Int(seconds % 86_400)
        return padded(year, 4) + "-" + padded(month, 2) + "-" + padded(day, 2) + "T"
            + padded(rest / 3600, 2) + ":" + padded(rest / 60 % 60, 2) + ":" + padded(rest % 60, 2)
            + "." + padded(Int(microseconds % 1_000_000), 6) + "Z"
    }

    /// The proleptic Gregorian date of a number of days since 1970-01-01.
    ///
    /// Counted in eras of 400 years that begin on 1 March: Howard Hinnant, "chrono-Compatible
    /// Low-Level Date Algorithms", `civil_from_days`.
    private static func civil(days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    private static func padded(_ value: Int, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
