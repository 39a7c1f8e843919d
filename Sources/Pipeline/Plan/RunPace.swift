internal import EventLog
internal import Events

/// How fast the last runs went that did something.
struct RunPace {
    private static let runs = 5
    private var started: (run: String, time: UInt64)?
    private var last: [(documents: Int, microseconds: UInt64)] = []

    /// Reads the beginnings and ends of all runs.
    mutating func read(_ log: EventLogReader) throws {
        let types: Set<String> = [
            EventType.runStarted.rawValue, EventType.runFinished.rawValue,
        ]
        try log.scan(types: types) { (batch) throws in
            for index in batch.indices {
                switch batch.type(index) {
                case EventType.runStarted.rawValue: started = (batch.run, batch.time)
                case EventType.runFinished.rawValue:
                    let stages = try RunFinished(cbor: batch.facts(index)).stages
                    guard let started, started.run == batch.run, batch.time > started.time,
                        let documents = stages.first?.input, documents > 0
                    else { continue }
                    last.append((documents, batch.time - started.time))
                    if last.count > Self.runs { last.removeFirst() }
                default: continue
                }
            }
            return .continue
        }
    }

    /// How long a number of documents would take, in seconds.
    func seconds(for documents: Int) -> Double? {
        let all = last.reduce(0) { $0 + $1.documents }
        guard all > 0 else { return nil }
        let time = last.reduce(0.0) { $0 + Double($1.microseconds) }
        return time / 1e6 / Double(all) * Double(documents)
    }
}
