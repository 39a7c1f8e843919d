import Events
import Testing

@testable import Stages

@Suite("Rule: agency")
struct AgencyRuleTests {
    @Test(
        "the source is taken without its label",
        arguments: [
            ("SOURCE:TRTWorld and agencies", "TRTWorld and agencies"),
            ("Source: AP", "AP"),
            ("Sources: AP, Reuters", "AP, Reuters"),
            ("Source : Xinhua", "Xinhua"),
            ("(Reuters)", "Reuters"),
            ("— AFP", "AFP"),
            ("Agencies", "Agencies"),
            ("With inputs from agencies", "agencies"),
            ("(With agency inputs)", "With agency inputs"),
        ]
    )
    func taken(line: String, agency: String) {
        #expect(take(.agency, line, at: .foot)?.agency == agency)
    }

    @Test(
        "prose stays",
        arguments: [
            "Sources close to the Kremlin said so",
            "Source: the ministry did not say where it had got the figures from, he added.",
            "Source:",
            "Agencies must report by Friday",
            "With Putin",
            "Moscow",
        ]
    )
    func left(line: String) {
        #expect(take(.agency, line, at: .foot) == nil)
    }
}
