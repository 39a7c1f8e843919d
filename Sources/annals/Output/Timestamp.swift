internal import Bytes
internal import Projections

/// Times as people and programs read them.
enum Timestamp {
    /// `2017-11-21T10:00:00.000000Z` of microseconds since 1970.
    static func iso8601(_ microseconds: UInt64) -> String {
        ISOTime.string(microseconds: microseconds)
    }

    /// Microseconds since 1970 of a date or a time in ISO 8601; nil for anything else.
    ///
    /// `2017-11-21`, `2017-11-21T10:00`, `2017-11-21 10:00:00.5+02:00`: midnight and UTC where the
    /// text does not say.
    static func microseconds(iso8601 text: String) -> UInt64? {
        guard let date = CalendarDate(iso: text), date.year >= 1970,
            let rest = microsecondsOfDay(text.utf8.dropFirst(10))
        else { return nil }
        // The zone may reach into the day before 1970.
        return UInt64(exactly: daysSince1970(date) * 86_400_000_000 + rest)
    }

    /// The microseconds of `90m`, `12h`, `3d` and `2w`; nil for anything else.
    static func microseconds(ago text: String) -> UInt64? {
        let seconds: [Character: UInt64] = [
            "s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800,
        ]
        guard let unit = text.last.flatMap({ seconds[$0] }),
            let number = UInt64(text.dropLast()), number < 1 << 32
        else { return nil }
        return number * unit * 1_000_000
    }

    /// The microseconds of `T10:00`, `T10:00:00Z` and `T10:00:00.123456+02:00`, in UTC; 0 of nothing.
    private static func microsecondsOfDay(_ text: Substring.UTF8View) -> Int? {
        guard !text.isEmpty else { return 0 }
        let time = text.dropFirst()
        let zoneStart =
            time.firstIndex { [0x5A, 0x7A, 0x2B, 0x2D].contains($0) } ?? time.endIndex
        guard let zone = minutesEast(time[zoneStart...]) else { return nil }
        let clock = time[..<zoneStart]
        let parts = clock.prefix { $0 != 0x2E }.split(
            separator: 0x3A,
            omittingEmptySubsequences: false
        )
        .map { $0.count == 2 ? Int(String(decoding: Array($0), as: UTF8.self)) : nil }
        guard (2...3).contains(parts.count), let hour = parts[0], let minute = parts[1],
            (0..<24).contains(hour), (0..<60).contains(minute)
        else { return nil }
        let second = parts.count == 3 ? parts[2] : 0
        guard let second, (0..<61).contains(second),
            let micros = microseconds(clock.drop { $0 != 0x2E }),
            parts.count == 3 || micros == 0
        else { return nil }
        return ((hour - zone / 60) * 3600 + (minute - zone % 60) * 60 + second) * 1_000_000 + micros
    }

    /// The minutes of `+02:00`, `-0330` and `+02`; 0 of `Z` and of nothing.
    private static func minutesEast(_ text: Substring.UTF8View) -> Int? {
        if text.isEmpty || text.elementsEqual([0x5A]) || text.elementsEqual([0x7A]) { return 0 }
        let digits = text.dropFirst().filter { $0 != 0x3A }
        guard text.first != 0x5A, text.first != 0x7A, digits.count == 2 || digits.count == 4,
            digits.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = Int(String(decoding: digits, as: UTF8.self))
        else { return nil }
        let (hours, minutes) = digits.count == 2 ? (number, 0) : (number / 100, number % 100)
        guard hours < 24, minutes < 60 else { return nil }
        return (text.first == 0x2D ? -1 : 1) * (hours * 60 + minutes)
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
