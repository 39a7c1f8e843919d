import Bytes
import Glibc
import Testing

@testable import PluginHost

/// What a plugin may take of the machine, and of the host's memory.
///
/// One after the other: memory is the whole process's.
@Suite("A plugin that takes too much", .serialized)
struct BurdenTests {
    /// By how much the memory in use grew at most while something ran.
    private func growth(_ body: () throws -> Void) rethrows -> Int {
        let before = Self.kibibytes("VmRSS:")
        // 5 sets the highest mark to what is in use (proc_pid_clear_refs(5)).
        let file = unsafe open("/proc/self/clear_refs", O_WRONLY)
        unsafe write(file, "5", 1)
        close(file)
        try body()
        return (Self.kibibytes("VmHWM:") - before) * 1024
    }

    private static func kibibytes(_ name: String) -> Int {
        let lines = TestFolder.text("/proc/self/status").split(separator: "\n")
        let line = lines.first { $0.hasPrefix(name) } ?? ""
        return line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0
    }

    @Test("is not held to account for the memory of the host that it was forked from")
    func hostMemory() throws {
        var held = [UInt8](repeating: 1, count: 800 << 20)
        let probe = try Probe(
            document: "time.sleep(0.5)\na['found'] = 1",
            needs: "seconds: 60, memory: 100 MiB"
        )
        var session = try probe.session()
        // What the host changes after the fork is no longer shared with it.
        for index in stride(from: 0, to: held.count, by: 4096) { held[index] = 2 }
        let outcome = session.answers(to: ["a", "b"].map(Probe.document), as: "documents")
        #expect(outcome.fault == nil, "\(outcome.fault as Any)")
        #expect(outcome.answers.count == 2)
        _ = session.shutDown()
        #expect(held.last == 1)
    }

    @Test("by a line of a gigabyte is refused long before its end", arguments: [true, false])
    func endlessLine(isPrinted: Bool) throws {
        let probe = try Probe(
            document: """
                for _ in range(1024):
                    data = b'x' * (1 << 20)
                    while data: data = data[os.write(\(isPrinted ? 1 : 4), data):]
                """,
            needs: "seconds: 120"
        )
        var fault: PluginFault?
        let grown = try growth { fault = try probe.outcome(["a"]).fault }
        #expect(grown < 400 << 20, "the host grew by \(grown >> 20) MiB")
        if isPrinted {
            #expect(fault == nil)
            #expect(
                probe.log.map(\.text) == [
                    String(repeating: "x", count: 8192) + "… (1073733632 bytes more)"
                ]
            )
        } else {
            #expect(fault?.message.contains("bytes or more; at most 67108864 are taken") == true)
        }
    }

    @Test(
        "by what it prints is neither held up nor does it hold up",
        arguments: [
            "sys.stdout.write('line\\n' * 1_000_000)",
            "data = os.urandom(1 << 12)\nfor _ in range(5000): os.write(1, data)",
            "for n in range(50_000): print('x' * 1000)",
        ]
    )
    func prints(behaviour: String) throws {
        let probe = try Probe(document: behaviour, needs: "seconds: 120, memory: 1000 MiB")
        let grown = try growth {
            let outcome = try probe.outcome(["a", "b"])
            #expect(outcome.answers.count == 2)
        }
        #expect(grown < 100 << 20, "the host grew by \(grown >> 20) MiB")
        #expect(probe.log.count < 4 * PluginLog.linesMax)
        #expect(probe.log.allSatisfy { $0.text.utf8.count < 25_000 })
        #expect(probe.log.last?.text.contains("lines left out") == true)
    }

    @Test("by log messages writes some, and the rest is counted")
    func logs() throws {
        let probe = try Probe(
            begin:
                "flood = json.dumps({'type': 'log', 'level': '\\x1b[2J', 'message': '<b>' * 20}).encode() + b'\\n'",
            document: "raw(flood * 50_000)",
            needs: "seconds: 60"
        )
        let outcome = try probe.outcome(["a"])
        #expect(outcome.answers.count == 1)
        #expect((PluginLog.linesMax..<4 * PluginLog.linesMax).contains(probe.log.count))
        #expect(probe.log.first?.level == "info")
        #expect(probe.log.last?.text.hasPrefix("it writes too fast: ") == true)
    }

    /// What it does, what is said of it, and whether there are walls, which change nothing here.
    private static let burdens:
        [(behaviour: String, code: PluginFault.Code, message: String, isSandboxed: Bool)] = [
            ("x = [bytearray(1 << 20) for _ in range(2000)]; sleep()", .memory, "memory", true),
            ("os.fork() or [x for x in [bytearray(1 << 29)]]; sleep()", .memory, "memory", false),
            (
                "threading.Thread(target=lambda: os.fork() or ([x for x in [bytearray(1 << 29)]], sleep())).start(); sleep()",
                .memory, "memory", false
            ),
            (
                "import mmap; m = mmap.mmap(-1, 1 << 29); m.write(bytes(1 << 28)); sleep()",
                .memory, "memory", true
            ),
            ("while True: os.fork() or sleep()", .limit, "the number of its processes", true),
            ("while True: os.fork()", .limit, "the number of its processes", true),
            ("while True: os.fork()", .limit, "the number of its processes", false),
            (
                "while True: threading.Thread(target=sleep).start()", .limit,
                "the number of its processes", true
            ),
            (
                "while True: open(os.environ['HOME'] + '/f', 'ab').write(bytes(1 << 20))", .limit,
                "scratch folder", true
            ),
            (
                "os.chdir(os.environ['HOME'])\n    for _ in range(100): os.mkdir('d'); os.chdir('d')\n    sleep()",
                .limit, "scratch folder", true
            ),
        ]

    @Test("is ended, and told by what it took", arguments: burdens)
    func takes(behaviour: String, code: PluginFault.Code, message: String, isSandboxed: Bool) throws
    {
        let probe = try Probe(
            document: "if i == 1:\n    " + behaviour,
            needs: "seconds: 60, memory: 200 MiB"
        )
        let outcome = try probe.outcome { program in
            program.isSandboxed = isSandboxed
            program.scratchLimit = 50 << 20
        }
        #expect(outcome.answers.count == 1)
        #expect(outcome.fault?.code == code, "\(outcome.fault as Any)")
        #expect(outcome.fault?.message.contains(message) == true, "\(outcome.fault as Any)")
    }
}
