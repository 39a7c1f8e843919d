internal import Bytes
internal import Projections

/// Times as people and programs read them.
enum Timestamp {
    /// `2017-11-21T10:00:00.000000Z` of microseconds since 1970.
    static func iso8601(_ microseconds: UInt64) -> String {
        ISOTime.string(microseconds: microseconds)
    }

    /// Microseconds since 1970 of `2017-11-21` or `2017-11-21T10:00:00Z`; nil for anything else.
    static func microseconds(iso8601 text: String) -> UInt64? {
        guard let date = CalendarDate(iso: text), date.year >= 1970,
            let rest = microsecondsOfDay(text.utf8.dropFirst(10))
        else { return nil }
        return UInt64(daysSince1970(date) * 86_400) * 1_000_000 + UInt64(rest)
    }

    /// The microseconds of `T10:00:00Z` and `T10:00:00.123456Z`; 0 of nothing.
    private static func microsecondsOfDay(_ text: Substring.UTF8View) -> Int? {
        guard !text.isEmpty else { return 0 }
        guard text.count >= 10, text.last == 0x5A else { return nil }
        let fraction = text.dropFirst(9).dropLast()
        guard let micros = microseconds(fraction) else { return nil }
        let parts = String(decoding: Array(text.prefix(9).dropFirst()), as: UTF8.self)
            .split(separator: ":").compactMap { Int($0) }
        guard parts.count == 3, (0..<24).contains(parts[0]), (0..<60).contains(parts[1]),
            (0..<61).contains(parts[2])
        else { return nil }
        return (parts[0] * 3600 + parts[1] * 60 + parts[2]) * 1_000_000 + micros
    }

    /// The microseconds of `.123456`, of fewer digits too; 0 of nothing.
    private static func microseconds(_ fraction: Substring.UTF8View) -> Int? {
        guard let point = fraction.first else { return 0 }
        let digits = fraction.dropFirst()
        guard point == 0x2E, (1...6).contains(digits.count) else { return nil }
        var value = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            value = value * 10 + Int(digit - 0x30)
        }
        for _ in digits.count..<6 { value *= 10 }
        return value
    }

    /// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": days_from_civil.
    private static func daysSince1970(_ date: CalendarDate) -> Int {
        let year = date.month <= 2 ? date.year - 1 : date.year
        let era = year / 400
        let yearOfEra = year - era * 400
        let month = date.month > 2 ? date.month - 3 : date.month + 9
        let dayOfYear = (153 * month + 2) / 5 + date.day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}
