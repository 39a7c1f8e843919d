import Testing

/// What holds of a plan and the run that follows, after any edits.
///
/// - documents that are gone are removed, those and no others; those that are new or changed are all
///   taken from the sources;
/// - every other document that the run says anything of is one that the plan names to run or to
///   decide anew, or one of as many as it says may turn out to be copies of what changes;
/// - one that the plan names to decide anew fares differently for certain, unless it is named as a copy
///   of what changes or goes;
/// - a plan without documents is followed by a run that says nothing of any document.
@Suite("Plans of edits")
struct PlanEditsTests {
    @Test("name what the run then does", arguments: 0..<setting("ANNALS_PLANS", 6))
    func held(_ seed: Int) throws {
        var store = try EditedStore(seed: UInt64(seed) &* 6007 &+ 5)
        _ = try store.run()
        var history: [String] = []
        for round in 0..<5 {
            history.append(try round % 2 == 0 ? store.editDocuments() : store.edit())
            // Now and then a run is interrupted before, and there are further edits or none.
            if (seed + round) % 3 == 0 {
                try store.interrupt(at: "group.appended:\(1 + round % 2)")
                history.append(
                    round % 2 == 0 ? "interrupted" : "interrupted, " + (try store.edit())
                )
            }
            let plain = try TestFolder()
            let copied = try store.folder.shell("cp -r news *.yaml store out '\(plain.path)'")
            try #require(copied.status == 0, "\(copied.messages)")
            let plan = try PlanFolder.Plan(
                store.folder.annals("plan", "news.yaml", "--format", "json", "--out", "plan.json")
            )
            let done = try Done(store.folder, plan) {
                try $0.annals("run", "news.yaml", "--plan", "plan.json")
            }
            done.compare(plan, "seed \(seed), round \(round): \(history)")
            let again = try Done(plain, plan) { try $0.annals("run", "news.yaml") }
            #expect(again.documents == done.documents, "\(history)")
            #expect(try Self.digests(store.folder) == Self.digests(plain), "\(history)")
            let after = try store.folder.annals("plan", "news.yaml")
            #expect(after.status == 0, "\(history) \(after.output)")
        }
    }

    private static func digests(_ folder: TestFolder) throws -> [String] {
        let replay = try AnnalsProcess(
            ["replay", "news.yaml"] + PipelineText.projections + ["--format", "json"],
            in: folder
        ).wait()
        let digests = replay.output.split(separator: "\"").map(String.init)
            .filter { $0.count == 64 }
        #expect(digests.count == PipelineText.projections.count, "\(replay.messages)")
        return digests
    }
}

/// What a run did to documents, by what it appended.
private struct Done {
    let documents: Set<String>
    /// Documents that it removed.
    let removed: Set<String>
    /// Documents that the log did not know, or knew as gone or with another text.
    let ingested: Set<String>

    init(
        _ folder: TestFolder,
        _ plan: PlanFolder.Plan,
        run: (TestFolder) throws -> AnnalsProcess.Outcome
    ) throws {
        let outcome = try run(folder)
        try #require(outcome.status == 0, "\(outcome.messages)")
        let position = try #require(plan["position"] as? Int)
        let list = try folder.annals(
            "log",
            "list",
            "--from",
            "\(position)",
            "--store",
            "store",
            "--format",
            "json"
        )
        var (documents, removed, ingested) = (Set<String>(), Set<String>(), Set<String>())
        for line in list.output.split(separator: "\n") where line.contains("\"type\":\"document.") {
            let part = line.split(separator: ",").first { $0.hasPrefix("\"stream\":") }
            guard let stream = part?.dropFirst(10).dropLast() else { continue }
            documents.insert(String(stream))
            if line.contains("\"document.removed\"") { removed.insert(String(stream)) }
            if line.contains("\"document.ingested\"") { ingested.insert(String(stream)) }
        }
        (self.documents, self.removed, self.ingested) = (documents, removed, ingested)
    }

    func compare(_ plan: PlanFolder.Plan, _ history: String) {
        func planned(_ actions: String...) -> Set<String> {
            Set(
                plan.documents.filter { actions.contains($0["action"] ?? "") }
                    .compactMap { $0["document"] }
            )
        }
        let about = "\(history)\n\(plan.text)"
        let isResumed = plan["resumes"] as? Bool == true
        #expect((plan.status == 0) == (plan.documents.isEmpty && !isResumed), "\(about)")
        if plan.status == 0 { #expect(documents.isEmpty, "\(documents) \(about)") }
        #expect(removed == planned("remove"), "\(removed) \(about)")
        let fromSources = planned("add", "change")
        #expect(fromSources.isSubset(of: ingested), "\(ingested) \(about)")
        // Only measuring tells of the others: the plan names at least those that fare differently.
        let known = fromSources.union(planned("run", "decide", "remove"))
        let others = documents.subtracting(known)
        let dependents = plan["dependents"] as? Int ?? 0
        #expect(others.count <= dependents, "\(others) \(about)")
        // What is decided on recorded measurements alone is certain.
        guard planned("change", "remove").isEmpty, !isResumed else { return }
        #expect(planned("decide").isSubset(of: documents), "\(documents) \(about)")
    }
}
