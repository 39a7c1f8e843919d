import Events
import Testing

@testable import Stages

/// What is found in a text, as `id: stretch of text` lines in order of id and place.
struct LeaderCase: CustomTestStringConvertible {
    var text: String
    var title: String?
    var date: String?
    var found: [String]
    var open: [String]

    init(
        _ text: String,
        title: String? = nil,
        on date: String? = "2017-11-21",
        _ found: [String],
        open: [String] = []
    ) {
        self.text = text
        self.title = title
        self.date = date
        self.found = found
        self.open = open
    }

    var testDescription: String {
        "\(title.map { "[\($0)] " } ?? "")\(text) (\(date ?? "no date"))"
    }

    func check() throws {
        let document = EnrichFixture.document(text, title: title, date: date)
        let findings = try EnrichFixture.findings(
            EnrichFixture.annotator(leaders: EnrichFixture.leaders),
            document
        )
        let found = findings.annotations.flatMap { annotation in
            annotation.spans.map { "\(annotation.id): \(EnrichFixture.text($0, of: text))" }
                + annotation.titleSpans.map {
                    "\(annotation.id): [\(EnrichFixture.text($0, of: title ?? ""))]"
                }
        }
        #expect(found == self.found)
        #expect(findings.unresolved.map { "\($0.reason): \($0.text)" } == open)
    }
}

@Suite("leaders by name")
struct LeaderNamesTests {
    @Test(
        "full forms, aliases, initials and possessives name their bearer",
        arguments: [
            LeaderCase("Vladimir Putin came.", ["vladimir-putin: Vladimir Putin"]),
            LeaderCase("VLADIMIR PUTIN: Good day.", ["vladimir-putin: VLADIMIR PUTIN"]),
            LeaderCase("V. Putin came.", ["vladimir-putin: V. Putin"]),
            LeaderCase(
                "Putin’s plan, Putin's plan",
                ["vladimir-putin: Putin", "vladimir-putin: Putin"]
            ),
            LeaderCase(
                "Bashar al Assad and Bashar al-Assad",
                ["bashar-al-assad: Bashar al Assad", "bashar-al-assad: Bashar al-Assad"]
            ),
            LeaderCase("Donald John Trump spoke.", ["donald-trump: Donald John Trump"]),
            LeaderCase("He met King Salman.", ["salman-of-saudi-arabia: King Salman"]),
            LeaderCase(
                "Recep Tayyip Erdoğan left.",
                ["recep-tayyip-erdogan: Recep Tayyip Erdoğan"]
            ),
        ]
    )
    func fullForms(_ example: LeaderCase) throws { try example.check() }

    @Test(
        "a name inside a longer name or an exclusion is nobody's",
        arguments: [
            LeaderCase("Michelle Obama spoke.", []),
            LeaderCase("He saw Michelle Obama.", []),
            LeaderCase("Ivan Putin and Lyudmila Putina", []),
            LeaderCase("They live in Trump Tower.", []),
            LeaderCase("Donald Trump Jr. came.", []),
            LeaderCase("Donald Trump, Jr., came.", []),
            LeaderCase("the Vladimir Putin Street", []),
            LeaderCase("the Obama Presidential Center", []),
            LeaderCase("a flight to Clinton, Iowa", []),
            LeaderCase("Washington said no.", []),
            LeaderCase("Kim Yong-nam came.", []),
            LeaderCase("Mrs. Obama came.", []),
            LeaderCase("V. Trump came.", []),
        ]
    )
    func strangers(_ example: LeaderCase) throws { try example.check() }

    @Test(
        "a surname names who was named in full before it, unless somebody else of that name was",
        arguments: [
            LeaderCase(
                "George W. Bush came. Bush spoke.",
                ["george-w-bush: George W. Bush", "george-w-bush: Bush"]
            ),
            LeaderCase(
                "Theresa May came. On Friday May spoke.",
                ["theresa-may: Theresa May", "theresa-may: May"]
            ),
            LeaderCase("Theresa May came in May 2017. May I ask?", ["theresa-may: Theresa May"]),
            LeaderCase(
                "George W. Bush met George H. W. Bush. Then Bush left.",
                ["george-h-w-bush: George H. W. Bush", "george-w-bush: George W. Bush"],
                open: ["ambiguous: Bush"]
            ),
            LeaderCase(
                "Barack Obama came with Michelle Obama. Obama spoke.",
                ["barack-obama: Barack Obama"],
                open: ["ambiguous: Obama"]
            ),
            LeaderCase("He saw Michelle Obama. Obama spoke.", []),
        ]
    )
    func surnames(_ example: LeaderCase) throws { try example.check() }

    @Test(
        "a surname alone names the only one who can be meant on that day",
        arguments: [
            LeaderCase("Bush spoke in Texas.", on: "2005-03-01", []),
            LeaderCase("Ivanov spoke.", on: "2003-05-05", []),
            LeaderCase(
                "When Putin met Medvedev",
                ["dmitry-medvedev: Medvedev", "vladimir-putin: Putin"]
            ),
            LeaderCase(
                "Yesterday Putin and Trump met.",
                ["donald-trump: Trump", "vladimir-putin: Putin"]
            ),
            LeaderCase("Obama spoke.", on: nil, ["barack-obama: Obama"]),
            LeaderCase("Obama spoke.", on: "1999-01-01", []),
            LeaderCase("a brown bush may stand", []),
            LeaderCase("Brown said so.", on: "2008-01-01", []),
        ]
    )
    func byDate(_ example: LeaderCase) throws { try example.check() }

    @Test(
        "an office or a country beside a surname tells who is meant",
        arguments: [
            LeaderCase(
                "President Bush spoke.",
                on: "2005-03-01",
                ["george-w-bush: President Bush"]
            ),
            LeaderCase(
                "President Bush spoke.",
                on: "1990-03-01",
                ["george-h-w-bush: President Bush"]
            ),
            LeaderCase("President Bush spoke.", on: nil, [], open: ["date-unknown: Bush"]),
            LeaderCase("Prime Minister May spoke.", ["theresa-may: Prime Minister May"]),
            LeaderCase("British PM May spoke.", ["theresa-may: British PM May"]),
            LeaderCase(
                "Defence Minister Ivanov left.",
                on: "2003-05-05",
                ["sergei-ivanov: Defence Minister Ivanov"]
            ),
            LeaderCase(
                "Foreign Minister Ivanov left.",
                on: "2003-05-05",
                ["igor-ivanov: Foreign Minister Ivanov"]
            ),
            LeaderCase("Minister Lavrov left.", ["sergei-lavrov: Minister Lavrov"]),
            LeaderCase("Defence Minister Lavrov left.", [], open: ["other-office: Lavrov"]),
            LeaderCase("North Korea's Kim fired.", ["kim-jong-un: Kim"]),
            LeaderCase("North Korean leader Kim fired.", on: "2005-03-01", ["kim-jong-il: Kim"]),
            LeaderCase("Britain's May left.", ["theresa-may: May"]),
            LeaderCase("Ukrainian and Syrian Brown left.", []),
            LeaderCase(
                "former President Bush spoke.",
                on: "2012-01-01",
                [],
                open: ["ambiguous: Bush"]
            ),
            LeaderCase(
                "Presidents Obama and Putin met.",
                on: "2013-01-01",
                ["barack-obama: Obama", "vladimir-putin: Putin"]
            ),
        ]
    )
    func byContext(_ example: LeaderCase) throws { try example.check() }

    @Test(
        "a title's surname resolves by the body, a body's by the title",
        arguments: [
            LeaderCase(
                "Mr Ivanov spoke.",
                title: "Meeting with Sergei Ivanov",
                on: "2003-05-05",
                ["sergei-ivanov: Ivanov", "sergei-ivanov: [Sergei Ivanov]"]
            ),
            LeaderCase(
                "George W. Bush left.",
                title: "Bush leaves",
                ["george-w-bush: George W. Bush", "george-w-bush: [Bush]"]
            ),
            LeaderCase(
                "He met Donald Trump.",
                title: "Putin Meets Trump In Hamburg",
                ["donald-trump: Donald Trump", "donald-trump: [Trump]"]
            ),
            LeaderCase(
                "Nothing.",
                title: "Putin informs Trump about talks",
                ["donald-trump: [Trump]", "vladimir-putin: [Putin]"]
            ),
        ]
    )
    func titles(_ example: LeaderCase) throws { try example.check() }
}
