internal import Foundation
internal import Testing
internal import YAML

@Suite("Secrets")
final class SecretTests {
    private let folder: String

    init() throws {
        folder = NSTemporaryDirectory() + "annals-secret-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private func write(_ name: String, _ bytes: [UInt8], mode: Int = 0o600) throws {
        let path = folder + "/" + name
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }

    private func substitute(
        _ text: String
    ) throws -> (node: Node, complaint: String, secrets: [String]) {
        let source = YAMLSource(name: folder + "/p.yaml", text: text)
        var bag = DiagnosticBag()
        var secrets = SecretFiles()
        let node = Substitution.apply(
            to: try YAMLParser.parse(source),
            environment: ["SCHEME": "Bearer"],
            secrets: &secrets,
            into: &bag
        )
        let complaint = bag.sorted().map { $0.rendered() }.joined(separator: "\n")
        return (node, complaint.replacing(folder + "/", with: ""), secrets.values)
    }

    @Test(
        "one line break at the end is no part of a secret",
        arguments: [
            ("hunter2\n", "hunter2"), ("hunter2\r\n", "hunter2"), ("hunter2\n\n", "hunter2\n"),
            (" hunter2 ", " hunter2 "), ("two\nlines\n", "two\nlines"),
        ]
    )
    func ends(content: String, expected: String) throws {
        try write("key", Array(content.utf8))
        let (node, complaint, secrets) = try substitute("plugin: {options: {key: \"${file:key}\"}}")
        #expect(node["plugin"]?["options"]?["key"]?.text == expected)
        #expect(secrets == [expected] && complaint.isEmpty)
    }

    @Test("a secret is a text, whatever it looks like, and stands inside others")
    func kinds() throws {
        try write("key", Array("0042".utf8))
        let (node, complaint, _) = try substitute(
            """
            stages:
              - enrich:
                  - plugin:
                      name: x
                      options:
                        key: ${file:key}
                        header: ${env:SCHEME} ${file:key}
                        all: [{deep: "${file:key}"}]
            """
        )
        let stage = node["stages"]?.sequence?.first?["enrich"]?.sequence?.first
        let options = stage?["plugin"]?["options"]
        #expect(options?["key"]?.scalar?.meaning == .text)
        #expect(options?["header"]?.text == "Bearer 0042")
        #expect(options?["header"]?.scalar?.publicText == "Bearer ${file:key}")
        #expect(options?["all"]?.sequence?.first?["deep"]?.text == "0042")
        #expect(complaint.isEmpty)
    }

    @Test("outside of a plugin's options a secret is refused unread, for it would be shown")
    func places() throws {
        try write("key", Array("hunter2".utf8))
        let (_, complaint, secrets) = try substitute(
            """
            store: ${file:key}
            plugin: {name: "${file:key}"}
            options: {key: "${file:key}"}
            """
        )
        #expect(secrets.isEmpty)
        #expect(
            complaint == """
                p.yaml:1:8: error: a secret may stand only in the options of a plugin \
                [yaml.secret-place]
                  1 | store: ${file:key}
                    |        ^~~~~~~~~~~
                  hint: use ${env:NAME} for what is no secret
                p.yaml:2:17: error: a secret may stand only in the options of a plugin \
                [yaml.secret-place]
                  2 | plugin: {name: "${file:key}"}
                    |                 ^~~~~~~~~~~
                  hint: use ${env:NAME} for what is no secret
                p.yaml:3:17: error: a secret may stand only in the options of a plugin \
                [yaml.secret-place]
                  3 | options: {key: "${file:key}"}
                    |                 ^~~~~~~~~~~
                  hint: use ${env:NAME} for what is no secret
                """
        )
    }

    @Test("a file that is no secret is refused with its reason")
    func refused() throws {
        try write("empty", Array("\n".utf8))
        try write("binary", [0xFF, 0x00, 0x41])
        try write("huge", [UInt8](repeating: 0x41, count: SecretFiles.bytesMax + 1))
        let (_, complaint, secrets) = try substitute(
            """
            plugin:
              options:
                a: ${file:missing}
                b: ${file:empty}
                c: ${file:binary}
                d: ${file:huge}
                e: ${file:.}
            """
        )
        for reason in [
            "3:8: error: ${file:missing} cannot be read: No such file or directory",
            "4:8: error: ${file:empty} cannot be read: nothing in it",
            "5:8: error: ${file:binary} cannot be read: not UTF-8 text",
            "6:8: error: ${file:huge} cannot be read: more than 65536 bytes",
            "7:8: error: ${file:.} cannot be read: not a regular file",
        ] {
            #expect(complaint.contains(reason), "\(complaint)")
        }
        #expect(secrets.isEmpty)
    }

    @Test("a secret that everybody can read, or that is too short to mask, is warned of")
    func warnings() throws {
        try write("open", Array("hunter2".utf8), mode: 0o644)
        try write("short", Array("abc".utf8))
        let (_, complaint, _) = try substitute(
            "plugin: {options: {a: \"${file:open}\", b: \"${file:short}\"}}"
        )
        #expect(complaint.contains("warning: everybody on this machine can read the secret"))
        #expect(complaint.contains("hint: chmod 600 open"))
        #expect(complaint.contains("warning: the secret \"short\" is too short"))
    }

    @Test("what is wrong with a secret is said without showing it")
    func secrecy() throws {
        try write("key", Array("hunter2".utf8))
        let (node, _, _) = try substitute("plugin: {options: {count: \"${file:key}\"}}")
        var bag = DiagnosticBag()
        FieldReader.read(try #require(node["plugin"]?["options"]), context: "x", into: &bag) {
            _ = $0.integer("count")
        }
        let rendered = bag.diagnostics.map { $0.rendered() }.joined()
        #expect(rendered.contains("must be an integer, not a secret"))
        #expect(rendered.contains("check the file of the secret"))
        #expect(!rendered.contains("hunter2"))
    }
}
