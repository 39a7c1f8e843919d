internal import Testing

@Suite("Excerpts")
struct ExcerptTests {
    @Test("an excerpt can be read and does nothing else", arguments: cases)
    func wording(_ expected: Complaint) {
        let complaint = complaint(expected.text)
        #expect(complaint == expected.expected, "\(complaint)")
    }

    private static let words = String(repeating: "word, ", count: 40)
    private static let long = String(repeating: "x", count: 120)
    private static let half = String(repeating: "x", count: 50)
    private static let comments = String(repeating: "#\n", count: 9)

    static let cases = [
        Complaint(
            "control and bidirectional characters are written out",
            "a: 1 # \u{202E}evil \u{200B}\u{2028}\na: 2 # \u{202E}evil \u{200B}\u{2028}\n",
            """
            p.yaml:2:1: error: the key "a" is there twice [yaml.duplicate-key]
              2 | a: 2 # \\u{202E}evil \\u{200B}\\u{2028}
                | ^
              hint: remove one of the two, or rename it
            p.yaml:1:1: note: it is here first
              1 | a: 1 # \\u{202E}evil \\u{200B}\\u{2028}
                | ^
            """
        ),
        Complaint(
            "wide and combining characters move the caret",
            "{日本: 1, e\u{301}: 2, 日本: 3}\n",
            """
            p.yaml:1:16: error: the key "日本" is there twice [yaml.duplicate-key]
              1 | {日本: 1, e\u{301}: 2, 日本: 3}
                |                 ^~~~
              hint: remove one of the two, or rename it
            p.yaml:1:2: note: it is here first
              1 | {日本: 1, e\u{301}: 2, 日本: 3}
                |  ^~~~
            """
        ),
        Complaint(
            "tabs are four cells",
            "a: {x: 1,\tx: 2}\n",
            """
            p.yaml:1:11: error: the key "x" is there twice [yaml.duplicate-key]
              1 | a: {x: 1,    x: 2}
                |              ^
              hint: remove one of the two, or rename it
            p.yaml:1:5: note: it is here first
              1 | a: {x: 1,    x: 2}
                |     ^
            """
        ),
        Complaint(
            "a long line is clipped around the caret",
            "a: [\(words){k: 1, k: 2}, \(words)]\n",
            """
            p.yaml:1:252: error: the key "k" is there twice [yaml.duplicate-key]
              1 | …ord, word, word, word, word, word, word, word, word, {k: 1, k: 2}, word, word, word, word, word, wo…
                |                                                              ^
              hint: remove one of the two, or rename it
            p.yaml:1:246: note: it is here first
              1 | …ord, word, word, word, word, word, word, word, word, word, {k: 1, k: 2}, word, word, word, word, wo…
                |                                                              ^
            """
        ),
        Complaint(
            "a long key is underlined up to the edge",
            "k: {\(long): 1, \(long): 2}\n",
            """
            p.yaml:1:130: error: the key "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…" is there twice [yaml.duplicate-key]
              1 | …xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx: 1, xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…
                |                                                              ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
              hint: remove one of the two, or rename it
            p.yaml:1:5: note: it is here first
              1 | k: {xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…
                |     ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
            """
        ),
        Complaint(
            "a wrong value over several lines has one caret",
            "? [a,\n   b]\n: 1\n",
            """
            p.yaml:1:3: error: a key must be a word, not a list [yaml.key-not-scalar]
              1 | ? [a,
                |   ^
              hint: quote the key if brackets or braces are part of it
            """
        ),
        Complaint(
            "a name in a message is escaped and clipped",
            "{\"\\e[31m\(half)\": 1, \"\\e[31m\(half)\": 2}\n",
            """
            p.yaml:1:65: error: the key "\\u{1B}[31mxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…" is there twice [yaml.duplicate-key]
              1 | …[31mxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": 1, "\\e[31mxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…
                |                                                              ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
              hint: remove one of the two, or rename it
            p.yaml:1:2: note: it is here first
              1 | {"\\e[31mxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": 1, "\\e[31mxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…
                |  ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
            """
        ),
        Complaint(
            "line numbers widen the margin",
            "\(comments)a: 1\na: 2\n",
            """
            p.yaml:11:1: error: the key "a" is there twice [yaml.duplicate-key]
              11 | a: 2
                 | ^
              hint: remove one of the two, or rename it
            p.yaml:10:1: note: it is here first
              10 | a: 1
                 | ^
            """
        ),
    ]
}
