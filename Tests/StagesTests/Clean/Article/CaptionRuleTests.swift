import Events
import Testing

@testable import Stages

@Suite("Rule: caption and credit")
struct CaptionRuleTests {
    @Test(
        "captions and credits go into their fields",
        arguments: [
            (
                "Trump meets Putin at the G20 Summit, July 7, 2017, in Hamburg. / TRTWorld",
                "Trump meets Putin at the G20 Summit, July 7, 2017, in Hamburg.", "TRTWorld"
            ),
            (
                "Vladimir Putin speaks in Sochi. (AP Photo/Jane Doe)",
                "Vladimir Putin speaks in Sochi.", "AP Photo/Jane Doe"
            ),
            (
                "Vladimir Putin speaks in Sochi [Jane Doe/Reuters]",
                "Vladimir Putin speaks in Sochi", "Jane Doe/Reuters"
            ),
            (
                "Vladimir Putin speaks in Sochi. (Photo by Jane Doe)",
                "Vladimir Putin speaks in Sochi.", "Jane Doe"
            ),
            (
                "Vladimir Putin speaks in Sochi. REUTERS/Jane Doe",
                "Vladimir Putin speaks in Sochi.", "REUTERS/Jane Doe"
            ),
            ("(Photo by Jane Doe)", nil, "Jane Doe"),
            ("Photo: Jane Doe/AP", nil, "Jane Doe/AP"),
            ("Photo by Jane Doe", nil, "Jane Doe"),
            ("Image: Vladimir Putin in the Kremlin / AFP", "Vladimir Putin in the Kremlin", "AFP"),
            ("Image credit: Getty Images", nil, "Getty Images"),
            ("FILE PHOTO: Vladimir Putin speaks in Sochi.", "Vladimir Putin speaks in Sochi.", nil),
            (
                "Photo: Vladimir Putin speaks in Sochi on Monday.",
                "Vladimir Putin speaks in Sochi on Monday.", nil
            ),
            ("Caption: The two presidents", "The two presidents", nil),
            ("REUTERS/Jane Doe", nil, "REUTERS/Jane Doe"),
        ] as [(String, String?, String?)]
    )
    func taken(line: String, caption: String?, credit: String?) {
        let fields = take(.caption, line)
        #expect(fields != nil)
        #expect(fields?.caption == caption)
        #expect(fields?.credit == credit)
        #expect(fields?.published == nil)
    }

    @Test(
        "prose stays",
        arguments: [
            "He read and/or wrote the letters to the president.",
            "The ratio of imports / exports fell by a third this year.",
            "The photo by a passer-by showed the minister in Sochi.",
            "Photo by photo, the archive shows how the city changed.",
            "Photo agencies complained to the Kremlin (and to the White House).",
            "The talks (in Sochi) were long.",
            "Picture this: a summit without leaders",
            "Image matters",
            "He told the agency AFP/Reuters so",
        ]
    )
    func left(line: String) {
        #expect(take(.caption, line) == nil)
    }
}
