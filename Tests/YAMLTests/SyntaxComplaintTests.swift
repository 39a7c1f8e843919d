internal import Testing

@Suite("Syntax errors")
struct SyntaxComplaintTests {
    @Test("a syntax error says what to repair", arguments: cases)
    func wording(_ expected: Complaint) {
        let complaint = complaint(expected.text)
        #expect(complaint == expected.expected, "\(complaint)")
    }

    static let cases = [
        Complaint(
            "a tab as indentation",
            "a:\n\tb: 1\n",
            """
            p.yaml:2:1: error: a tab cannot be used for indentation [yaml.syntax]
              2 |     b: 1
                | ^
              hint: replace the tab by spaces
            """
        ),
        Complaint(
            "a quote that is never closed",
            "a: \"abc\nb: 1\n",
            """
            p.yaml:1:4: error: the quote that begins here is never closed [yaml.syntax]
              1 | a: "abc
                |    ^
              hint: close the quote
            p.yaml:3:1: note: this is where it was noticed
              3 |
                | ^
            """
        ),
        Complaint(
            "a colon within a value",
            "a: b: c\n",
            """
            p.yaml:1:5: error: a key cannot end here [yaml.syntax]
              1 | a: b: c
                |     ^
              hint: quote a value that contains ": ", and indent keys of one mapping alike
            """
        ),
        Complaint(
            "a key indented less than its siblings",
            "a:\n  b: 1\n c: 2\n",
            """
            p.yaml:3:2: error: a key was expected here, not "c" [yaml.syntax]
              3 |  c: 2
                |  ^
              hint: indent all keys of one mapping by the same number of spaces
            p.yaml:1:1: note: in the mapping that begins here
              1 | a:
                | ^
            """
        ),
        Complaint(
            "a key without a colon",
            "a: 1\nb\nc: 2\n",
            """
            p.yaml:2:1: error: a ":" is missing after this key [yaml.syntax]
              2 | b
                | ^
              hint: write "key: value"; a text of several lines needs "|" or quotes
            p.yaml:3:1: note: this is where it was noticed
              3 | c: 2
                | ^
            """
        ),
        Complaint(
            "a key among list items",
            "a:\n  - 1\n  b: 2\n",
            """
            p.yaml:3:3: error: a list item was expected here, not "b" [yaml.syntax]
              3 |   b: 2
                |   ^
              hint: begin each item with "- " in the same column
            p.yaml:2:3: note: in the list that begins here
              2 |   - 1
                |   ^
            """
        ),
        Complaint(
            "a list in brackets that is not closed",
            "a: [1, 2\nb: 3\n",
            """
            p.yaml:2:2: error: "," or "]" was expected here, not ":" [yaml.syntax]
              2 | b: 3
                |  ^
              hint: close the list with "]"
            p.yaml:1:4: note: in the list that begins here
              1 | a: [1, 2
                |    ^
            """
        ),
        Complaint(
            "a mapping in braces that is not closed",
            "a: {x: 1, y: 2\n",
            """
            p.yaml:2:1: error: "," or "}" was expected here, not the end of the file [yaml.syntax]
              2 |
                | ^
              hint: close the mapping with "}"
            p.yaml:1:4: note: in the mapping that begins here
              1 | a: {x: 1, y: 2
                |    ^
            """
        ),
        Complaint(
            "a value that begins with a reserved character",
            "a: @b\n",
            """
            p.yaml:1:4: error: a value cannot begin with "@" [yaml.syntax]
              1 | a: @b
                |    ^
              hint: quote the value
            """
        ),
        Complaint(
            "a glob that is not quoted",
            "from: *.txt\n",
            """
            p.yaml:1:8: error: the name of an anchor or alias was expected here, not "." [yaml.syntax]
              1 | from: *.txt
                |        ^
              hint: quote a value that begins with "*" or "&"
            p.yaml:1:7: note: in the alias that begins here
              1 | from: *.txt
                |       ^
            """
        ),
        Complaint(
            "a list on the line of its key",
            "a: - 1\n",
            """
            p.yaml:1:4: error: a list cannot begin here [yaml.syntax]
              1 | a: - 1
                |    ^
              hint: begin the list on the next line, or quote the value
            """
        ),
        Complaint(
            "an escape that does not exist",
            "a: \"\\d\"\n",
            """
            p.yaml:1:5: error: there is no such escape [yaml.syntax]
              1 | a: "\\d"
                |     ^
              hint: use single quotes, in which a backslash is only a backslash
            p.yaml:1:4: note: in the quoted text that begins here
              1 | a: "\\d"
                |    ^
            """
        ),
        Complaint(
            "a tag handle that does not exist",
            "a: !x!y 1\n",
            """
            p.yaml:1:4: error: the tag is not supported [yaml.syntax]
              1 | a: !x!y 1
                |    ^
              hint: remove the tag, or quote the value
            """
        ),
        Complaint(
            "a substitution in brackets without quotes",
            "a: [${env:DIR}/*.txt]\n",
            """
            p.yaml:1:6: error: ${…} must be quoted within brackets and braces [yaml.syntax]
              1 | a: [${env:DIR}/*.txt]
                |      ^
              hint: write "${…}" in double quotes
            p.yaml:1:4: note: in the list that begins here
              1 | a: [${env:DIR}/*.txt]
                |    ^
            """
        ),
        Complaint(
            "a value that is missing",
            "a: [\n",
            """
            p.yaml:2:1: error: a value was expected here, not the end of the file [yaml.syntax]
              2 |
                | ^
              hint: give the value, or close what is open
            """
        ),
        Complaint(
            "text after the document",
            "[a]\nb\n",
            """
            p.yaml:2:1: error: the document was already complete [yaml.syntax]
              2 | b
                | ^
              hint: indent it as part of what is above, or remove it
            """
        ),
        Complaint(
            "a directive of another version",
            "%YAML 2.0\n---\na: 1\n",
            """
            p.yaml:1:1: error: this directive is not supported [yaml.syntax]
              1 | %YAML 2.0
                | ^
              hint: remove the line that begins with %YAML
            """
        ),
        Complaint(
            "a block header that is wrong",
            "a: |9x\n b\n",
            """
            p.yaml:1:6: error: did not find expected comment or line break [yaml.syntax]
              1 | a: |9x
                |      ^
              hint: check indentation, quotes and brackets around here
            p.yaml:1:4: note: in the text that begins here
              1 | a: |9x
                |    ^
            """
        ),
    ]
}
