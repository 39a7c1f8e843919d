import Testing

/// `max_failed`: how many documents of a run may fail.
@Suite("An error budget")
struct ErrorBudgetTests {
    /// A pipeline over so many lines, of which those that `isBroken` names are no JSON.
    private func folder(
        _ budget: String,
        lines: Int,
        _ isBroken: (Int) -> Bool
    ) throws -> TestFolder {
        let folder = try TestFolder()
        let text = (0..<lines).map { number in
            isBroken(number)
                ? "broken\n"
                : "{\"id\":\"\(number)\",\"text\":\"w\(number) said that all is well \(number * 7)\"}\n"
        }
        try folder.write("in.jsonl", text.joined())
        try folder.write(
            "p.yaml",
            """
            pipeline: p
            store: store
            \(budget)
            stages:
              - ingest: {from: [in.jsonl]}
              - clean
              - export: {to: out.jsonl}

            """
        )
        return folder
    }

    @Test("what stays within it is a success", arguments: ["max_failed: 3", "max_failed: 1%"])
    func within(budget: String) throws {
        let folder = try folder(budget, lines: 300) { $0 % 100 == 50 }
        let outcome = try folder.annals("run", "p.yaml")
        #expect(outcome.status == 0, "\(outcome.messages)")
        #expect(outcome.messages.contains("[ingest.bad-json]"), "what failed is told all the same")
        #expect(try folder.annals("failed", "list", "--store", "store").output.contains("in.jsonl"))
    }

    @Test("without one every failure is told by the exit code, and none ends the run")
    func without() throws {
        let folder = try folder("", lines: 3000) { $0 % 2 == 0 }
        let outcome = try folder.annals("run", "p.yaml")
        #expect(outcome.status == 65)
        #expect(outcome.output.contains("ingest             3,000       1,500"))
    }

    @Test("too many end the run, at the same document for any number of jobs, and it can go on")
    func exceeded() throws {
        var logs: Set<String> = []
        for jobs in ["1", "4"] {
            let folder = try folder("max_failed: 400", lines: 3000) { $0 % 3 == 0 }
            let outcome = try folder.annals("run", "p.yaml", "--jobs", jobs)
            #expect(outcome.status == 65)
            #expect(
                outcome.messages.contains(
                    #/annals: 427 of the 1280 documents read so far failed, more than max_failed \(400\)/#
                ),
                "\(outcome.messages)"
            )
            let list = try folder.annals("log", "list", "--store", "store").output
            logs.insert(list.split(separator: "\n").map { $0.suffix(40) }.joined())
            #expect(try folder.annals("log", "verify", "--store", "store").status == 0)
            let pipeline = folder.read("p.yaml").replacing("400", with: "50%")
            try folder.write("p.yaml", pipeline)
            let rest = try folder.annals("run", "p.yaml")
            #expect(rest.status == 0, "\(rest.messages)")
            #expect(rest.output.contains("ingest             3,000       2,000"), "\(rest.output)")
            #expect(folder.read("out.jsonl").split(separator: "\n").count == 2000)
        }
        #expect(logs.count == 1)
    }

    @Test("a share is judged from a thousand documents on, and at the end")
    func share() throws {
        let early = try folder("max_failed: 0.5%", lines: 3000) { $0 < 20 }
        let stopped = try early.annals("run", "p.yaml")
        #expect(stopped.status == 65)
        #expect(
            stopped.messages.contains("20 of the 1024 documents read so far failed"),
            "\(stopped.messages)"
        )
        let few = try folder("max_failed: 5%", lines: 10) { $0 == 0 }
        let outcome = try few.annals("run", "p.yaml")
        #expect(outcome.status == 65)
        #expect(
            outcome.messages.contains("1 of 10 documents failed, more than max_failed (5%)"),
            "\(outcome.messages)"
        )
        #expect(outcome.output.contains("events appended"))
        #expect(try few.annals("run", "p.yaml").status == 0)
    }

    @Test(
        "what is no budget is refused at its place",
        arguments: ["-1", "abc", "101%", "1.5", "-1%", "nan%", "[1]", "1 %", "~", "1e2%"]
    )
    func refused(value: String) throws {
        let folder = try folder("max_failed: \(value)", lines: 3) { _ in false }
        let outcome = try folder.annals("check", "p.yaml")
        #expect(outcome.status == 65)
        #expect(outcome.messages.contains("p.yaml:3:13: error"), "\(outcome.messages)")
        #expect(
            outcome.messages.contains("\"max_failed\" must be a number of documents or a share")
        )
    }
}
