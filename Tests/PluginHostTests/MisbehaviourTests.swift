import Bytes
import Testing

@testable import PluginHost

/// What a plugin may do wrong, each with the word that the user gets about it.
@Suite("A plugin that misbehaves")
struct MisbehaviourTests {
    /// What it does instead of answering to the second document, and what is said of it.
    private static let answers: [(behaviour: String, message: String)] = [
        ("raw(b'garbage\\n')", "it wrote a line that is no JSON: "),
        ("raw(b'\\n')", "it wrote a line that is no JSON: "),
        ("raw(bytes(range(1, 10)) + b'\\n')", "it wrote a line that is no JSON: "),
        ("raw(b'[' * 100000 + b'\\n')", "at most 64 levels"),
        ("raw(b'{\"a\":' * 100000 + b'\\n')", "at most 64 levels"),
        (
            "raw(b'{\"type\":\"answer\",\"batch\":1,\"index\":NaN}\\n')",
            "it wrote a line that is no JSON: "
        ),
        (
            "raw(b'{\"type\":\"answer\",\"batch\":1,\"index\":1e999}\\n')",
            "a number that binary64 can hold"
        ),
        ("raw(b'{\"type\":\"\\xff\"}\\n')", "it wrote a line that is no UTF-8: byte 9"),
        ("raw(b'{\"type\":\"\\xed\\xa0\\x80\"}\\n')", "it wrote a line that is no UTF-8"),
        ("raw(b'3\\n')", "it wrote a message 'without type', not 'answer'"),
        ("say({'type': 3})", "it wrote a message 'without type', not 'answer'"),
        ("say({'type': 'started'})", "it wrote a message 'started', not 'answer'"),
        ("say({'type': 'x' * 10000})", "it wrote a message 'xxx"),
        (
            "say({'type': 'answer'})",
            "the answer to document none of batch 0, not the answer to document 1 of batch 1"
        ),
        (
            "a['index'] = 0",
            "the answer to document 0 of batch 1, not the answer to document 1 of batch 1"
        ),
        (
            "a['index'] = 2",
            "the answer to document 2 of batch 1, not the answer to document 1 of batch 1"
        ),
        ("a['index'] = -1", "the answer to document -1 of batch 1"),
        ("a['index'] = '1'", "the answer to document none of batch 1"),
        ("a['index'] = 1.5", "the answer to document none of batch 1"),
        ("a['index'] = [1]", "the answer to document none of batch 1"),
        ("a['index'] = 1 << 80", "the answer to document none of batch 1"),
        (
            "a['batch'] = 2",
            "the answer to document 1 of batch 2, not the answer to document 1 of batch 1"
        ),
        ("a['x'] = [0] * ((8 << 20) + 1)", "fewer values"),
    ]

    @Test("in its answers is told by what it wrote", arguments: answers)
    func garbage(behaviour: String, message: String) throws {
        let probe = try Probe(
            document: "if i == 1: \(behaviour)",
            needs: "seconds: 20, memory: 1000 MiB"
        )
        let outcome = try probe.outcome()
        #expect(outcome.answers.count == 1)
        let fault = try #require(outcome.fault)
        #expect(fault.code == .wire)
        #expect("\(fault)".hasPrefix("plugin probe: it wrote "), "\(fault)")
        #expect(fault.message.contains(message), "\(fault)")
        #expect(fault.message.utf8.count < 400)
    }

    /// What it does in CBOR instead of answering to the first document.
    private static let items: [(item: String, message: String)] = [
        ("b'\\xff\\xff\\xff\\xff'", "a message of 4294967295 bytes or more"),
        ("b'\\x00\\x00\\x00\\x01\\xff'", "an item that is no CBOR: "),
        ("b'\\x00\\x00\\x00\\x00'", "an item that is no CBOR: "),
        ("b'\\x00\\x01\\x86\\xa0' + b'\\x81' * 100000", "an item that is no CBOR: CBOR tooDeep"),
        (
            "b'\\x00\\x00\\x00\\x05\\x9a\\xff\\xff\\xff\\xff'",
            "an item that is no CBOR: CBOR truncated"
        ),
        (
            "b'\\x00\\x00\\x00\\x09\\x1b\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff'",
            "an item that is no CBOR: CBOR outOfRange"
        ),
        ("b'\\x00\\x00\\x00\\x02\\x61\\xff'", "an item that is no CBOR: CBOR invalidText"),
        ("b'\\x00\\x00\\x00\\x01\\xf6'", "it wrote a message 'without type'"),
        ("b'\\x00\\x00\\x00\\x07\\xa2\\x61a\\x01\\x61a\\x02'", "an item that is no CBOR: "),
        ("b'\\x00\\x80\\x00\\x05\\x9a\\x00\\x80\\x00\\x00' + b'\\xf6' * (8 << 20)", "fewer values"),
    ]

    @Test("in CBOR is told by what it wrote", arguments: items)
    func binaryGarbage(item: String, message: String) throws {
        // It says no word in CBOR but `started`, and reads none of the host's.
        let begin = """
            HELLO["encoding"] = "cbor"
            def play():
                host.readline()
                say(HELLO)
                os.read(3, 1 << 16)
                raw(b'\\x00\\x00\\x00\\x0e\\xa1\\x64type\\x67started')
                os.read(3, 1 << 16)
                raw(\(item))
                sleep()
            play()
            """
        let probe = try Probe(begin: begin, needs: "seconds: 20")
        let fault = try #require(try probe.outcome().fault)
        #expect(fault.code == .wire)
        #expect(fault.message.contains(message), "\(fault)")
    }

    @Test(
        "in what it calls itself is none that the manifest describes",
        arguments: [
            ("HELLO['name'] = 'other'", "its hello says name 'other', plugin.yaml says 'probe'"),
            ("HELLO['version'] = '2'", "its hello says version '2', plugin.yaml says '1.0.0'"),
            ("HELLO['kind'] = 'clean'", "its hello says kind 'clean', plugin.yaml says 'enrich'"),
            ("HELLO['determinism'] = 'recorded'", "its hello says determinism 'recorded'"),
            ("HELLO['protocol'] = 2", "its hello says protocol '2', plugin.yaml says '1'"),
            ("HELLO['protocol'] = 'x' * 100000", "its hello says protocol 'xxx"),
            ("del HELLO['protocol']", "its hello says protocol ''"),
            (
                "HELLO['encoding'] = 'xml'",
                "its hello says encoding 'xml', plugin.yaml says 'json or cbor'"
            ),
            ("HELLO['name'] = ['probe']", "its hello says name 'something else'"),
        ]
    )
    func lies(begin: String, message: String) throws {
        let probe = try Probe(begin: begin)
        let fault = #expect(throws: PluginFault.self) { _ = try probe.session() }
        #expect(fault?.code == .handshake)
        #expect(fault?.message.hasPrefix(message) == true, "\(fault as Any)")
    }

    @Test(
        "before it has begun is told by what it did",
        arguments: [
            (
                "sys.exit(0)", PluginFault.Code.crashed,
                "it ended with status 0 before it had answered"
            ),
            (
                "import nothing", .crashed,
                "the last it printed: ModuleNotFoundError: No module named 'nothing'"
            ),
            ("raw(b'Welcome!\\n')", .wire, "it wrote a line that is no JSON"),
            ("say([HELLO])", .wire, "it wrote a message 'without type', not 'hello'"),
            (
                "say({'type': 'answer', 'batch': 1, 'index': 0})", .wire,
                "it wrote a message 'answer', not 'hello'"
            ),
            ("raw(b'[' + b'1,' * (2 << 20) + b'1]\\n')", .wire, "fewer values"),
        ]
    )
    func beginnings(begin: String, code: PluginFault.Code, message: String) throws {
        let probe = try Probe(begin: begin)
        let fault = #expect(throws: PluginFault.self) { _ = try probe.session() }
        #expect(fault?.code == code)
        #expect(fault?.message.contains(message) == true, "\(fault as Any)")
    }

    @Test(
        "in what it answers to start is told by what it did",
        arguments: [
            (
                "HELLO['x'] = 1; say(HELLO); sys.exit(3)",
                "it ended with status 3 before it had answered"
            ),
            ("say(HELLO); say(HELLO)", "it wrote a message 'hello', not 'started'"),
        ]
    )
    func starts(begin: String, message: String) throws {
        let probe = try Probe(begin: begin)
        let fault = #expect(throws: PluginFault.self) { _ = try probe.session() }
        #expect(fault?.message.contains(message) == true, "\(fault as Any)")
    }

    @Test("by escapes that are half of a character writes what stands for none")
    func surrogates() throws {
        let document =
            #"raw(b'{"type":"answer","batch":1,"index":%d,"found":"\\ud800 \\udc00"}\n' % i); continue"#
        let probe = try Probe(document: document)
        let answers = try probe.outcome().answers
        #expect(
            answers.map { $0["found"]?.text } == [
                "\u{FFFD} \u{FFFD}", "\u{FFFD} \u{FFFD}", "\u{FFFD} \u{FFFD}",
            ]
        )
    }
}
