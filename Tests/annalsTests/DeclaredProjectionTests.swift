import Testing

/// Projections that a pipeline declares, as its author meets them.
@Suite("Declared projections")
struct DeclaredProjectionTests {
    @Test("one that is added later is answered over the old history, and no run is needed")
    func addedLater() throws {
        let store = try Store(documents: 200)
        _ = try store.run()
        let before = try store.events()
        try store.folder.append(
            "news.yaml",
            """
              fates: {count: documents, by: status}
              heads: {top: 1, of: leaders, by: leader, per: month, where: {month: {exists: true}}}
              long: {count: documents, where: {measurements.words: {">=": 60}, status: {not: failed}}}

            """
        )
        let show = { (name: String, options: [String]) in
            try AnnalsProcess(
                ["show", name, "--pipeline", "news.yaml"] + options,
                in: store.folder
            ).wait()
        }
        let fates = try show("fates", ["--format", "json"])
        #expect(fates.status == 0, "\(fates.messages)")
        let documents = try store.folder.annals(
            "show",
            "documents",
            "--store",
            "store",
            "--format",
            "json"
        ).output
        for status in ["kept", "dropped", "duplicate", "failed"] {
            let count = documents.split(separator: "\"status\":\"\(status)\"").count - 1
            #expect(fates.output.contains("{\"status\":\"\(status)\",\"documents\":\(count)}"))
        }
        let csv = try show("heads", ["--format", "csv"]).output
        #expect(csv.hasPrefix("month,rank,leader,label,documents\r\n2017-10,1,"), "\(csv)")
        #expect(try show("long", []).output.hasPrefix("DOCUMENTS\n"))
        let replayed = try store.folder.annals("replay", "news.yaml", "fates", "heads")
        #expect(replayed.status == 0 && replayed.output.contains("heads: "))
        #expect(try store.events() == before, "nothing is appended")
        let unknown = try store.folder.annals("show", "fates", "--store", "store")
        #expect(unknown.status == 64 && unknown.messages.contains("--pipeline FILE"))
        #expect(try store.folder.annals("log", "verify", "--store", "store").status == 0)
        let run = try store.run("--format", "json")
        #expect(run.output.contains("\"unchanged\":200,"))
        #expect(
            try store.folder.annals("show", "fates", "--store", "store", "--format", "json").output
                == fates.output
        )
    }

    @Test("a plugin's findings are grouped by whatever fields they have")
    func plugin() throws {
        let folder = try PluginStageTests.folder(
            stages: "  - plugin: {name: count}",
            projections: "  lengths: {index: count, by: [count, status], where: {id: words}}"
        )
        try folder.plugin("count", kind: "enrich", events: "counted", PluginStageTests.counting)
        #expect(try folder.annals("run", "news.yaml").status == 0)
        let shown = try folder.annals("show", "lengths", "--format", "json")
        #expect(
            shown.output.contains("\"status\":\"kept\",\"documents\":3,\"mentions\":3"),
            "\(shown.output)\(shown.messages)"
        )
    }

    @Test(
        "what cannot be built is refused at its place, with what was meant",
        arguments: [
            ("{count: documents, by: [staus]}", 26, "did you mean \"status\"?"),
            ("{count: documents, by: [leader]}", 26, "did you mean \"leaders.id\"?"),
            ("{count: leaders, by: [rol]}", 24, "did you mean \"role\"?"),
            ("{count: leders, by: leader}", 10, "did you mean \"leaders\"?"),
            ("{cuont: leaders, by: leader}", 3, "did you mean \"count\"?"),
            ("{top: 0, of: topics, by: topic}", 8, "integer"),
            ("{top: 3, by: topics.id}", 2, "lacks \"of\""),
            ("{pairs: [leaders, topics], by: leader}", 2, "[leader, topic]"),
            ("{count: documents, where: {status: keept}}", 29, "did you mean \"kept\"?"),
            ("{count: documents, where: {agency: {gte: 4}}}", 38, "\">=\""),
            (#"{count: documents, where: {month: ">= 2003-01"}}"#, 36, #"{">=": 2003-01}"#),
            ("{count: documents, where: {agency: [ ]}}", 37, "missing: true"),
            ("{count: documents, by: [lang.id]}", 26, "leaders.role"),
            ("{count: leaders, by: [leader, leader]}", 32, "twice"),
            ("{count: leaders, index: leaders}", 2, "only one of"),
        ]
    )
    func refusals(declaration: String, column: Int, hint: String) throws {
        let folder = try TestFolder()
        try PipelineText.write(into: folder)
        try folder.append("news.yaml", "  x: \(declaration)\n")
        let outcome = try folder.annals("check", "news.yaml")
        #expect(outcome.status == 65)
        #expect(outcome.messages.contains("news.yaml:18:\(column + 4)"), "\(outcome.messages)")
        #expect(outcome.messages.contains(hint), "\(outcome.messages)")
    }
}
