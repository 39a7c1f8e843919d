import Bytes
import Glibc
import Testing

@testable import PluginHost

@Suite("What a plugin starts")
struct DaemonTests {
    /// Ways to get away from who started one; `MARK` is an argument of what stays.
    private static let ways = [
        "subprocess.Popen(['/bin/sh', '-c', 'sleep 600; true', MARK])",
        // Twice, in a session of its own, without a descriptor, deaf to all signals.
        """
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                os.closerange(0, 256)
                for number in range(1, 65):
                    try: signal.signal(number, signal.SIG_IGN)
                    except (OSError, ValueError): pass
                os.execv('/bin/sh', ['sh', '-c', 'trap "" HUP INT TERM; while true; do sleep 600; done', MARK])
            os._exit(0)
        os.wait()
        """,
        // From a thread that has ended.
        """
        t = threading.Thread(target=lambda: subprocess.Popen(['/bin/sh', '-c', 'sleep 600; true', MARK]))
        t.start()
        t.join()
        """,
        // A reaper of its own in between.
        """
        if os.fork() == 0:
            ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
            subprocess.Popen(['/bin/sh', '-c', 'sleep 600; true', MARK], start_new_session=True)
            sleep()
        """,
    ]

    enum End: CaseIterable {
        case itsOwn, asked, killed, forgotten
    }

    @Test("goes with it", arguments: ways, End.allCases)
    func daemons(way: String, end: End) throws {
        for isSandboxed in [true, false] {
            let mark = "annals-mark-\(UInt64.random(in: .min ... .max))"
            let probe = try Probe(
                begin: "MARK = '\(mark)'",
                batch: way,
                document: end == .itsOwn ? "sys.exit(0)" : "",
                needs: "seconds: 20"
            )
            try leave(try probe.session { $0.isSandboxed = isSandboxed }, end, mark)
            #expect(Processes.block { Processes.count(marked: mark) == 0 }, "\(way)")
        }
    }

    private func leave(_ begun: consuming PluginSession, _ end: End, _ mark: String) throws {
        var session = begun
        let outcome = session.answers(to: [Probe.document("a")], as: "documents")
        if end == .itsOwn {
            #expect(outcome.fault?.code == .crashed)
        } else {
            #expect(Processes.block { Processes.count(marked: mark) > 0 })
        }
        switch end {
        case .itsOwn, .forgotten: break
        case .asked: #expect(session.shutDown() == .exit(0))
        case .killed: session.process.kill()
        }
    }
}
