internal import Bytes
internal import EventLog
internal import Events
internal import Pipeline
internal import Synchronization

/// Where the log holds a plugin's answers: what was answered once is never asked again.
final class RecordedAnswers: StageMemory {
    private let plugin: String
    private let fingerprint: String
    private let state = Mutex(State())

    private struct State {
        /// Where the answer to a question stands.
        var positions: [Hash128: EventPosition] = [:]
        var reader: EventLogReader?
    }

    init(of plugin: String, fingerprint: String) {
        self.plugin = plugin
        self.fingerprint = fingerprint
    }

    func attach(_ reader: EventLogReader) {
        state.withLock { $0.reader = reader }
    }

    func restore(_ batch: borrowing EventBatch) throws {
        guard let type = batch.typeIndex(of: EventType.pluginAnswered.rawValue) else { return }
        for index in batch.indices where batch[index].typeIndex == type && !batch.isErased(index) {
            let event = try PluginAnswered(cbor: batch.facts(index))
            guard event.plugin == plugin else { continue }
            let position = batch[index].position
            state.withLock { $0.positions[Hash128(hashing: event.question)] = position }
        }
    }

    /// What is asked of a document: SHA-256, in hexadecimal.
    func question(_ document: CBORValue) -> String {
        var digest = SHA256()
        digest.update(Array(fingerprint.utf8).span)
        digest.update(document.encoded.span)
        return digest.finalize().description
    }

    /// The answers that the log holds, by question.
    func answers(to questions: [String]) throws -> [String: CBORValue] {
        let (found, reader) = state.withLock { state in
            (
                questions.compactMap { question in
                    state.positions[Hash128(hashing: question)].map { (question, $0) }
                }, state.reader
            )
        }
        guard let reader, !found.isEmpty else { return [:] }
        var wanted: [EventPosition: [String]] = [:]
        for (question, position) in found { wanted[position, default: []].append(question) }
        var answers: [String: CBORValue] = [:]
        let types: Set<String> = [EventType.pluginAnswered.rawValue]
        // Each batch is decompressed once, however many answers it holds.
        while let first = wanted.keys.min(), let last = wanted.keys.max() {
            var cursor = reader.cursor(
                from: first,
                until: last.advanced(by: 1),
                types: types,
                content: true
            )
            guard try cursor.next() else { break }
            try Self.take(from: cursor.batch, &wanted, into: &answers)
            // One that a repair gave up is asked again.
            wanted[first] = nil
        }
        return answers
    }

    private static func take(
        from batch: borrowing EventBatch,
        _ wanted: inout [EventPosition: [String]],
        into answers: inout [String: CBORValue]
    ) throws(CBORError) {
        for index in batch.indices {
            guard let questions = wanted.removeValue(forKey: batch[index].position),
                let content = batch.content(index)
            else { continue }
            let answer = try CBORValue(anyOrder: content)
            for question in questions { answers[question] = answer }
        }
    }
}
