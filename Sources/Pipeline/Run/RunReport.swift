package import EventLog
package import Events

/// What came of a run.
package struct RunReport: Sendable {
    /// The run's id.
    package let run: String
    /// How many events it appended.
    package let events: Int
    /// The log's end: the position that the next event gets.
    package let position: EventPosition
    /// The balance of each stage.
    package let stages: [StageBalance]
    /// Documents settled by earlier runs.
    package let unchanged: Int
    /// Documents that their sources no longer hold.
    package let removed: Int
    /// Whether it was stopped before the input's end.
    package let wasInterrupted: Bool
    /// Whether it took up a run that had been interrupted.
    package let wasResumed: Bool
    /// Sources that could not be opened, of those failed.
    package let unreadableSources: Int
    /// Documents that came since the plan was made, and were left.
    package let unplanned: Int
    /// Records that failed in an earlier run and are still the same.
    package let standingFailures: Int
    /// What failed, the first of them, and sources that still cannot be opened.
    package let failures: [DocumentFailed]
    /// What was dropped, by stage and rule, most first.
    package let drops: [(rule: String, documents: Int)]
    /// Bytes that a crash had left torn and that were cut from the log.
    package let recovered: LogRecovered?

    /// Whether it said anything of any document, or left something undone.
    package var didSomething: Bool {
        removed > 0 || wasInterrupted || recovered != nil || unreadableSources > 0
            || stages.contains { $0.input > 0 }
    }
}

/// How far a run has come.
package struct RunProgress: Sendable {
    /// What has been read.
    package var read = ReadProgress(bytesRead: 0, bytesTotal: nil)
    /// Documents read.
    package var documents = 0
    /// Documents looked at again in the log.
    package var recorded = 0
    /// The balance of each stage, of what is committed.
    package var stages: [StageBalance] = []
    /// What was dropped or failed, by reason, of what is committed.
    package var reasons: [String: Int] = [:]
}

/// How a run is to be done.
package struct RunOptions: Sendable {
    /// Batches measured at a time; 0 for as many as there are processors.
    package var jobs: Int
    /// Records to read at most.
    package var limit: Int?
    /// The store's folder.
    package var store: String
    /// The failed documents to try again.
    package var retries = Retries.none
    /// Whether the sources are read; if not, only what the log holds is brought up to date.
    package var readsSources = true
    /// What it is to do and nothing else.
    package var plan: RunPlan?

    /// Sets options.
    package init(jobs: Int, limit: Int?, store: String) {
        self.jobs = jobs
        self.limit = limit
        self.store = store
    }
}
