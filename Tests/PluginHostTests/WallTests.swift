import Bytes
import Glibc
import Testing

@testable import PluginHost

/// Each try is made twice: inside of the walls, where it fails, and without them, where it does not,
/// so that a try that is wrong in itself is found out.
@Suite("The walls around a plugin")
struct WallTests {
    /// Runs each document's text as Python; `found` is what became of it.
    private static let begin = """
        import platform
        X86 = platform.machine() == 'x86_64'
        FOLDER, HOME = os.getcwd(), os.environ.get('HOME', '/nowhere')
        LIBC = ctypes.CDLL(None, use_errno=True)
        LIBC.syscall.restype = ctypes.c_long
        def call(number, *arguments):
            arguments = [ctypes.c_long(value) if isinstance(value, int) else value for value in arguments]
            result = LIBC.syscall(ctypes.c_long(number), *arguments)
            if result < 0: raise OSError(ctypes.get_errno(), 'refused')
            return result
        """
    private static let document = """
        try:
            exec(d['text'])
            a['found'] = 'through'
        except BaseException as error:
            a['found'] = repr(error)
        """

    /// What becomes of tries, by their names.
    private func outcomes(
        of crossings: [Crossing],
        _ outside: Outside,
        _ change: (inout PluginProcess.Program) -> Void
    ) throws -> [(Crossing, String)] {
        let values = """

            PORT, OUTSIDE, HOST = \(outside.port), '\(outside.folder.path)', \(getpid())
            """
        let probe = try Probe(
            begin: Self.begin + values,
            document: Self.document,
            needs: "seconds: 20"
        )
        var session = try probe.session(change)
        let outcome = session.answers(
            to: crossings.map { Probe.document($0.name, $0.text) },
            as: "documents"
        )
        _ = session.shutDown()
        #expect(outcome.fault == nil)
        return zip(crossings, outcome.answers).map { ($0, $1["found"]?.text ?? "") }
    }

    private static let all = [
        Crossing.network, Crossing.files, Crossing.processes, Crossing.calls,
    ]

    @Test("hold", arguments: all, [[], PluginProcess.Lack.namespaces])
    func hold(crossings: [Crossing], lacks: PluginProcess.Lack) throws {
        let outside = try Outside()
        for (crossing, found) in try outcomes(of: crossings, outside, { $0.lacks = lacks }) {
            if crossing.needsNamespaces, !lacks.isEmpty { continue }
            #expect(found != "through" && !found.contains("SyntaxError"), "\(crossing.name)")
        }
        #expect(TestFolder.text(outside.folder.path + "/file") == "secret")
        #expect(TestFolder.names(in: outside.folder.path) == ["datagrams", "file", "socket"])
    }

    @Test("are what holds: without them all of it is possible", arguments: all)
    func open(crossings: [Crossing]) throws {
        let outside = try Outside()
        for (crossing, found) in try outcomes(of: crossings, outside, { $0.isSandboxed = false })
        where crossing.isOpenOutside {
            #expect(found == "through", "\(crossing.name): \(found)")
        }
    }

    @Test("leave room to work", arguments: [[], PluginProcess.Lack.namespaces])
    func room(lacks: PluginProcess.Lack) throws {
        let work = [
            "import tempfile; tempfile.NamedTemporaryFile('w').write('x')",
            "open(HOME + '/a', 'w').write('x'); os.rename(HOME + '/a', HOME + '/b'); os.remove(HOME + '/b')",
            "import shutil; shutil.copy2(FOLDER + '/main.py', HOME + '/copy')",
            "os.mkdir(HOME + '/d'); open(HOME + '/d/x', 'w').close(); os.rename(HOME + '/d/x', HOME + '/x')",
            "assert subprocess.run(['/bin/sh', '-c', 'echo hi'], capture_output=True).stdout == b'hi\\n'",
            "threads = [threading.Thread(target=time.sleep, args=(0.01,)) for _ in range(20)]; [t.start() for t in threads]; [t.join() for t in threads]",
            "one, other = socket.socketpair(); one.send(b'x'); assert other.recv(1) == b'x'",
            "import multiprocessing; p = multiprocessing.get_context('fork').Process(target=os.getpid); p.start(); p.join(); assert p.exitcode == 0",
            "open('/proc/self/status').read(); open('/proc/cpuinfo').read(); os.cpu_count()",
            "open('/dev/urandom', 'rb').read(8); open('/dev/null', 'w').write('x')",
            "child = subprocess.Popen(['/bin/sleep', '60']); child.terminate(); child.wait()",
        ]
        let found = try outcomes(of: work.map { Crossing($0, $0) }, try Outside()) {
            $0.lacks = lacks
        }
        for (crossing, found) in found { #expect(found == "through", "\(crossing.name)") }
    }

    @Test("let nothing in of the host's: descriptors, environment, rights")
    func inheritance() throws {
        // Not even what is open without close-on-exec.
        let open = (0..<100).map { _ in unsafe Glibc.open("/dev/null", O_RDONLY) }
        defer { for end in open { close(end) } }
        unsafe setenv("ANNALS_TEST_SECRET", "secret", 1)
        let probe = try Probe(
            document: """
                a['descriptors'] = sorted(map(int, os.listdir('/proc/self/fd')))[:-1]
                a['environment'] = sorted(os.environ)
                status = dict(line.split(":\\t") for line in open('/proc/self/status').read().splitlines() if ":\\t" in line)
                a['rights'] = [int(status[name], 16) for name in ("CapEff", "CapPrm", "CapInh", "CapBnd", "CapAmb")]
                a['session'] = os.getsid(0) == os.getpid()
                """
        )
        let answer = try #require(try probe.outcome(["a"]).answers.first)
        #expect(answer["descriptors"] == .array((0..<5).map { .integer($0) }))
        #expect(answer["session"] == .bool(true))
        #expect(
            answer["environment"]?.items.compactMap(\.text) == [
                "ANNALS_IN", "ANNALS_OUT", "ANNALS_PLUGIN", "HOME", "LANG", "PATH",
                "PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "TMPDIR",
            ]
        )
        #expect(answer["rights"] == .array((0..<5).map { _ in .integer(0) }))
    }

    @Test("that cannot be raised are not done without, unless the pipeline says so")
    func refusal() throws {
        let probe = try Probe()
        let fault = #expect(throws: PluginFault.self) {
            _ = try probe.outcome { $0.lacks = .landlock }
        }
        #expect(fault?.code == .sandbox)
        #expect(fault?.message.contains("sandbox: off") == true)
        let outcome = try probe.outcome {
            $0.lacks = .landlock
            $0.isSandboxed = false
        }
        #expect(outcome.answers.count == 3)
    }
}
