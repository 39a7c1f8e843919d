import Bytes
import Events
import Testing

@testable import Stages

@Suite("Rule: date line")
struct DateRuleTests {
    @Test(
        "a line that is a date gives the day of publication",
        arguments: [
            ("November 21, 2017", "2017-11-21"),
            ("Tuesday, November 21, 2017", "2017-11-21"),
            ("Nov. 21, 2017", "2017-11-21"),
            ("21 Nov 2017", "2017-11-21"),
            ("21st of November 2017", "2017-11-21"),
            ("Tue 21 Nov. 2017", "2017-11-21"),
            ("21-Nov-2017", "2017-11-21"),
            ("2017-11-21", "2017-11-21"),
            ("2017-11-21T10:04:00Z", "2017-11-21"),
            ("2017-11-21 10:04:33", "2017-11-21"),
            ("2017/11/21", "2017-11-21"),
            ("21.11.2017", "2017-11-21"),
            ("21/11/2017", "2017-11-21"),
            ("11/21/2017", "2017-11-21"),
            ("November 21, 2017, 10:04 p.m. ET", "2017-11-21"),
            ("Published: 21 November 2017", "2017-11-21"),
            ("Published 14:05 GMT, 21 November 2017", "2017-11-21"),
            ("Posted on November 21, 2017", "2017-11-21"),
            ("MOSCOW, November 21, 2017", "2017-11-21"),
            ("Published November 21, 2017 | Updated November 22, 2017", "2017-11-21"),
            ("29 February 2016", "2016-02-29"),
        ]
    )
    func taken(line: String, day: String) {
        let fields = take(.date, line)
        #expect(fields?.published?.description == day)
        #expect(fields?.dateline == line)
    }

    @Test("a date of an update, and one without a year, is a date line but no day of publication")
    func noDay() {
        #expect(take(.date, "Last updated: November 21, 2017")?.published == nil)
        #expect(take(.date, "Last updated: November 21, 2017")?.dateline != nil)
        #expect(take(.date, "Published Nov 21")?.dateline == "Published Nov 21")
    }

    @Test(
        "other lines stay",
        arguments: [
            "November 21", "Friday", "2017", "30 February 2017", "7/8/2017", "13/13/2017",
            "On November 21, 2017", "November 21, 2017, the day that changed Syria",
            "May 5, 2017 was a Friday.", "The talks of 21 November 2017", "10:04", "",
            "US President Donald Trump meets Vladimir Putin, Friday, July 7, 2017, in Hamburg.",
        ]
    )
    func left(line: String) {
        #expect(take(.date, line) == nil)
    }

    @Test("a date at the foot stays: it may be a signature's")
    func foot() {
        #expect(take(.date, "November 21, 2017", at: .foot) == nil)
    }
}
