import Testing

@testable import Stages

@Suite("HTML entities")
struct EntityTests {
    @Test(
        "named and numbered entities are decoded",
        arguments: [
            ("Trump &amp; Putin", "Trump & Putin"),
            ("&quot;Yes&quot;, &#39;no&#39; &#8217;", "\"Yes\", 'no' ’"),
            ("1 &lt; 2 &gt; 0", "1 < 2 > 0"),
            ("caf&eacute; &Ouml;l &euro;5 &mdash; &hellip;", "café Öl €5 — …"),
            ("a&nbsp;b &nbsp; c&nbsp;", "a b c"),
            ("&#x2014;&#X2014;", "——"),
            ("don&#146;t", "don’t"),
            ("soft&shy;hyphen", "softhyphen"),
            ("one&#10;two", "one\ntwo"),
        ]
    )
    func decoded(text: String, expected: String) throws {
        #expect(try cleanCharacters(text).body == expected)
    }

    @Test(
        "an entity that decoding makes is decoded too, so that a second pass finds none",
        arguments: [
            ("&amp;amp;", "&"), ("&amp;quot;", "\""), ("&am\u{200B}p;", "&"),
            ("&#38;#38;lt;", "<"), ("&amp&#59;", "&"), ("&#59&#59&#59;", ";"),
        ]
    )
    func nested(text: String, expected: String) throws {
        #expect(try cleanCharacters(text).body == expected)
    }

    @Test(
        "what is no entity stays",
        arguments: [
            "AT&T; R&D", "&nosuch;", "&;", "&#;", "&#x;", "&#0;", "&#xD800;", "&#1114112;",
            "& amp;", "&verylongnamethatisnone;", "a;b;c;",
        ]
    )
    func kept(text: String) throws {
        #expect(try cleanCharacters(text).body == text)
    }

    @Test("the Greek question mark ends an entity only where it becomes a semicolon")
    func greekQuestionMark() throws {
        #expect(try cleanCharacters("&lt\u{37E}").body == "<")
        #expect(try cleanCharacters("τι\u{37E}").body == "τι;")
        let kept = try cleanCharacters("&lt\u{37E}", unicode: .none)
        #expect(kept.body.unicodeScalars.last?.value == 0x37E)
    }
}
