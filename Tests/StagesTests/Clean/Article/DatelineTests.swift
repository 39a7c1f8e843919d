import Bytes
import Events
import Testing

@testable import Stages

@Suite("Rule: dateline")
struct DatelineTests {
    private static let prose = "Russia and Turkey agreed on a truce on Tuesday, officials said."

    @Test(
        "place, date and agency are split off the first paragraph",
        arguments: [
            ("MOSCOW, Nov 21 (Reuters) - ", "MOSCOW, Nov 21 (Reuters)", "Reuters", nil),
            ("MOSCOW (Reuters) - ", "MOSCOW (Reuters)", "Reuters", nil),
            ("MOSCOW (AP) — ", "MOSCOW (AP)", "AP", nil),
            ("WASHINGTON — ", "WASHINGTON", nil, nil),
            ("NEW YORK — ", "NEW YORK", nil, nil),
            ("PARIS/LONDON - ", "PARIS/LONDON", nil, nil),
            ("ST. PETERSBURG, Russia – ", "ST. PETERSBURG, Russia", nil, nil),
            ("PORT-AU-PRINCE, Haiti (AP) -- ", "PORT-AU-PRINCE, Haiti (AP)", "AP", nil),
            ("WASHINGTON, D.C. — ", "WASHINGTON, D.C.", nil, nil),
            ("Moscow, Nov 21 (Xinhua) -- ", "Moscow, Nov 21 (Xinhua)", "Xinhua", nil),
            (
                "BEIJING, Nov. 21, 2017 (Xinhua) -- ", "BEIJING, Nov. 21, 2017 (Xinhua)", "Xinhua",
                "2017-11-21"
            ),
            ("MOSCOW, November 21. /TASS/. ", "MOSCOW, November 21", "TASS", nil),
            ("(Reuters) - ", "(Reuters)", "Reuters", nil),
            ("KÖLN — ", "KÖLN", nil, nil),
        ] as [(String, String, String?, String?)]
    )
    func taken(opening: String, dateline: String, agency: String?, day: String?) throws {
        let cleaned = try clean("A headline\n\n\(opening)\(Self.prose)")
        #expect(cleaned.body == Self.prose)
        #expect(cleaned.fields.dateline == dateline)
        #expect(cleaned.fields.agency == agency)
        #expect(cleaned.fields.published?.description == day)
    }

    @Test(
        "other openings stay",
        arguments: [
            "NATO — which is an alliance — met in Brussels on Tuesday, officials said.",
            "QUESTION — What did the two presidents discuss on Tuesday in Moscow?",
            "Moscow — The two presidents met on Tuesday in the Kremlin, officials said.",
            "Vladimir Putin - The two presidents met on Tuesday in the Kremlin, he said.",
            "US-backed forces took the town on Tuesday, officials said in Moscow.",
            "I — The president himself said so on Tuesday in the Kremlin.",
            "MOSCOW, a city of millions, — The capital — was quiet on Tuesday night.",
        ]
    )
    func left(prose: String) throws {
        #expect(try clean("A headline\n\n\(prose)").body == prose)
    }

    @Test("a dateline is split off at the head alone")
    func headOnly() throws {
        let text =
            "First paragraph, which is long enough.\n\nSecond paragraph, long enough too.\n\n"
            + "MOSCOW — Third paragraph, also long enough to be prose."
        #expect(try clean(text).body == text)
    }
}
