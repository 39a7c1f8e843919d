internal import Testing

@Suite("Refused trees")
struct TreeComplaintTests {
    @Test("what is refused is said with its place", arguments: cases)
    func wording(_ expected: Complaint) {
        let complaint = complaint(expected.text)
        #expect(complaint == expected.expected, "\(complaint)")
    }

    static let cases = [
        Complaint(
            "duplicate keys, all of them",
            "a: 1\nb: 2\na: 3\n\"b\": 4\n",
            """
            p.yaml:3:1: error: the key "a" is there twice [yaml.duplicate-key]
              3 | a: 3
                | ^
              hint: remove one of the two, or rename it
            p.yaml:1:1: note: it is here first
              1 | a: 1
                | ^
            p.yaml:4:1: error: the key "b" is there twice [yaml.duplicate-key]
              4 | "b": 4
                | ^~~
              hint: remove one of the two, or rename it
            p.yaml:2:1: note: it is here first
              2 | b: 2
                | ^
            """
        ),
        Complaint(
            "keys that are no words",
            "{[a]: 1, ? : 2, <<: 3}\n",
            """
            p.yaml:1:2: error: a key must be a word, not a list [yaml.key-not-scalar]
              1 | {[a]: 1, ? : 2, <<: 3}
                |  ^~~
              hint: quote the key if brackets or braces are part of it
            p.yaml:1:12: error: there is no key before the ":" [yaml.key-empty]
              1 | {[a]: 1, ? : 2, <<: 3}
                |            ^
              hint: write the key, or quote the value if it begins with ":"
            p.yaml:1:17: error: merge keys (<<) are not supported [yaml.merge-key]
              1 | {[a]: 1, ? : 2, <<: 3}
                |                 ^~
              hint: repeat the keys, or alias the mapping as a whole (key: *name)
            """
        ),
        Complaint(
            "an alias without an anchor",
            "a: &foo 1\nb: *fo\nc: *qqq\n",
            """
            p.yaml:2:4: error: the alias *fo has no anchor &fo [yaml.alias]
              2 | b: *fo
                |    ^~~
              hint: did you mean *foo?
            p.yaml:3:4: error: the alias *qqq has no anchor &qqq [yaml.alias]
              3 | c: *qqq
                |    ^~~~
              hint: quote it if no alias is meant; or write &qqq before a value further up
            """
        ),
        Complaint(
            "an alias inside its own value",
            "c: &x [*x]\n",
            """
            p.yaml:1:8: error: the alias *x is inside the value it stands for [yaml.alias]
              1 | c: &x [*x]
                |        ^~
              hint: a value cannot contain itself
            """
        ),
        Complaint(
            "tags that nobody implements",
            "a: !foo 1\nb: !!binary x\nc: !!map 1\nd: !!set {}\n",
            """
            p.yaml:1:4: error: the tag !foo is not supported on a scalar [yaml.tag]
              1 | a: !foo 1
                |    ^~~~~~
              hint: remove the tag; quotes make a text of anything
            p.yaml:2:4: error: the tag !!binary is not supported on a scalar [yaml.tag]
              2 | b: !!binary x
                |    ^~~~~~~~~~
              hint: remove the tag; quotes make a text of anything
            p.yaml:3:4: error: the tag !!map is not supported on a scalar [yaml.tag]
              3 | c: !!map 1
                |    ^~~~~~~
              hint: remove the tag; quotes make a text of anything
            p.yaml:4:4: error: the tag !!set is not supported on a mapping [yaml.tag]
              4 | d: !!set {}
                |    ^~~~~~~
              hint: remove the tag; quotes make a text of anything
            """
        ),
        Complaint(
            "a second document",
            "a: 1\n---\nb: 2\n",
            """
            p.yaml:2:1: error: a second document begins here [yaml.multiple-documents]
              2 | ---
                | ^~~
              hint: put it into a file of its own, or remove the line "---" or "..."
            """
        ),
        Complaint(
            "a NUL by an escape",
            "d: \"x\\0y\"\n",
            """
            p.yaml:1:4: error: the text holds a NUL (\\0) [yaml.nul]
              1 | d: "x\\0y"
                |    ^~~~~~
              hint: remove the escape
            """
        ),
        Complaint(
            "duplicates and a syntax error",
            "a: 1\na: 2\nb: ]\n",
            """
            p.yaml:2:1: error: the key "a" is there twice [yaml.duplicate-key]
              2 | a: 2
                | ^
              hint: remove one of the two, or rename it
            p.yaml:1:1: note: it is here first
              1 | a: 1
                | ^
            p.yaml:3:4: error: a value was expected here, not "]" [yaml.syntax]
              3 | b: ]
                |    ^
              hint: give the value, or close what is open
            """
        ),
        Complaint(
            "several control characters",
            "a: b\u{0}c\nd: \u{1B}[31mred\u{7F}\n",
            """
            p.yaml:1:5: error: the file holds a NUL [yaml.nul]
              1 | a: b\\u{0}c
                |     ^~~~~
              hint: check that the file is text, and remove it
            p.yaml:2:4: error: the character \\u{1B} is not allowed [yaml.control-character]
              2 | d: \\u{1B}[31mred\\u{7F}
                |    ^~~~~~
              hint: remove it, or write it as an escape in double quotes
            p.yaml:2:12: error: the character \\u{7F} is not allowed [yaml.control-character]
              2 | d: \\u{1B}[31mred\\u{7F}
                |                 ^~~~~~
              hint: remove it, or write it as an escape in double quotes
            """
        ),
    ]
}
