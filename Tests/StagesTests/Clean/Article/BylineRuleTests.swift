import Bytes
import Events
import Testing

@testable import Stages

@Suite("Rule: byline")
struct BylineRuleTests {
    @Test(
        "a byline is taken without its label",
        arguments: [
            ("By Staff Reporter", "Staff Reporter"),
            ("By Jane Doe", "Jane Doe"),
            ("BY JANE DOE", "JANE DOE"),
            ("By Jane Doe, Reuters", "Jane Doe, Reuters"),
            ("By Jane Doe and John Roe", "Jane Doe and John Roe"),
            (
                "By JANE DOE, JOHN ROE and J. R. R. TOLKIEN",
                "JANE DOE, JOHN ROE and J. R. R. TOLKIEN"
            ),
            ("By Ludwig van Beethoven", "Ludwig van Beethoven"),
            ("By Jean-Claude O'Neil Jr.", "Jean-Claude O'Neil Jr."),
            ("By Jane Doe, staff writer", "Jane Doe, staff writer"),
            ("By Jane Doe, special to the paper", "Jane Doe, special to the paper"),
            ("By Jane Doe in Moscow", "Jane Doe in Moscow"),
            ("By Jane Doe | The Associated Press", "Jane Doe | The Associated Press"),
            ("By Reuters", "Reuters"),
            ("By Our Correspondent", "Our Correspondent"),
            ("By our own correspondent", "our own correspondent"),
            ("Written by Jane Doe", "Jane Doe"),
            ("Author: Jane Doe", "Jane Doe"),
            ("By Émile Zola", "Émile Zola"),
        ]
    )
    func taken(line: String, byline: String) {
        #expect(take(.byline, line)?.byline == byline)
    }

    @Test("a date behind the byline is the date of publication")
    func date() {
        let fields = take(.byline, "By Jane Doe, November 21, 2017")
        #expect(fields?.byline == "Jane Doe")
        #expect(fields?.dateline == "November 21, 2017")
        #expect(fields?.published?.description == "2017-11-21")
    }

    @Test(
        "prose and headings that begin with By stay",
        arguments: [
            "By Monday, the army had taken the town.",
            "By Monday the army had taken Raqqa",
            "By Air, Land and Sea",
            "By the Book",
            "By invitation of the President, the delegation visited Moscow",
            "By Executive Order, the President appointed Jane Doe to the board of the agency today",
            "By",
            "By ",
            "Bystanders Saw Smoke",
            "Jane Doe",
        ]
    )
    func left(line: String) {
        #expect(take(.byline, line) == nil)
    }
}
