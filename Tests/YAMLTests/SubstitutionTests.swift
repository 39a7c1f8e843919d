internal import Testing
internal import YAML

@Suite("Environment substitution")
struct SubstitutionTests {
    private let environment = ["NAME": "Ana", "EMPTY": "", "COUNT": "12", "TRICK": "a: [b]"]

    private func substitute(_ text: String) throws -> (node: Node, complaint: String) {
        var bag = DiagnosticBag()
        let node = Substitution.apply(
            to: try tree(text),
            environment: environment,
            into: &bag
        )
        return (node, bag.sorted().map { $0.rendered() }.joined(separator: "\n"))
    }

    @Test(
        "variables, defaults and escapes",
        arguments: [
            ("${env:NAME}", "Ana"), ("x-${env:NAME}-y", "x-Ana-y"),
            ("${env:NAME}${env:COUNT}", "Ana12"), ("${env:UNSET:-none}", "none"),
            ("${env:UNSET:-}", ""), ("${env:EMPTY:-none}", "none"), ("${env:EMPTY}", ""),
            ("${env:NAME:-none}", "Ana"), ("$${env:NAME}", "${env:NAME}"),
            ("a $ b $$ c", "a $ b $$ c"), ("$NAME", "$NAME"), ("$$${env:NAME}", "$${env:NAME}"),
            ("${env:UNSET:-a:b -}", "a:b -"), ("100$", "100$"),
        ]
    )
    func values(_ written: String, _ expected: String) throws {
        let (node, complaint) = try substitute("key: \"\(written)\"\n")
        #expect(node["key"]?.text == expected)
        #expect(complaint == "")
    }

    @Test("a value never changes the structure")
    func structure() throws {
        let (node, _) = try substitute("a: ${env:TRICK}\nb: [\"${env:TRICK}\"]\n")
        #expect(node["a"]?.text == "a: [b]")
        #expect(node["b"]?.sequence?.first?.text == "a: [b]")
    }

    @Test("a plain value has the type it looks like, and an empty one is an empty text")
    func types() throws {
        let (node, _) = try substitute("n: ${env:COUNT}\nq: \"${env:COUNT}\"\ne: ${env:EMPTY}\n")
        #expect(node["n"]?.scalar?.meaning == .integer(12))
        #expect(node["q"]?.scalar?.meaning == .text)
        #expect(node["e"]?.isNull == false)
    }

    @Test("what came from the environment is never shown")
    func secrecy() throws {
        let (node, _) = try substitute("a: ${env:TRICK}\nb: \"${env:COUNT}\"\nc: ${env:COUNT}\n")
        var bag = DiagnosticBag()
        FieldReader.read(node, context: "the file", into: &bag) { reader in
            _ = reader.integer("a")
            _ = reader.integer("b")
            _ = reader.quantity("c", unit: "words")
        }
        #expect(bag.diagnostics.count == 3)
        for diagnostic in bag.diagnostics {
            #expect(!diagnostic.rendered().contains("[b]"))
            #expect(!diagnostic.rendered().contains("12"))
            #expect(diagnostic.found == "a value from the environment")
        }
    }

    @Test("all that is wrong is reported at its place")
    func refused() throws {
        let (_, complaint) = try substitute(
            """
            a: x ${env:NAMES} ${env:QQQ}
            b: [é, "${file:/etc/passwd}"]
            c: ${NAME}
            d: '${env:1X}'
            e: ${env:NAME
            f: ${env:A:-${env:B}}
            ${env:NAME}: 1
            """
        )
        #expect(complaint == Self.refusals)
    }

    private static let refusals = """
        p.yaml:1:6: error: the environment variable NAMES is not set [yaml.env-unset]
          1 | a: x ${env:NAMES} ${env:QQQ}
            |      ^~~~~~~~~~~~
          hint: did you mean NAME?
        p.yaml:1:19: error: the environment variable QQQ is not set [yaml.env-unset]
          1 | a: x ${env:NAMES} ${env:QQQ}
            |                   ^~~~~~~~~~
          hint: set it, or give a default: ${env:QQQ:-default}
        p.yaml:2:9: error: a secret may stand only in the options of a plugin [yaml.secret-place]
          2 | b: [é, "${file:/etc/passwd}"]
            |         ^~~~~~~~~~~~~~~~~~~
          hint: use ${env:NAME} for what is no secret
        p.yaml:3:4: error: "${NAME}" is not a substitution [yaml.substitution]
          3 | c: ${NAME}
            |    ^~~~~~~
          hint: write $${ for a literal ${
        p.yaml:4:5: error: "${env:1X}" is not a substitution [yaml.substitution]
          4 | d: '${env:1X}'
            |     ^~~~~~~~~
          hint: write $${ for a literal ${
        p.yaml:5:4: error: "${env:NAME" is not a substitution [yaml.substitution]
          5 | e: ${env:NAME
            |    ^~~~~~~~~~
          hint: write $${ for a literal ${
        p.yaml:6:4: error: "${env:A:-${env:B}" is not a substitution [yaml.substitution]
          6 | f: ${env:A:-${env:B}}
            |    ^~~~~~~~~~~~~~~~~
          hint: write $${ for a literal ${
        p.yaml:7:1: error: keys are not substituted [yaml.substitution-key]
          7 | ${env:NAME}: 1
            | ^~~~~~~~~~~
          hint: write the key as it is
        """

    @Test("a source without a substitution is given back as it is")
    func untouched() throws {
        let (node, complaint) = try substitute("a: $5\nb: {c: [1]}\n")
        #expect(node["a"]?.text == "$5")
        #expect(complaint == "")
    }
}
