import Bytes
import Testing

@testable import PluginHost

@Suite("A plugin's process")
struct SessionTests {
    @Test("answers in order, and prints where it likes")
    func answers() throws {
        let probe = try Probe(
            begin: "print('printing breaks nothing', flush=True)",
            document: "a['found'] = d['id']",
            end: "print('to the end')"
        )
        var session = try probe.session()
        let outcome = session.answers(to: ["a", "b", "c"].map(Probe.document), as: "documents")
        #expect(outcome.fault == nil)
        #expect(outcome.answers.map { $0["found"]?.text } == ["a", "b", "c"])
        #expect(session.shutDown() == .exit(0))
        #expect(probe.log.map(\.text) == ["printing breaks nothing", "to the end"])
    }

    @Test(
        "that ends is told by how it ended, and by what it printed last",
        arguments: [
            ("sys.exit(0)", "it ended with status 0 before it had answered"),
            ("sys.exit(7)", "it ended with status 7 before it had answered"),
            ("os.kill(os.getpid(), 9)", "it closed its messages, or was killed"),
            ("os.kill(os.getpid(), 11)", "it was ended by signal 11"),
            ("os.close(4); sleep()", "it closed its messages, or was killed"),
            ("raise ValueError('no')", "the last it printed: ValueError: no"),
        ]
    )
    func ends(behaviour: String, message: String) throws {
        let probe = try Probe(document: "if i == 1: \(behaviour)")
        let outcome = try probe.outcome()
        #expect(outcome.answers.count == 1)
        let fault = try #require(outcome.fault)
        #expect(fault.code == .crashed)
        #expect(fault.plugin == "probe")
        #expect(fault.message.contains(message), "\(fault)")
    }

    @Test(
        "that does not answer in time is ended",
        arguments: [
            "sleep()", "while True: pass",
            // One byte at a time.
            "while True: raw(b' '); time.sleep(0.05)",
            "raw(b'{\"type\":\"answer\"')\nsleep()",
            "while True: say({'type': 'progress', 'message': 'soon'})",
            "os.close(3); signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65)); sleep()",
        ]
    )
    func slow(behaviour: String) throws {
        let body = behaviour.split(separator: "\n").map { "    " + $0 }.joined(separator: "\n")
        let probe = try Probe(document: "if i == 1:\n" + body, needs: "seconds: 1.5")
        let outcome = try probe.outcome()
        #expect(outcome.answers.count == 1)
        #expect(outcome.fault?.code == .timeout, "\(outcome.fault as Any)")
        #expect(outcome.fault?.message == "it did not answer in time")
    }

    @Test("that never reads does not hold up who writes to it")
    func deaf() throws {
        let probe = try Probe(started: "sleep()", needs: "seconds: 1.5")
        var session = try probe.session()
        let large = Probe.document("a", String(repeating: "word ", count: 1 << 20))
        let outcome = session.answers(to: [large], as: "documents")
        #expect(outcome.fault?.code == .timeout)
        _ = session.shutDown()
    }

    @Test("that reads slowly gets all of it")
    func slowReader() throws {
        let begin = """
            fast = host.readline
            class Slow:
                def __iter__(self): return self
                def __next__(self):
                    line = b""
                    while not line.endswith(b"\\n"):
                        time.sleep(0.001)
                        line += os.read(3, 4096)
                    return line
            host = Slow()
            """
        let probe = try Probe(
            begin: begin,
            document: "a['found'] = len(d['text'])",
            needs: "seconds: 20"
        )
        var session = try probe.session()
        let outcome = session.answers(
            to: [Probe.document("a", String(repeating: "x", count: 1 << 20))],
            as: "documents"
        )
        #expect(outcome.answers.first?["found"]?.integer == 1 << 20)
        _ = session.shutDown()
    }

    @Test(
        "that does not want to go is gone all the same",
        arguments: [
            "sleep()", "signal.signal(signal.SIGTERM, signal.SIG_IGN)\nsleep()",
            "while True: print('no')", "while True: raw(b'no')",
            "os.close(1); os.close(2); os.close(4); sleep()",
        ]
    )
    func stays(behaviour: String) throws {
        let probe = try Probe(end: behaviour)
        let session = try probe.session()
        #expect(session.shutDown(within: 1) == .signal(9))
    }
}
