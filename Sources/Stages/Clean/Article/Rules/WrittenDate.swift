internal import Bytes

/// A date as news texts write it, in English.
struct WrittenDate {
    /// The day; nil where the year is not written.
    var day: CalendarDate?

    /// Reads `[Tuesday,] November 21, 2017`, `21 Nov. 2017`, `2017-11-21`, `21.11.2017`, and
    /// `Nov 21` without a year.
    ///
    /// `11/21/2017` is read where only one order gives a date; `7/8/2017` is not.
    static func read(_ scanner: inout LineScanner) -> WrittenDate? {
        let start = scanner.index
        skipWeekday(&scanner)
        if let date = monthFirst(&scanner) ?? dayFirst(&scanner) ?? digits(&scanner) {
            return date
        }
        scanner.index = start
        return nil
    }

    /// Steps over a time of day with its zone, such as `10:04 p.m. GMT`.
    static func skipTime(_ scanner: inout LineScanner) -> Bool {
        let start = scanner.index
        guard let hour = scanner.number(digits: 1...2), hour < 25,
            scanner.accept(":") || scanner.accept("."), scanner.number(digits: 2...2) != nil,
            scanner.next != 0x2E
        else {
            scanner.index = start
            return false
        }
        if scanner.accept(":") { _ = scanner.number(digits: 2...2) }
        _ = scanner.accept(anyOf: [" a.m.", " p.m.", " am", " pm", "am", "pm", "z", " hrs"])
        let zone = scanner.index
        scanner.skipSpaces()
        if !scanner.accept(anyOf: zones) { scanner.index = zone }
        return true
    }

    private static func skipWeekday(_ scanner: inout LineScanner) {
        let start = scanner.index
        guard let word = scanner.letters(), weekdays.contains(folded(scanner, word)) else {
            scanner.index = start
            return
        }
        _ = scanner.accept(".")
        _ = scanner.accept(",")
        scanner.skipSpaces()
    }

    /// `November 21, 2017`, `Nov. 21`.
    private static func monthFirst(_ scanner: inout LineScanner) -> WrittenDate? {
        let start = scanner.index
        if let month = month(&scanner), scanner.accept(" "),
            let day = dayOfMonth(&scanner)
        {
            let end = scanner.index
            _ = scanner.accept(",")
            if scanner.accept(" "), let year = year(&scanner) {
                if let date = CalendarDate(year: year, month: month, day: day) {
                    return WrittenDate(day: date)
                }
            } else if day <= CalendarDate.days(in: month, of: 2000) {
                scanner.index = end
                return WrittenDate(day: nil)
            }
        }
        scanner.index = start
        return nil
    }

    /// `21 November 2017`, `21st of Nov`.
    private static func dayFirst(_ scanner: inout LineScanner) -> WrittenDate? {
        let start = scanner.index
        if let day = dayOfMonth(&scanner), scanner.accept(anyOf: [" of ", " ", "-"]),
            let month = month(&scanner)
        {
            let end = scanner.index
            _ = scanner.accept(",")
            if scanner.accept(anyOf: [" ", "-"]), let year = year(&scanner) {
                if let date = CalendarDate(year: year, month: month, day: day) {
                    return WrittenDate(day: date)
                }
            } else if day <= CalendarDate.days(in: month, of: 2000) {
                scanner.index = end
                return WrittenDate(day: nil)
            }
        }
        scanner.index = start
        return nil
    }

    /// `2017-11-21`, `2017/11/21`, `21.11.2017`, `21/11/2017`.
    private static func digits(_ scanner: inout LineScanner) -> WrittenDate? {
        let start = scanner.index
        if let year = year(&scanner), let mark = separator(&scanner),
            let month = scanner.number(digits: 1...2), separator(&scanner) == mark,
            let day = scanner.number(digits: 1...2),
            let date = CalendarDate(year: year, month: month, day: day)
        {
            // The day of an ISO 8601 time.
            if scanner.accept("t") && !skipTime(&scanner) { scanner.index -= 1 }
            return WrittenDate(day: date)
        }
        scanner.index = start
        if let first = scanner.number(digits: 1...2), let mark = separator(&scanner),
            let second = scanner.number(digits: 1...2), separator(&scanner) == mark,
            let year = year(&scanner)
        {
            let dayFirst = CalendarDate(year: year, month: second, day: first)
            let monthFirst = CalendarDate(year: year, month: first, day: second)
            let isCertain =
                mark == 0x2E || (dayFirst == nil) != (monthFirst == nil)
                || first == second
            let date = mark == 0x2E ? dayFirst : dayFirst ?? monthFirst
            if isCertain, let date { return WrittenDate(day: date) }
        }
        scanner.index = start
        return nil
    }

    private static func separator(_ scanner: inout LineScanner) -> UInt8? {
        let byte = scanner.next
        guard byte == 0x2D || byte == 0x2F || byte == 0x2E else { return nil }
        scanner.index += 1
        return byte
    }

    private static func year(_ scanner: inout LineScanner) -> Int? {
        let start = scanner.index
        if let year = scanner.number(digits: 4...4), years.contains(year) { return year }
        scanner.index = start
        return nil
    }

    private static func dayOfMonth(_ scanner: inout LineScanner) -> Int? {
        let start = scanner.index
        guard let day = scanner.number(digits: 1...2), (1...31).contains(day) else {
            scanner.index = start
            return nil
        }
        _ = scanner.accept(anyOf: ["st", "nd", "rd", "th"])
        return day
    }

    private static func month(_ scanner: inout LineScanner) -> Int? {
        let start = scanner.index
        guard let word = scanner.letters(), let month = months[folded(scanner, word)] else {
            scanner.index = start
            return nil
        }
        _ = scanner.accept(".")
        return month
    }

    private static func folded(_ scanner: LineScanner, _ word: Range<Int>) -> String {
        String(decoding: scanner.line.folded[word], as: UTF8.self)
    }

    private static let years = 1500...2199
    private static let weekdays: Set<String> = [
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
        "mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri", "sat", "sun",
    ]
    private static let months: [String: Int] = [
        "january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7,
        "august": 8, "september": 9, "october": 10, "november": 11, "december": 12,
        "jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9,
        "sept": 9, "oct": 10, "nov": 11, "dec": 12,
    ]
    private static let zones = [
        "gmt+", "utc+", "gmt", "utc", "est", "edt", "et", "cst", "cdt", "pst", "pdt", "pt",
        "bst", "cet", "cest", "msk", "ist", "jst", "local time", "moscow time", "+",
    ]
}
