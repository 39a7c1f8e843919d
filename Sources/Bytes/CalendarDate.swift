/// A day of the Gregorian calendar, with no time and no zone.
package struct CalendarDate: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The year, 1...9999.
    package let year: Int
    /// The month, 1...12.
    package let month: Int
    /// The day of the month, from 1.
    package let day: Int

    /// Nil for a day that does not exist.
    package init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month),
            (1...Self.days(in: month, of: year)).contains(day)
        else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// Reads `2017-11-21`, and the day of `2017-11-21T10:00:00Z` or `2017-11-21 10:00`.
    package init?(iso text: String) {
        let digits = Array(text.utf8)
        guard digits.count >= 10, digits[4] == 0x2D, digits[7] == 0x2D else { return nil }
        if digits.count > 10 {
            guard digits[10] == 0x54 || digits[10] == 0x20 else { return nil }
        }
        guard let year = Self.number(digits[0..<4]), let month = Self.number(digits[5..<7]),
            let day = Self.number(digits[8..<10])
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    package var description: String {
        String(
            decoding: Self.padded(year, 4) + [0x2D] + Self.padded(month, 2) + [0x2D]
                + Self.padded(day, 2),
            as: UTF8.self
        )
    }

    package static func < (left: CalendarDate, right: CalendarDate) -> Bool {
        (left.year, left.month, left.day) < (right.year, right.month, right.day)
    }

    /// The number of days of a month, 1...12.
    package static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2:
            year.isMultiple(of: 4) && !year.isMultiple(of: 100) || year.isMultiple(of: 400)
                ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        var value = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            value = value * 10 + Int(digit - 0x30)
        }
        return value
    }

    private static func padded(_ value: Int, _ width: Int) -> [UInt8] {
        let digits = Array(String(value).utf8)
        return Array(repeating: 0x30, count: max(0, width - digits.count)) + digits
    }
}
