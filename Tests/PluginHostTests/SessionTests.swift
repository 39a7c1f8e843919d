import Bytes
import Glibc
import Synchronization
import Testing
import YAML

@testable import PluginHost

@Suite("A plugin's process")
struct SessionTests {
    /// A plugin in Python that answers as `behaviour` says, on every document.
    static func program(_ behaviour: String) throws -> (PluginManifest, PluginProcess.Program) {
        var template = Array("/tmp/annals-plugin-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else {
            throw PluginFault(.launch, "probe", "no folder")
        }
        let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        _ = unsafe mkdir(folder + "/scratch", 0o700)
        try write(
            folder + "/plugin.yaml",
            """
            plugin: probe
            version: 1.0.0
            protocol: 1
            kind: enrich
            command: [/usr/bin/env, python3, main.py]
            determinism: pure
            needs: {seconds: 2, memory: 200 MiB}
            """
        )
        try write(
            folder + "/main.py",
            """
            import json, os, sys, time
            host = os.fdopen(3, "r", encoding="utf-8"); out = os.fdopen(4, "w", encoding="utf-8")
            def say(m): out.write(json.dumps(m) + "\\n"); out.flush()
            print("printing breaks nothing", flush=True)
            for line in host:
                m = json.loads(line)
                if m["type"] == "hello":
                    say({"type": "hello", "protocol": 1, "name": "probe", "version": "1.0.0", "kind": "enrich", "determinism": "pure"})
                elif m["type"] == "start": say({"type": "started"})
                elif m["type"] == "shutdown": break
                elif m["type"] == "batch":
                    for i, d in enumerate(m["documents"]):
                        a = {"type": "answer", "batch": m["batch"], "index": i}
            \(behaviour.split(separator: "\n").map { "            " + $0 }.joined(separator: "\n"))
                        say(a)
            """
        )
        var diagnostics = DiagnosticBag()
        let read = PluginManifest.read(folder, into: &diagnostics)
        let manifest = try #require(read)
        let program = PluginProcess.Program(
            arguments: manifest.command,
            environment: ["PATH": "/usr/bin:/bin", "HOME": folder + "/scratch"],
            folder: folder,
            readable: ["/usr", "/bin", "/lib", "/lib64", "/etc", "/proc", folder],
            writable: [folder + "/scratch"],
            memoryLimit: UInt64(manifest.needs.mebibytes) << 20
        )
        return (manifest, program)
    }

    static func write(_ path: String, _ text: String) throws {
        guard let file = unsafe fopen(path, "w") else { throw PluginFault(.launch, path, "") }
        unsafe fputs(text, file)
        unsafe fclose(file)
    }

    static func document(_ id: String) -> CBORValue {
        .map([CBORValue.Pair("id", .text(id)), CBORValue.Pair("text", .text("Some text."))])
    }

    @Test("answers in order, and prints where it likes")
    func answers() throws {
        let (manifest, program) = try Self.program("a['annotations'] = [{'id': d['id']}]")
        let lines = Mutex<[PluginLogLine]>([])
        var session = try PluginSession.begin(manifest, program) { line in
            lines.withLock { $0.append(line) }
        }
        try session.start(.map([]))
        let outcome = session.answers(to: ["a", "b", "c"].map(Self.document), as: "documents")
        #expect(outcome.fault == nil)
        #expect(outcome.answers.map { $0["annotations"]?.array?.first?["id"]?.text } == ["a", "b", "c"])
        #expect(session.shutDown() == .exit(0))
        #expect(lines.withLock { $0.map(\.text) } == ["printing breaks nothing"])
    }

    @Test(
        "that errs is told from one that does not, and from the others",
        arguments: [
            ("if i == 1: sys.exit(0)", PluginFault.Code.crashed), ("if i == 1: os.kill(os.getpid(), 9)", .crashed),
            ("if i == 1: time.sleep(60)", .timeout), ("if i == 1: x = [bytearray(1 << 20) for _ in range(2000)]; time.sleep(9)", .memory),
            ("if i == 1: a['index'] = 0", .wire), ("if i == 1: out.write('garbage\\\\n')", .wire),
            ("if i == 1: os.close(4); time.sleep(60)", .crashed),
        ]
    )
    func faults(behaviour: String, code: PluginFault.Code) throws {
        let (manifest, program) = try Self.program(behaviour)
        var session = try PluginSession.begin(manifest, program) { _ in }
        try session.start(.map([]))
        let outcome = session.answers(to: ["a", "b", "c"].map(Self.document), as: "documents")
        #expect(outcome.answers.count == 1)
        #expect(outcome.fault?.code == code, "\(outcome.fault as Any)")
        _ = session.shutDown()
    }
}
