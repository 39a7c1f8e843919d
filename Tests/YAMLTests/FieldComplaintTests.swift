internal import Testing
internal import YAML

@Suite("Refused fields")
struct FieldComplaintTests {
    @Test("a wrong field says what was expected and what was found", arguments: cases)
    func wording(_ expected: Complaint) {
        let complaint = complaint(expected.text)
        #expect(complaint == expected.expected, "\(complaint)")
    }

    /// Reads a mapping with one key of every kind.
    private func complaint(_ text: String) -> String {
        var bag = DiagnosticBag()
        do throws(YAMLErrors) {
            let node = try tree(text)
            FieldReader.read(node, context: "stage x", into: &bag) { reader in
                _ = reader.optionalString("string")
                _ = reader.optionalInteger("integer", in: 1...10)
                _ = reader.optionalDouble("double", in: 0...1)
                _ = reader.optionalBool("bool")
                _ = reader.optionalRange("range", in: 1...1_000)
                _ = reader.quantity("quantity", unit: "words", in: 1...100, default: 5)
                _ = reader.choice("choice", of: ["text", "jsonl", "csv"], default: "text")
                _ = reader.optionalStrings("strings")
                _ = reader.optionalNodes("nodes")
                reader.optionalMapping("mapping") { _ = $0.bool("inside", default: true) }
            }
        } catch {
            bag.add(error)
        }
        return bag.sorted().map { $0.rendered() }.joined(separator: "\n")
    }

    static let cases = [
        Complaint(
            "text where a list or mapping is",
            "string: [a]\n",
            """
            p.yaml:1:9: error: "string" must be a string, not a list [pipeline.type]
              1 | string: [a]
                |         ^~~
              hint: write a string
            """
        ),
        Complaint(
            "nothing where text is required",
            "string:\n",
            """
            p.yaml:1:8: error: "string" must be a string, not nothing [pipeline.type]
              1 | string:
                |        ^
              hint: give a value, or remove the key
            """
        ),
        Complaint(
            "the word null as text",
            "string: null\n",
            """
            p.yaml:1:9: error: "string" must be a string, not null [pipeline.type]
              1 | string: null
                |         ^~~~
              hint: quote it if the word is meant
            """
        ),
        Complaint(
            "an integer that is too large",
            "integer: 11\n",
            """
            p.yaml:1:10: error: "integer" must be an integer from 1 to 10, not the integer 11 [pipeline.out-of-range]
              1 | integer: 11
                |          ^~
              hint: choose a value within these bounds
            """
        ),
        Complaint(
            "an integer that is a fraction",
            "integer: 5.0\n",
            """
            p.yaml:1:10: error: "integer" must be an integer from 1 to 10, not the number 5.0 [pipeline.type]
              1 | integer: 5.0
                |          ^~~
              hint: write 5
            """
        ),
        Complaint(
            "an integer with separators",
            "integer: 1_000\n",
            """
            p.yaml:1:10: error: "integer" must be an integer from 1 to 10, not the string "1_000" [pipeline.type]
              1 | integer: 1_000
                |          ^~~~~
              hint: write 1000, without separators
            """
        ),
        Complaint(
            "an integer in quotes",
            "integer: \"5\"\n",
            """
            p.yaml:1:10: error: "integer" must be an integer from 1 to 10, not the string "5" [pipeline.type]
              1 | integer: "5"
                |          ^~~
              hint: write 5 without quotes
            """
        ),
        Complaint(
            "an integer that is a list",
            "integer: [5]\n",
            """
            p.yaml:1:10: error: "integer" must be an integer from 1 to 10, not a list [pipeline.type]
              1 | integer: [5]
                |          ^~~
              hint: write an integer from 1 to 10
            """
        ),
        Complaint(
            "a number that is a word",
            "double: high\n",
            """
            p.yaml:1:9: error: "double" must be a number from 0 to 1, not the string "high" [pipeline.type]
              1 | double: high
                |         ^~~~
              hint: write a number
            """
        ),
        Complaint(
            "a number in per cent",
            "double: 80%\n",
            """
            p.yaml:1:9: error: "double" must be a number from 0 to 1, not the string "80%" [pipeline.type]
              1 | double: 80%
                |         ^~~
              hint: write 0.8
            """
        ),
        Complaint(
            "a number out of range",
            "double: 1.5\n",
            """
            p.yaml:1:9: error: "double" must be a number from 0 to 1, not the number 1.5 [pipeline.out-of-range]
              1 | double: 1.5
                |         ^~~
              hint: choose a value within these bounds
            """
        ),
        Complaint(
            "a number that is none",
            "double: .nan\n",
            """
            p.yaml:1:9: error: "double" must be a number from 0 to 1, not the number .nan [pipeline.out-of-range]
              1 | double: .nan
                |         ^~~~
              hint: choose a value within these bounds
            """
        ),
        Complaint(
            "a boolean of YAML 1.1",
            "bool: yes\n",
            """
            p.yaml:1:7: error: "bool" must be true or false, not the string "yes" [pipeline.type]
              1 | bool: yes
                |       ^~~
              hint: write true
            """
        ),
        Complaint(
            "a boolean in quotes",
            "bool: \"true\"\n",
            """
            p.yaml:1:7: error: "bool" must be true or false, not the string "true" [pipeline.type]
              1 | bool: "true"
                |       ^~~~~~
              hint: write true without quotes
            """
        ),
        Complaint(
            "a range that is a number",
            "range: 20\n",
            """
            p.yaml:1:8: error: "range" must be a range of integers from 1 to 1000, not the integer 20 [pipeline.type]
              1 | range: 20
                |        ^~
              hint: write "20.." for at least 20, "..20" for at most
            """
        ),
        Complaint(
            "a range that goes down",
            "range: 20..10\n",
            """
            p.yaml:1:8: error: "range" must be a range of integers from 1 to 1000, not the string "20..10" [pipeline.out-of-range]
              1 | range: 20..10
                |        ^~~~~~
              hint: the first number must not exceed the second
            """
        ),
        Complaint(
            "a range with three dots",
            "range: 20...100\n",
            """
            p.yaml:1:8: error: "range" must be a range of integers from 1 to 1000, not the string "20...100" [pipeline.type]
              1 | range: 20...100
                |        ^~~~~~~~
              hint: write two dots
            """
        ),
        Complaint(
            "a range without ends",
            "range: ..\n",
            """
            p.yaml:1:8: error: "range" must be a range of integers from 1 to 1000, not the string ".." [pipeline.type]
              1 | range: ..
                |        ^~
              hint: give at least one end
            """
        ),
        Complaint(
            "a range out of bounds",
            "range: 5..2000\n",
            """
            p.yaml:1:8: error: "range" must be a range of integers from 1 to 1000, not the string "5..2000" [pipeline.out-of-range]
              1 | range: 5..2000
                |        ^~~~~~~
              hint: choose a value within these bounds
            """
        ),
        Complaint(
            "a quantity without a unit",
            "quantity: 5\n",
            """
            p.yaml:1:11: error: "quantity" must be a number of words from 1 to 100, not the integer 5 [pipeline.type]
              1 | quantity: 5
                |           ^
              hint: write "5 words"
            """
        ),
        Complaint(
            "a quantity with another unit",
            "quantity: 5 wrods\n",
            """
            p.yaml:1:11: error: "quantity" must be a number of words from 1 to 100, not the string "5 wrods" [pipeline.choice]
              1 | quantity: 5 wrods
                |           ^~~~~~~
              hint: did you mean "5 words"?
            """
        ),
        Complaint(
            "a quantity out of range",
            "quantity: 500 words\n",
            """
            p.yaml:1:11: error: "quantity" must be a number of words from 1 to 100, not the string "500 words" [pipeline.out-of-range]
              1 | quantity: 500 words
                |           ^~~~~~~~~
              hint: choose a value within these bounds
            """
        ),
        Complaint(
            "a word that is no choice",
            "choice: jsnol\n",
            """
            p.yaml:1:9: error: "choice" must be "text", "jsonl" or "csv", not the string "jsnol" [pipeline.choice]
              1 | choice: jsnol
                |         ^~~~~
              hint: did you mean "jsonl"?
            """
        ),
        Complaint(
            "a list with a wrong item",
            "strings: [a, [b], ~]\n",
            """
            p.yaml:1:14: error: item 2 of "strings" must be a string, not a list [pipeline.type]
              1 | strings: [a, [b], ~]
                |              ^~~
              hint: write a string
            p.yaml:1:19: error: item 3 of "strings" must be a string, not null [pipeline.type]
              1 | strings: [a, [b], ~]
                |                   ^
              hint: quote it if the word is meant
            """
        ),
        Complaint(
            "nothing where a list is",
            "strings:\n",
            """
            p.yaml:1:9: error: "strings" must be a string or a list, not nothing [pipeline.type]
              1 | strings:
                |         ^
              hint: write [] for an empty list, or remove the key
            """
        ),
        Complaint(
            "a word where items are",
            "nodes: x\n",
            """
            p.yaml:1:8: error: "nodes" must be a list, not the string "x" [pipeline.type]
              1 | nodes: x
                |        ^
              hint: begin each item with "- "
            """
        ),
        Complaint(
            "a word where a mapping is",
            "mapping: x\n",
            """
            p.yaml:1:10: error: "mapping" of stage x must be a mapping, not the string "x" [pipeline.type]
              1 | mapping: x
                |          ^
              hint: write it as "key: value" lines
            """
        ),
        Complaint(
            "unknown keys, near and far",
            "mapping: {insid: 1, zzz: 2}\n\"\\e[31m\": 3\n",
            """
            p.yaml:1:11: error: unknown key "insid" in "mapping" of stage x [pipeline.unknown-key]
              1 | mapping: {insid: 1, zzz: 2}
                |           ^~~~~
              hint: did you mean "inside"?
            p.yaml:1:21: error: unknown key "zzz" in "mapping" of stage x [pipeline.unknown-key]
              1 | mapping: {insid: 1, zzz: 2}
                |                     ^~~
              hint: the keys are "inside"
            p.yaml:2:1: error: unknown key "\\u{1B}[31m" in stage x [pipeline.unknown-key]
              2 | "\\e[31m": 3
                | ^~~~~~~~
              hint: the keys are "string", "integer", "double", "bool", "range", "quantity", "choice", "strings", "nodes", "mapping"
            """
        ),
        Complaint(
            "several mistakes at once",
            "double: x\ninteger: y\nunknwon: 1\nbool: z\n",
            """
            p.yaml:1:9: error: "double" must be a number from 0 to 1, not the string "x" [pipeline.type]
              1 | double: x
                |         ^
              hint: write a number
            p.yaml:2:10: error: "integer" must be an integer from 1 to 10, not the string "y" [pipeline.type]
              2 | integer: y
                |          ^
              hint: write a whole number
            p.yaml:3:1: error: unknown key "unknwon" in stage x [pipeline.unknown-key]
              3 | unknwon: 1
                | ^~~~~~~
              hint: the keys are "string", "integer", "double", "bool", "range", "quantity", "choice", "strings", "nodes", "mapping"
            p.yaml:4:7: error: "bool" must be true or false, not the string "z" [pipeline.type]
              4 | bool: z
                |       ^
              hint: write true or false
            """
        ),
    ]
}
