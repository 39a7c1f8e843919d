import Bytes
import Glibc
import Synchronization
import Testing
import YAML

@testable import PluginHost

/// A plugin in Python that behaves until it is told not to.
final class Probe: Sendable {
    let manifest: PluginManifest
    let program: PluginProcess.Program
    private let folder: TestFolder
    private let written = Mutex<[PluginLogLine]>([])

    /// Makes the plugin.
    ///
    /// - Parameters:
    ///   - begin: what it does before it says hello; it may change `HELLO`.
    ///   - started: what it does once it has started.
    ///   - batch: what it does with a batch `m` before its documents.
    ///   - document: what it does with a document `d`, number `i`, and its answer `a`.
    ///   - end: what it does when it is asked to go.
    ///   - needs: its manifest's.
    /// - Throws: what keeps its folder from being written.
    init(
        begin: String = "",
        started: String = "",
        batch: String = "",
        document: String = "",
        end: String = "",
        needs: String = "seconds: 3, memory: 200 MiB"
    ) throws {
        folder = try TestFolder()
        let manifestText = """
            plugin: probe
            version: 1.0.0
            protocol: 1
            kind: enrich
            command: [\(try Python.path()), -I, -S, main.py]
            determinism: pure
            needs: {\(needs)}
            """
        try folder.write("plugin.yaml", manifestText)
        let text = Self.text
            .replacingOccurrence(of: "#BEGIN", with: begin)
            .replacingOccurrence(of: "#STARTED", with: started)
            .replacingOccurrence(of: "#BATCH", with: batch)
            .replacingOccurrence(of: "#DOCUMENT", with: document)
            .replacingOccurrence(of: "#END", with: end)
        try folder.write("main.py", text)
        let scratch = folder.path + "/scratch"
        guard unsafe mkdir(scratch, 0o700) == 0 else {
            throw PluginFault(.launch, "probe", "no scratch folder")
        }
        var diagnostics = DiagnosticBag()
        let read = PluginManifest.read(folder.path, into: &diagnostics)
        manifest = try #require(read)
        program = try PluginWalls.program(of: manifest, scratch: scratch, PluginWalls.Grants())
    }

    /// Where it lies.
    var path: String { folder.path }

    /// What it wrote to the log so far.
    var log: [PluginLogLine] { written.withLock { $0 } }

    /// Takes what it writes to the log.
    var takeLine: @Sendable (PluginLogLine) -> Void {
        { line in self.written.withLock { $0.append(line) } }
    }

    /// A process that shook hands and has started.
    func session(
        _ change: (inout PluginProcess.Program) -> Void = { _ in }
    ) throws -> PluginSession {
        var program = program
        change(&program)
        var session = try PluginSession.begin(manifest, program, log: takeLine)
        try session.start(.map([]))
        return session
    }

    /// What comes of documents that one process is asked for.
    func outcome(
        _ ids: [String] = ["a", "b", "c"],
        _ change: (inout PluginProcess.Program) -> Void = { _ in }
    ) throws -> PluginSession.Outcome {
        var session = try session(change)
        let outcome = session.answers(to: ids.map(Self.document), as: "documents")
        _ = session.shutDown()
        return outcome
    }

    /// Its processes.
    func pool(_ change: (inout PluginPool.Limits) -> Void = { _ in }) -> PluginPool {
        var limits = PluginPool.Limits()
        limits.pauseSeconds = 0.01
        change(&limits)
        return PluginPool(
            manifest,
            options: .map([]),
            limits: limits,
            program: { [program] _ in program },
            log: takeLine
        )
    }

    static func document(_ id: String) -> CBORValue { document(id, "Some text.") }

    static func document(_ id: String, _ text: String) -> CBORValue {
        .map([CBORValue.Pair("id", .text(id)), CBORValue.Pair("text", .text(text))])
    }

    private static let text = """
        import ctypes, json, os, select, signal, socket, subprocess, sys, threading, time
        host = os.fdopen(3, "rb", closefd=False)
        def raw(data):
            while data: data = data[os.write(4, data):]
        def say(m): raw(json.dumps(m).encode() + b"\\n")
        def sleep(): time.sleep(600)
        HELLO = {"type": "hello", "protocol": 1, "name": "probe", "version": "1.0.0", "kind": "enrich", "determinism": "pure"}
        #BEGIN
        for line in host:
            m = json.loads(line)
            if m["type"] == "hello": say(HELLO)
            elif m["type"] == "start":
                say({"type": "started"})
                #STARTED
            elif m["type"] == "shutdown":
                #END
                break
            elif m["type"] == "batch":
                #BATCH
                for i, d in enumerate(m["documents"]):
                    a = {"type": "answer", "batch": m["batch"], "index": i}
                    #DOCUMENT
                    say(a)

        """
}

extension String {
    /// Puts lines where a mark stands, as deep as it.
    fileprivate func replacingOccurrence(of mark: String, with text: String) -> String {
        split(separator: "\n", omittingEmptySubsequences: false).map { line in
            guard line.hasSuffix(mark) else { return String(line) }
            let indent = line.dropLast(mark.count)
            let lines = text.isEmpty ? ["pass"] : text.split(separator: "\n")
            return lines.map { indent + $0 }.joined(separator: "\n")
        }
        .joined(separator: "\n")
    }
}
