import Testing

/// `show --as-of` and `replay --until` against a recording of what was shown at the time.
@Suite("Time travel")
struct TimeTravelTests {
    /// What a store showed after a run.
    private struct Recording {
        let run: String
        let position: String
        let time: String
        /// The names of the projections, and what each showed.
        var shown: [(name: String, json: String)] = []
        var digests: [String: String] = [:]
    }

    private static let everyStore = ["documents", "duplicates", "failures", "runs"]

    /// The value of a key of JSON of ours: a text or a number.
    private static func value(_ key: String, in json: some StringProtocol) -> String {
        let parts = (" " + json).split(separator: "\"\(key)\":", maxSplits: 1)
        guard parts.count == 2 else { return "" }
        return String(parts[1].drop { $0 == "\"" }.prefix { $0 != "\"" && $0 != "," && $0 != "}" })
    }

    private func show(_ folder: TestFolder, _ name: String, asOf: String? = nil) throws -> String {
        let options = asOf.map { ["--as-of", $0] } ?? []
        let outcome = try AnnalsProcess(
            ["show", name, "--store", "store", "--format", "json"] + options,
            in: folder
        ).wait()
        #expect(outcome.status == 0, "\(name) as of \(asOf ?? "now"): \(outcome.messages)")
        return outcome.output
    }

    private func digests(_ folder: TestFolder, until: String? = nil) throws -> [String: String] {
        let options = until.map { ["--until", $0] } ?? []
        let outcome = try AnnalsProcess(
            ["replay", "--store", "store", "--format", "json"] + options,
            in: folder
        ).wait()
        #expect(outcome.status == 0, "\(outcome.messages)")
        var digests: [String: String] = [:]
        for part in outcome.output.split(separator: "{").dropFirst() {
            digests[Self.value("projection", in: part)] = Self.value("digest", in: part)
        }
        return digests
    }

    private func recorded(_ folder: TestFolder, _ declared: [String]) throws -> Recording {
        let run = try folder.annals("run", "news.yaml", "--format", "json")
        #expect([0, 65].contains(run.status), "\(run.messages)")
        let last = try folder.annals(
            "log",
            "tail",
            "-n",
            "1",
            "--store",
            "store",
            "--format",
            "json"
        ).output
        var recording = Recording(
            run: Self.value("run", in: run.output),
            position: Self.value("position", in: run.output),
            time: Self.value("time", in: last)
        )
        for name in Self.everyStore + declared {
            recording.shown.append((name, try show(folder, name)))
        }
        recording.digests = try digests(folder)
        #expect(recording.digests.count == recording.shown.count)
        return recording
    }

    /// Runs over documents that are added and changed, under a pipeline that changes, too.
    private func history(_ folder: TestFolder) throws -> [Recording] {
        try Corpus(documents: 60, files: 3).write(into: folder)
        let later = folder.read("news/part-2.jsonl")
        folder.delete("news/part-2.jsonl")
        try PipelineText.write(into: folder)
        try folder.append("news.yaml", "  why: {count: documents, by: [status, reason]}\n")
        try folder.append("news.yaml", "  together: {pairs: leaders, by: leader}\n")
        let declared = ["leaders", "topics", "why", "together"]
        var recordings = [try recorded(folder, declared)]
        try folder.write("news/part-2.jsonl", later)
        recordings.append(try recorded(folder, declared))
        let changed = folder.read("news/part-0.jsonl").split(separator: "Report ")
        try folder.write("news/part-0.jsonl", changed.joined(separator: "Changed "))
        recordings.append(try recorded(folder, declared))
        // A stricter stage, the same question by another field, and a new question.
        let text = folder.read("news.yaml").split(separator: "20..1000")
            .joined(separator: "45..1000").split(separator: "[status, reason]")
            .joined(separator: "[reason, week]")
        try folder.write("news.yaml", String(text))
        try folder.append("news.yaml", "  months: {count: documents, by: month}\n")
        recordings.append(try recorded(folder, declared + ["months"]))
        recordings.append(try recorded(folder, declared + ["months"]))
        return recordings
    }

    @Test("shows, of every projection, by run, position and time, the bytes that were shown then")
    func recording() throws {
        let folder = try TestFolder()
        let recordings = try history(folder)
        let documents = recordings.compactMap { $0.shown.first?.json }
        #expect(Set(documents).count >= 4, "each change is to be seen")
        #expect(recordings[2].shown[6].json != recordings[3].shown[6].json)
        for (number, recording) in recordings.enumerated() {
            // The last digits of an id are its own: the whole id but these begins it as well.
            let moments = [
                recording.run, String(recording.run.dropLast(2)), recording.position,
                recording.time,
            ]
            for (name, json) in recording.shown {
                for moment in moments {
                    let then = try show(folder, name, asOf: moment)
                    #expect(then == json, "\(name) after run \(number), as of \(moment)")
                }
            }
            let until = try digests(folder, until: recording.run)
            for (name, digest) in recording.digests {
                #expect(until[name] == digest, "\(name) replayed until run \(number)")
            }
            #expect(try digests(folder, until: recording.time) == until)
        }
        #expect(try show(folder, "runs", asOf: "latest") == recordings[4].shown[3].json)
        #expect(try show(folder, "runs", asOf: "previous") == recordings[3].shown[3].json)
    }

    @Test("a run that was killed is as far as it came")
    func killed() throws {
        let store = try Store(documents: 400)
        try store.killed(at: "log.promised:3")
        let shown = try show(store.folder, "documents")
        let runs = try show(store.folder, "runs")
        let run = Self.value("run", in: runs)
        #expect(runs.contains("\"finished\":null") && run.hasPrefix("r"))
        #expect(try show(store.folder, "documents", asOf: run) == shown)
        #expect(shown != "[]\n")
    }

    @Test(
        "times are taken as people write them",
        arguments: [
            ("2101-01-01", true), ("2101-01-01T10:30", true), ("2101-01-01 10:30:00", true),
            ("2101-01-01T10:30:00.5+02:00", true), ("2101-01-01T00:00-0330", true),
            ("1970-01-01", false), ("2001-01-01T10:30:00Z", false), ("52w", false), ("0s", true),
        ]
    )
    func times(moment: String, isLater: Bool) throws {
        let folder = try Self.small()
        let shown = try show(folder, "documents", asOf: moment)
        #expect(shown == (isLater ? try show(folder, "documents") : "[]\n"))
    }

    @Test(
        "what is no moment of this log is refused, with what can stand there",
        arguments: [
            ("2026-13-01", 64, "2026-03-01"), ("2026-03-01T25:00", 64, "2026-03-01"),
            ("2026-03-01T10:00:00Zulu", 64, "2026-03-01"), ("", 64, "a run's id"),
            ("99999999999999999999", 64, "position"), ("1970-01-01T00:00+02:00", 64, "a run's id"),
            ("4711", 65, "a position up to"), ("nosuch", 65, "annals show runs lists the runs"),
            ("r", 65, "write more of it"), ("previous ", 65, "the last are"),
        ]
    )
    func refusals(moment: String, status: Int32, hint: String) throws {
        let folder = try Self.small()
        for command in [["show", "documents", "--as-of", moment], ["replay", "--until", moment]] {
            let outcome = try AnnalsProcess(command + ["--store", "store"], in: folder).wait()
            #expect(outcome.status == status, "\(outcome.messages)")
            #expect(outcome.messages.contains(hint), "\(outcome.messages)")
        }
    }

    /// Two runs over two documents.
    private static func small() throws -> TestFolder {
        let folder = try TestFolder()
        try PipelineText.write(into: folder)
        for (id, word) in [("a", "word"), ("b", "other")] {
            let text = (0..<40).map { "\(word)\($0)" }.joined(separator: " ")
            try folder.write("news/\(id).jsonl", "{\"id\":\"\(id)\",\"text\":\"\(text)\"}\n")
            #expect(try folder.annals("run", "news.yaml").status == 0)
        }
        return folder
    }
}
