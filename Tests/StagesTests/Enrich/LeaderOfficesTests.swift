import Bytes
import Events
import Testing

@testable import Stages

@Suite("leaders by office")
struct LeaderOfficesTests {
    @Test(
        "an office with its country names who holds it on the document's date",
        arguments: [
            LeaderCase("The Russian President spoke.", ["vladimir-putin: Russian President"]),
            LeaderCase(
                "The Russian president spoke.",
                on: "2010-01-01",
                ["dmitry-medvedev: Russian president"]
            ),
            LeaderCase(
                "the President of Russia",
                on: "2008-05-07",
                ["dmitry-medvedev: President of Russia"]
            ),
            LeaderCase("the US president's wife", ["donald-trump: US president"]),
            LeaderCase("the U.S. President said", ["donald-trump: U.S. President"]),
            LeaderCase("Saudi Arabia's King said", ["salman-of-saudi-arabia: Saudi Arabia's King"]),
            LeaderCase(
                "the President of the United States said",
                ["donald-trump: President of the United States"]
            ),
            LeaderCase("the incumbent US president", ["donald-trump: US president"]),
            LeaderCase(
                "the Presidents of Russia and the United States met",
                ["donald-trump: United States", "vladimir-putin: Russia"]
            ),
            LeaderCase(
                "the Russian and Turkish presidents met",
                ["recep-tayyip-erdogan: Turkish", "vladimir-putin: Russian"]
            ),
            LeaderCase(
                "the US president",
                on: "1995-01-01",
                [],
                open: ["nobody-in-office: US president"]
            ),
        ]
    )
    func holders(_ example: LeaderCase) throws { try example.check() }

    @Test(
        "an office of somebody else's, of another day or of no country names nobody",
        arguments: [
            LeaderCase("the leaders of Turkey and Iran", []),
            LeaderCase("the President and the prime minister", []),
            LeaderCase("the former Russian president", []),
            LeaderCase("the then US president", []),
            LeaderCase("an ex-US president", []),
            LeaderCase("Russia's deputy foreign minister", []),
            LeaderCase("the acting Russian president", []),
            LeaderCase("the US vice president", []),
            LeaderCase("Russian President Ivan Petrov spoke.", []),
            LeaderCase("US presidents", []),
            LeaderCase("the president of US carmaker Ford", []),
            LeaderCase("the President of Russia's Chamber of Commerce", []),
            LeaderCase("He was elected President of Russia.", []),
            LeaderCase("his time as Russian foreign minister", []),
            LeaderCase("the US president at that time", []),
            LeaderCase("the first President of Russia", []),
            LeaderCase("the post of President of Russia", []),
            LeaderCase("to run for President of Russia", []),
            LeaderCase("in Russia. President met", []),
        ]
    )
    func nobody(_ example: LeaderCase) throws { try example.check() }

    @Test(
        "without a date an office names the one person of the text who held it, or stays open",
        arguments: [
            LeaderCase(
                "Vladimir Putin came. The Russian president spoke.",
                on: nil,
                ["vladimir-putin: Vladimir Putin", "vladimir-putin: Russian president"]
            ),
            LeaderCase(
                "Vladimir Putin and Dmitry Medvedev. The Russian president spoke.",
                on: nil,
                ["dmitry-medvedev: Dmitry Medvedev", "vladimir-putin: Vladimir Putin"],
                open: ["date-unknown: Russian president"]
            ),
            LeaderCase(
                "the U.S. Secretary of State",
                on: nil,
                [],
                open: ["date-unknown: U.S. Secretary of State"]
            ),
        ]
    )
    func withoutDate(_ example: LeaderCase) throws { try example.check() }

    @Test(
        "an office beside a name is one mention with it",
        arguments: [
            LeaderCase(
                "Russian President Vladimir Putin",
                ["vladimir-putin: Russian President Vladimir Putin"]
            ),
            LeaderCase(
                "President of Russia Vladimir Putin",
                ["vladimir-putin: President of Russia Vladimir Putin"]
            ),
            LeaderCase(
                "Vladimir Putin, the Russian president, left",
                ["vladimir-putin: Vladimir Putin, the Russian president"]
            ),
            LeaderCase(
                "the Russian president, Vladimir Putin, left",
                ["vladimir-putin: Russian president, Vladimir Putin"]
            ),
            LeaderCase(
                "Vladimir Putin, the US president and a clerk",
                ["donald-trump: US president", "vladimir-putin: Vladimir Putin"]
            ),
            LeaderCase(
                "The Presidents of Russia and the United States, Vladimir Putin and Donald Trump, met",
                on: nil,
                ["donald-trump: Donald Trump", "vladimir-putin: Vladimir Putin"]
            ),
        ]
    )
    func apposition(_ example: LeaderCase) throws { try example.check() }

    struct RoleCase: CustomTestStringConvertible {
        var text: String
        var date: String?
        var leader: String
        var role: String?
        var testDescription: String { "\(text) (\(date ?? "no date"))" }
    }

    @Test(
        "the role is that of the day, else the one that the text states",
        arguments: [
            RoleCase(
                text: "Putin",
                date: "2017-11-21",
                leader: "vladimir-putin",
                role: "President of Russia"
            ),
            RoleCase(
                text: "President Putin",
                date: "2010-01-01",
                leader: "vladimir-putin",
                role: "Prime Minister of Russia"
            ),
            RoleCase(text: "Donald Trump", date: "2023-01-01", leader: "donald-trump", role: nil),
            RoleCase(text: "Donald Trump", date: nil, leader: "donald-trump", role: nil),
            RoleCase(
                text: "President Donald Trump",
                date: nil,
                leader: "donald-trump",
                role: "President of the United States"
            ),
            RoleCase(
                text: "former US President Donald Trump",
                date: nil,
                leader: "donald-trump",
                role: nil
            ),
            RoleCase(
                text: "Kim Jong-un",
                date: "2012-01-01",
                leader: "kim-jong-un",
                role: "Supreme Leader of North Korea"
            ),
            RoleCase(
                text:
                    "The Presidents of Russia and the United States, Vladimir Putin and Donald Trump",
                date: nil,
                leader: "donald-trump",
                role: "President of the United States"
            ),
            RoleCase(
                text: "Vladimir Putin rang. The Russian president was glad.",
                date: nil,
                leader: "vladimir-putin",
                role: "President of Russia"
            ),
        ]
    )
    func roles(_ example: RoleCase) throws {
        let document = EnrichFixture.document(example.text, date: example.date)
        let findings = try EnrichFixture.findings(
            EnrichFixture.annotator(leaders: EnrichFixture.leaders),
            document
        )
        let annotation = try #require(findings.annotations.first { $0.id == example.leader })
        #expect(annotation.fields.map(\.key) == ["role", "country"])
        #expect(annotation.fields[0].value.text == example.role)
    }
}
