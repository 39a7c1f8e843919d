import Bytes
import Glibc
import Synchronization
import Testing

@testable import PluginHost

@Suite("The processes of a plugin that falls")
struct FallTests {
    private func answers(
        _ probe: Probe,
        _ pool: PluginPool,
        _ count: Int = 16
    ) async throws -> [String] {
        let ids = (0..<count).map { "\($0)" }
        let answers = try await pool.answers(to: ids.map(Probe.document))
        return answers.map { answer in
            switch answer {
            case .success(let value): value["found"]?.text ?? ""
            case .failure(let fault): "\(fault.code)"
            }
        }
    }

    private let inOrder = (0..<16).map { "\($0)" }

    /// Python that is true the first `count` times that any process of the plugin asks.
    private func first(_ count: Int, of name: String = "count") -> String {
        """
        def first():
            open(os.environ['HOME'] + '/\(name)', 'ab').write(b'x')
            return os.path.getsize(os.environ['HOME'] + '/\(name)') <= \(count)
        """
    }

    @Test(
        "at each start is given up after five of them",
        arguments: ["os._exit(3)", "raw(b'no')\nos._exit(3)", "print('no model'); sys.exit(3)"]
    )
    func starts(begin: String) async throws {
        let probe = try Probe(begin: first(1000) + "\nfirst()\n" + begin)
        let pool = probe.pool()
        let fault = await #expect(throws: PluginFault.self) { try await answers(probe, pool) }
        #expect(fault?.code == .crashed)
        #expect(
            fault?.message.hasPrefix("it was started 5 times in vain; it ended with status 3")
                == true
        )
        #expect(TestFolder.bytes(probe.path + "/scratch/count").count == 5)
        await #expect(throws: PluginFault.self) { try await answers(probe, pool) }
        #expect(TestFolder.bytes(probe.path + "/scratch/count").count == 5, "it was started again")
    }

    @Test("at some starts goes on")
    func someStarts() async throws {
        let probe = try Probe(
            begin: first(4) + "\nif first(): os._exit(3)",
            document: "a['found'] = d['id']"
        )
        #expect(try await answers(probe, probe.pool()) == inOrder)
        #expect(
            probe.log.count { $0.text.contains("it could not be started: it ended with status 3") }
                == 4
        )
    }

    @Test("as it is another plugin is not started twice")
    func otherPlugin() async throws {
        let probe = try Probe(begin: first(9) + "\nfirst()\nHELLO['name'] = 'other'")
        let fault = await #expect(throws: PluginFault.self) {
            try await answers(probe, probe.pool())
        }
        #expect(fault?.code == .handshake)
        #expect(TestFolder.bytes(probe.path + "/scratch/count").count == 1)
    }

    @Test("over two documents that meet in a batch costs neither of them")
    func together() async throws {
        let probe = try Probe(
            batch: "if {'3', '4'} <= {d['id'] for d in m['documents']}: os._exit(1)",
            document: "a['found'] = d['id']"
        )
        #expect(try await answers(probe, probe.pool()) == inOrder)
    }

    @Test("once, whatever it had to do, costs no document", arguments: [1, 2, 16])
    func once(count: Int) async throws {
        for place in [
            "if i == 0 and first(): os._exit(1)",
            "if i == len(m['documents']) - 1 and first(): os._exit(1)",
        ] {
            let probe = try Probe(begin: first(1), document: place + "\na['found'] = d['id']")
            #expect(try await answers(probe, probe.pool(), count) == Array(inOrder.prefix(count)))
        }
    }

    @Test(
        "between batches costs no document",
        arguments: [
            "threading.Timer(0.01, os._exit, [0]).start()", "raw(b'too much\\n')", "say(a)",
            "say({'type': 'x'})",
        ]
    )
    func between(behaviour: String) async throws {
        let probe = try Probe(
            document:
                "a['found'] = d['id']\nif i == len(m['documents']) - 1:\n    say(a)\n    \(behaviour)\n    continue"
        )
        let pool = probe.pool { $0.instances = 1 }
        for _ in 0..<3 {
            #expect(try await answers(probe, pool) == inOrder)
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    @Test("over each document stops the run when the budget is spent, and says so")
    func budget() async throws {
        let probe = try Probe(document: "os._exit(1)")
        let pool = probe.pool { $0.failuresMax = 3 }
        let fault = await #expect(throws: PluginFault.self) { try await answers(probe, pool) }
        #expect(fault?.code == .budget)
        #expect(
            fault?.message
                == "4 documents failed by its fault, the last because it ended with status 1 before it had answered"
        )
    }

    @Test("over a document within the budget costs that document")
    func withinBudget() async throws {
        let probe = try Probe(
            document: "if d['id'] in ('3', '9'): os._exit(1)\na['found'] = d['id']"
        )
        let pool = probe.pool { $0.failuresMax = 2 }
        var expected = inOrder
        expected[3] = "crashed"
        expected[9] = "crashed"
        #expect(try await answers(probe, pool) == expected)
    }

    @Test("is waited for longer and longer")
    func backoff() async throws {
        let probe = try Probe(begin: "os._exit(1)")
        let pool = probe.pool { $0.pauseSeconds = 0.1 }
        let start = ContinuousClock.now
        await #expect(throws: PluginFault.self) { try await answers(probe, pool) }
        // 0.1 + 0.2 + 0.4 + 0.8 seconds between five starts.
        #expect(ContinuousClock.now - start >= .seconds(1.5))
    }

    @Test("answers many tasks at a time, each in its order")
    func concurrency() async throws {
        let probe = try Probe(
            begin: """
                def falls(id):
                    try: os.mkdir(os.environ['HOME'] + '/' + id)
                    except FileExistsError: return False
                    return int(id) % 40 == 7
                """,
            document: "if falls(d['id']): os._exit(1)\na['found'] = d['id']",
            needs: "seconds: 20, batch: 8"
        )
        let pool = probe.pool { $0.instances = 4 }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<20 {
                group.addTask {
                    let ids = (task * 20..<task * 20 + 20).map { "\($0)" }
                    let answers = try await pool.answers(to: ids.map(Probe.document))
                    #expect(answers.map { try? $0.get()["found"]?.text } == ids)
                }
            }
            try await group.waitForAll()
        }
        await pool.shutDown()
    }

    @Test(
        "is ended with the task that waits for it",
        arguments: [
            (begin: "", batch: "say_where(); sleep()"), (begin: "say_where(); sleep()", batch: ""),
        ]
    )
    func cancellation(begin further: String, batch: String) async throws {
        let mark = "annals-mark-\(UInt64.random(in: .min ... .max))"
        let begin = """
            def say_where():
                subprocess.Popen(['/bin/sh', '-c', 'sleep 600; true', '\(mark)'], start_new_session=True)
                open(os.environ['HOME'] + '/there', 'w').close()
            """
        let probe = try Probe(begin: begin + "\n" + further, batch: batch, needs: "seconds: 600")
        let pool = probe.pool { $0.instances = 1 }
        let waiting = (0..<3).map { _ in Task { try await pool.answers(to: [Probe.document("a")]) }
        }
        let there = probe.path + "/scratch/there"
        #expect(await Processes.wait { unsafe access(there, F_OK) == 0 })
        #expect(Processes.count(marked: mark) > 0)
        for task in waiting { task.cancel() }
        for task in waiting {
            let fault = await #expect(throws: PluginFault.self) { try await task.value }
            #expect(fault?.code == .cancelled)
        }
        #expect(await Processes.wait { Processes.count(marked: mark) == 0 })
    }

    @Test("is ended at the end, however many of it do not want to go")
    func shutDown() async throws {
        let probe = try Probe(
            document: "a['found'] = d['id']\ntime.sleep(0.05)",
            end: "sleep()",
            needs: "seconds: 20"
        )
        let pool = probe.pool { $0.instances = 4 }
        await withTaskGroup { group in
            for _ in 0..<8 { group.addTask { _ = try? await answers(probe, pool, 4) } }
        }
        let start = ContinuousClock.now
        await pool.shutDown()
        // Five seconds for all of them together.
        #expect(ContinuousClock.now - start < .seconds(15))
    }
}
