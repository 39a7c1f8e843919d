package import EventLog
package import Events

/// What became of the documents of one run, stage by stage.
package struct RunCounts: Sendable {
    /// The run's id.
    package let run: String
    /// The balance of each stage.
    package let stages: [StageBalance]
    /// Documents that each stage dropped, by rule, the most first.
    package let drops: [String: [(rule: String, documents: Int)]]

    /// The last run that finished and had anything to do; nil if there is none.
    ///
    /// A run over sources that did not change moves no document, and says nothing.
    package static func last(in reader: EventLogReader) throws -> RunCounts? {
        var found: (run: String, stages: [StageBalance])?
        let finished = EventType.runFinished.rawValue
        try reader.scan(types: [finished]) { (batch) throws in
            for index in batch.indices where batch.type(index) == finished {
                let event = try RunFinished(cbor: batch.facts(index))
                guard event.stages.contains(where: { $0.input > 0 }) else { continue }
                found = (batch.run, event.stages)
            }
            return .continue
        }
        guard let found else { return nil }
        let drops = try drops(of: found.run, in: reader)
        return RunCounts(run: found.run, stages: found.stages, drops: drops)
    }

    private static func drops(
        of run: String,
        in reader: EventLogReader
    ) throws -> [String: [(rule: String, documents: Int)]] {
        var counts: [String: [String: Int]] = [:]
        let dropped = EventType.documentDropped.rawValue
        try reader.scan(types: [dropped]) { (batch) throws in
            guard batch.run == run else { return .continue }
            for index in batch.indices where batch.type(index) == dropped {
                let rule = try DocumentDropped(cbor: batch.facts(index)).rule
                counts[batch.stored(index).stage, default: [:]][rule, default: 0] += 1
            }
            return .continue
        }
        return counts.mapValues { rules in
            rules.map { (rule: $0.key, documents: $0.value) }
                .sorted { ($1.documents, $0.rule) < ($0.documents, $1.rule) }
        }
    }
}
