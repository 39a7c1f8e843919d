import Testing

@testable import Stages

@Suite("Rule: page residue")
struct ResidueRuleTests {
    @Test(
        "what belongs to the page is taken",
        arguments: [
            "Comments", "COMMENTS", "12 comments", "Comments (3)", "Advertisement", "Share this",
            "Share this article", "Read more", "Read more: Putin in Sochi", "Related articles:",
            "Follow us on Twitter and Facebook", "Follow Jane Doe on Twitter",
            "Sign up for our daily newsletter to get the latest news in your inbox.",
            "© 2020 The Daily News. All rights reserved. This material may not be published.",
            "(c) 2020 The Daily News", "Copyright 2020 The Daily News",
            "This story has been updated to correct the spelling of a name.",
            "This article was originally published in The Daily News.",
            "Our Standards: the trust principles. Reporting by Jane Doe; editing by John Roe.",
            "Click here to subscribe", "Contact the newsroom with tips and corrections.",
            "Already a subscriber? Log in here.", "Download our free app", "Back to top",
        ]
    )
    func taken(line: String) {
        #expect(take(.residue, line, at: .foot) != nil)
    }

    @Test(
        "prose stays",
        arguments: [
            "Comments by the minister caused a stir.",
            "He shared this with the president.",
            "Share prices fell in Moscow on Tuesday.",
            "Follow the money, he said.",
            "Sign up now or lose your place, the army told recruits.",
            "This story has been told many times.",
            "Reading the treaty took an hour.",
            "Copyright law was discussed in Geneva.",
            "Join forces, he told the allies.",
            "Related to the Kremlin by marriage, he knew them all.",
            "12 comments were made.",
        ]
    )
    func left(line: String) {
        #expect(take(.residue, line, at: .foot) == nil)
    }
}
