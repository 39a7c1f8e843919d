import Bytes
import Events
import Testing

@testable import Stages

/// The two files of the quick start, read from the repository's `seeds` folder.
@Suite("The seeds")
struct SeedTests {
    private func seed(_ name: String) throws -> Cleaned {
        var folder = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        folder.removeLast(4)
        let path = (folder + ["seeds", Substring(name)]).joined(separator: "/")
        return try clean(try #require(TestFile.bytes(path)))
    }

    @Test("the first seed's head and foot are in their fields and not in the body")
    func first() throws {
        let cleaned = try seed("000_10f30bd3e028bb83.txt")
        #expect(cleaned.fields.title == "Putin informs Trump about talks with Assad")
        #expect(
            cleaned.fields.caption
                == "US President Donald Trump meets Russian President Vladimir Putin at the G20 "
                + "Summit, Friday, July 7, 2017, in Hamburg."
        )
        #expect(cleaned.fields.credit == "TRTWorld")
        #expect(cleaned.fields.byline == "Staff Reporter")
        #expect(cleaned.fields.dateline == "November 21, 2017")
        #expect(cleaned.fields.published == CalendarDate(year: 2017, month: 11, day: 21))
        #expect(cleaned.fields.agency == "TRTWorld and agencies")
        #expect(cleaned.fields.tags == [])
        #expect(cleaned.body.hasPrefix("Trump and Putin spoke by telephone for about an hour"))
        #expect(
            cleaned.body.hasSuffix(
                "The two leaders also discussed the Syrian issue, according to RIA."
            )
        )
        for gone in ["Putin informs", "Hamburg", "Staff Reporter", "November 21, 2017", "SOURCE"] {
            #expect(!cleaned.body.contains(gone))
        }
        #expect(cleaned.body.contains("\n\nSurprise summit in Sochi\n\n"))
        #expect(
            cleaned.body.contains(
                "\n\nPutin talks to Saudi Arabia's King Salman over telephone\n\n"
            )
        )
    }

    @Test("the second seed's tag line and page residue are gone, its date is unknown")
    func second() throws {
        let cleaned = try seed("004_9a6bd1c016e6402e.txt")
        #expect(cleaned.fields.title == "Kremlin: Putin and Trump want to meet at G20 summit")
        #expect(
            cleaned.fields.tags == ["Russia", "Putin", "USA", "Trump", "meeting", "G20", "Syria"]
        )
        #expect(cleaned.fields.published == nil)
        #expect(cleaned.fields.byline == nil)
        #expect(cleaned.removed(by: "residue") == ["Comments"])
        #expect(cleaned.body.hasPrefix("The Presidents of Russia and the United States"))
        #expect(cleaned.body.hasSuffix("the terrorist attack in St. Petersburg."))
    }
}
