internal import Bytes

/// A day as one number, 20171121 for 21 November 2017, and 0 for an unknown one.
struct DayNumber: RawRepresentable, Hashable, Comparable {
    let rawValue: Int

    /// No day.
    static let unknown = DayNumber(rawValue: 0)

    init(rawValue: Int) { self.rawValue = rawValue }

    /// Reads `2017-11-21` and what may follow it; anything that is no day is unknown.
    init(iso text: Span<UInt8>) {
        rawValue = Self.number(iso: text)
    }

    private static func number(iso text: Span<UInt8>) -> Int {
        guard text.count >= 10, text[4] == 0x2D, text[7] == 0x2D else { return 0 }
        var number = 0
        for index in 0..<10 where index != 4 && index != 7 {
            let digit = Int(text[index]) - 0x30
            guard (0...9).contains(digit) else { return 0 }
            number = number * 10 + digit
        }
        let date = CalendarDate(year: number / 10000, month: number / 100 % 100, day: number % 100)
        return date == nil ? 0 : number
    }

    static func < (left: DayNumber, right: DayNumber) -> Bool { left.rawValue < right.rawValue }

    /// The day in ISO 8601, or nil if it is unknown.
    var iso: String? {
        CalendarDate(year: rawValue / 10000, month: rawValue / 100 % 100, day: rawValue % 100)?
            .description
    }

    /// The month as a number, 201711; 0 if it is unknown.
    var month: Int { rawValue / 100 }

    /// `2017-11` for 201711; nil for 0.
    static func isoMonth(_ month: Int) -> String? {
        guard let day = DayNumber(rawValue: month * 100 + 1).iso else { return nil }
        return String(day.dropLast(3))
    }
}
