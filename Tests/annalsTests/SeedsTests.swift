import Testing

/// What must be seen on the seeds, through the command line, as scripts and people see it.
@Suite("On the seeds")
struct SeedsTests {
    @Test("a run says what it did, and everything asked for is shown")
    func everything() throws {
        let folder = try TestFolder()
        for name in ["seeds", "Pipelines"] { try folder.copy(repository: name) }
        let run = try folder.annals("run", "Pipelines/leaders.yaml", "--format", "json")
        #expect(run.status == 0)
        #expect(run.messages.isEmpty, "nothing to complain of: \(run.messages)")
        checkRun(run.output)
        try checkLeaders(folder)
        try checkTopics(folder)
        try checkDocuments(folder)
        checkExport(folder.read("out/leaders.jsonl"))
        try checkShapes(folder)
        try checkStory(folder)
        try checkPast(folder)
        try checkSecondRun(folder)
    }

    private func checkRun(_ line: String) {
        let stages = ["ingest", "clean", "deduplicate", "enrich", "export"].map {
            "{\"stage\":\"\($0)\",\"in\":2,\"kept\":2,\"dropped\":0,\"duplicates\":0,\"failed\":0}"
        }
        #expect(line.hasPrefix("{\"run\":\"r"))
        #expect(
            line.hasSuffix(
                "\",\"events\":15,\"position\":15,\"stages\":[" + stages.joined(separator: ",")
                    + "],\"unchanged\":0,\"interrupted\":false,\"resumed\":false,\"removed\":0}\n"
            )
        )
    }

    private func checkLeaders(_ folder: TestFolder) throws {
        let shown = try folder.annals("show", "leaders", "--format", "csv")
        let rows = shown.output.split(separator: "\r\n").map { $0.split(separator: ",") }
        #expect(
            rows.first?.joined(separator: ",") == "leader,name,documents,mentions,roles,first,last"
        )
        #expect(
            rows.dropFirst().map { "\($0[1]), \($0[4]): \($0[2])" } == [
                "Vladimir Putin, President of Russia: 2",
                "Donald Trump, President of the United States: 2",
                "Bashar al-Assad, President of Syria: 1",
                "King Salman, King of Saudi Arabia: 1",
            ]
        )
        let json = try folder.annals("show", "leaders", "--format", "json").output
        #expect(
            json.hasPrefix(
                "[{\"leader\":\"vladimir-putin\",\"name\":\"Vladimir Putin\",\"documents\":2,"
            )
        )
        #expect(
            json.contains("\"roles\":[\"President of Russia\"],\"first\":\"2017-11-21\",\"last\":")
        )
        let table = try folder.annals("show", "leaders").output
        #expect(table.hasPrefix("LEADER "))
        #expect(!table.contains("\u{1B}"), "no colour where there is no terminal")
    }

    private func checkTopics(_ folder: TestFolder) throws {
        let json = try folder.annals("show", "topics", "--format", "json").output
        #expect(json.hasPrefix("[{\"topic\":\"") && json.contains("\"label\":\"Syria\",\"month\":"))
        func documents(of topic: String) -> Int {
            json.split(separator: "{").filter { $0.contains("\"topic\":\"\(topic)\"") }
                .compactMap { $0.split(separator: ":").last?.prefix { $0.isNumber } }
                .compactMap { Int($0) }.reduce(0, +)
        }
        for topic in ["syria", "north-korea"] { #expect(documents(of: topic) == 2, "\(topic)") }
        for topic in ["ukraine", "iran", "afghanistan"] {
            #expect(documents(of: topic) == 1, "\(topic)")
        }
    }

    private func checkDocuments(_ folder: TestFolder) throws {
        let shown = try folder.annals("show", "documents", "--format", "json").output
        #expect(
            shown == """
                [{"document":"seeds/000_10f30bd3e028bb83.txt","source":"seeds/000_10f30bd3e028bb83.txt",\
                "title":"Putin informs Trump about talks with Assad","published":"2017-11-21",\
                "status":"kept","duplicate_of":null},\
                {"document":"seeds/004_9a6bd1c016e6402e.txt","source":"seeds/004_9a6bd1c016e6402e.txt",\
                "title":"Kremlin: Putin and Trump want to meet at G20 summit","published":null,\
                "status":"kept","duplicate_of":null}]

                """
        )
    }

    private func checkExport(_ export: String) {
        let records = export.split(separator: "\n")
        #expect(records.count == 2)
        for record in records {
            let body =
                record.split(separator: "\"text\":\"").dropFirst().first?
                .split(separator: "\",\"annotations\"").first ?? ""
            #expect(!body.isEmpty)
            for residue in [
                "Staff Reporter", "/ TRTWorld", "SOURCE:", "Comments", "Friday, July 7", "Tags",
            ] {
                #expect(!body.contains(residue), "\(residue) is left in a body")
            }
        }
        #expect(records.first?.contains("\"byline\":\"Staff Reporter\"") == true)
        #expect(records.first?.contains("\"caption\":\"US President Donald Trump meets") == true)
    }

    private func checkShapes(_ folder: TestFolder) throws {
        for empty in ["duplicates", "failures"] {
            let shown = try folder.annals("show", empty, "--format", "json")
            #expect(shown.output == "[]\n")
            let table = try folder.annals("show", empty)
            #expect(table.output.isEmpty && table.messages == "annals: \(empty) is empty\n")
        }
        let runs = try folder.annals("show", "runs", "--format", "json").output
        #expect(
            runs.hasPrefix("[{\"run\":\"r")
                && runs.contains("\"events\":15,\"stages\":[{\"stage\":")
        )
        let verified = try folder.annals("log", "verify", "--format", "json")
        #expect(
            verified.output.hasPrefix(
                "{\"events\":15,\"segments\":1,\"ok\":true,\"damage\":[],\"gaps\":[],"
                    + "\"projections\":[{\"projection\":\"leaders\",\"position\":15,"
            )
        )
        let replayed = try folder.annals("replay", "Pipelines/leaders.yaml", "--format", "json")
        #expect(
            replayed.output.hasPrefix(
                "[{\"projection\":\"leaders\",\"events\":15,\"position\":15,\"digest\":\""
            )
        )
        #expect(replayed.output.contains("\",\"seconds\":"))
        let listed = try folder.annals("log", "list", "--format", "json").output
        #expect(listed.split(separator: "\n").count == 15)
        #expect(listed.hasPrefix("{\"position\":0,\"time\":\"20"))
        let event = try folder.annals("log", "show", "2").output
        #expect(
            event.contains("\"type\":\"document.ingested\"") && event.contains("\"content\":\"")
        )
        let tail = try folder.annals("log", "tail", "-n", "1", "--format", "json").output
        #expect(
            tail.contains("\"type\":\"run.finished\"") && tail.split(separator: "\n").count == 1
        )
    }

    private func checkStory(_ folder: TestFolder) throws {
        let story = try folder.annals("explain", "Putin informs Trump")
        #expect(story.status == 0)
        for part in [
            "read from seeds/000_10f30bd3e028bb83.txt", "clean:", "unique",
            "exported to out/leaders.jsonl",
        ] {
            #expect(story.output.contains(part), "the story lacks '\(part)'")
        }
    }

    private func checkPast(_ folder: TestFolder) throws {
        // The second document begins at position 8: before it, the corpus had one.
        let then = try folder.annals("show", "documents", "--as-of", "8", "--format", "csv").output
        #expect(then.split(separator: "\r\n").count == 2)
        let beyond = try folder.annals("show", "documents", "--as-of", "99")
        #expect(beyond.status == 65, "\(beyond.messages)")
    }

    private func checkSecondRun(_ folder: TestFolder) throws {
        let before = folder.bytes("out/leaders.jsonl")
        let digests = try digests(folder)
        let again = try folder.annals("run", "Pipelines/leaders.yaml", "--format", "json")
        #expect(again.status == 0 && again.output.contains("\"events\":2,\"position\":17,"))
        #expect(again.output.contains("\"unchanged\":2"))
        #expect(folder.bytes("out/leaders.jsonl") == before)
        #expect(try self.digests(folder) == digests)
    }

    private func digests(_ folder: TestFolder) throws -> [String] {
        try folder.annals(
            "replay",
            "Pipelines/leaders.yaml",
            "leaders",
            "topics",
            "documents",
            "--format",
            "json"
        ).output.split(separator: "\"").map(String.init).filter { $0.count == 64 }
    }
}
