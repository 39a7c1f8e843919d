import Events
import Testing

@testable import Stages

@Suite("Rule: reporting credit")
struct ReportingRuleTests {
    @Test(
        "a credit at the foot is taken; who reported is the byline where there is none",
        arguments: [
            ("Reporting by Jane Doe; editing by John Roe", "Jane Doe"),
            ("(Reporting by Jane Doe in Moscow and John Roe; Editing by Max Moe)", "Jane Doe"),
            ("Additional reporting by Jane Doe in Minsk. Contact the newsroom with tips.", nil),
            ("Writing by Jane Doe", nil),
            ("(Editing by Jane Doe)", nil),
            ("Jane Doe in Moscow contributed to this report.", nil),
        ] as [(String, String?)]
    )
    func taken(line: String, byline: String?) {
        let fields = take(.reporting, line, at: .foot)
        #expect(fields != nil)
        #expect(fields?.byline == byline)
    }

    @Test(
        "prose stays",
        arguments: [
            "Reporting by journalists was restricted.",
            "Reporting by Jane Doe was cited as evidence in the court",
            "Editing by hand takes time",
            "The two contributed to the talks.",
        ]
    )
    func left(line: String) {
        #expect(take(.reporting, line, at: .foot) == nil)
    }

    @Test("at the head it is no credit")
    func head() {
        #expect(take(.reporting, "Reporting by Jane Doe; editing by John Roe") == nil)
    }
}
