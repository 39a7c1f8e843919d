import Glibc
import Testing

/// Plugins end with the run, whatever ends it, and whatever they do to stay.
@Suite("What plugins start")
struct PluginLifetimeTests {
    /// A plugin that starts what wants to stay, and answers when the test lets it.
    private static func main(_ mark: String) -> String {
        """
        import json, os, signal, subprocess, sys, time
        say = lambda message: os.write(4, json.dumps(message).encode() + b"\\n")
        for line in os.fdopen(3, "rb", closefd=False):
            message = json.loads(line)
            if message["type"] == "hello":
                say({"type": "hello", "protocol": 1, "name": "stayer", "version": "1", "kind": "enrich", "determinism": "pure"})
            elif message["type"] == "validate":
                say({"type": "validated", "diagnostics": []})
            elif message["type"] == "start":
                say({"type": "started"})
            elif message["type"] == "batch":
                for n in range(2):
                    if os.fork() == 0:
                        os.setsid()
                        if os.fork() == 0:
                            signal.signal(signal.SIGTERM, signal.SIG_IGN)
                            signal.signal(signal.SIGHUP, signal.SIG_IGN)
                            os.closerange(0, 256)
                            os.execv("/bin/sh", ["sh", "-c", "while true; do sleep 600; done", "\(mark)"])
                        os._exit(0)
                    os.wait()
                print("there", file=sys.stderr, flush=True)
                if os.path.exists("sleeps"):
                    signal.signal(signal.SIGTERM, signal.SIG_IGN)
                    time.sleep(600)
                for index in range(len(message["documents"])):
                    say({"type": "answer", "batch": message["batch"], "index": index})

        """
    }

    private func folder(_ mark: String, sandbox: String, sleeps: Bool) throws -> TestFolder {
        let folder = try TestFolder()
        try folder.write("a.txt", "A text.\n")
        try folder.write(
            "news.yaml",
            """
            pipeline: news
            stages:
              - ingest: {from: [a.txt]}
              - plugin: {name: stayer, sandbox: \(sandbox)}

            """
        )
        try folder.write(
            "plugins/stayer/plugin.yaml",
            """
            plugin: stayer
            version: "1"
            protocol: 1
            kind: enrich
            command: [\(try Self.python()), -I, -S, main.py]
            determinism: pure
            needs: {seconds: 600}

            """
        )
        try folder.write("plugins/stayer/main.py", Self.main(mark))
        if sleeps { try folder.write("plugins/stayer/sleeps", "") }
        return folder
    }

    /// A program: what is called python3 may be a script that needs another home.
    private static func python() throws -> String {
        let places = ["/usr/bin/python3", "/usr/local/bin/python3"]
        return try #require(
            places.first { unsafe access($0, X_OK) == 0 },
            "these tests need a python3"
        )
    }

    /// How many processes have an argument that holds a text; its last letter is put apart, so that
    /// the shell that looks does not find itself.
    private func count(_ mark: String, in folder: TestFolder) throws -> Int {
        let pattern = mark.dropLast() + "[\(mark.suffix(1))]"
        let outcome = try folder.shell("grep -las '\(pattern)' /proc/[0-9]*/cmdline | wc -l")
        return Int(outcome.output.filter(\.isNumber)) ?? 0
    }

    private func isGone(_ mark: String, in folder: TestFolder) throws -> Bool {
        for _ in 0..<200 {
            if try count(mark, in: folder) == 0 { return true }
            usleep(50_000)
        }
        return false
    }

    private static func mark() -> String { "annals-mark-\(UInt64.random(in: .min ... .max))" }

    @Test(
        "is gone when the run was ended from outside",
        arguments: [SIGKILL, SIGTERM, SIGINT],
        ["on", "off"]
    )
    func killed(signal: Int32, sandbox: String) throws {
        let mark = Self.mark()
        let folder = try folder(mark, sandbox: sandbox, sleeps: true)
        let run = try AnnalsProcess(["run", "news.yaml"], in: folder)
        #expect(run.waitUntil { run.messages.contains("plugin stayer: there") })
        // They are there once they have become what they are to be.
        #expect(run.waitUntil { (try? count(mark, in: folder)) ?? 0 >= 2 })
        run.signal(signal)
        if signal != SIGKILL {
            // The first asks, the second does not.
            #expect(
                run.waitUntil { run.messages.contains("ending after the batches on their way") }
            )
            run.signal(signal)
        }
        #expect(run.wait().status != 0)
        #expect(try isGone(mark, in: folder))
    }

    @Test("is gone when the run ended by itself", arguments: ["on", "off"])
    func ended(sandbox: String) throws {
        let mark = Self.mark()
        let folder = try folder(mark, sandbox: sandbox, sleeps: false)
        let outcome = try folder.annals("run", "news.yaml")
        #expect(outcome.status == 0, "\(outcome.messages)")
        #expect(outcome.messages.contains("plugin stayer: there"))
        #expect(try isGone(mark, in: folder))
    }
}
