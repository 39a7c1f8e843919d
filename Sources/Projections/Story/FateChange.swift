internal import Bytes
package import EventLog
internal import Events

/// A document whose fate is another at one moment of the log than at an earlier one.
package struct FateChange: Sendable {
    /// Its identity.
    package let document: String
    /// What had become of it; nil if the log did not know it yet.
    package let before: DocumentFate?
    /// What has become of it.
    package let after: DocumentFate

    /// Joins two fates.
    package init(document: String, before: DocumentFate?, after: DocumentFate) {
        self.document = document
        self.before = before
        self.after = after
    }
}

/// What happened to documents between two moments of the log.
package struct FateChanges: Sendable {
    /// The documents whose fate changed, in the order in which the log first said so.
    package let changes: [FateChange]
    /// How many documents were stated again and came out as they were.
    package let same: Int
}

extension ProjectionEngine {
    /// Compares what had become of documents at two positions.
    ///
    /// The events between the two say which documents can have changed; what had become of those is
    /// read from the events before. Every event's facts are read once, contents never. Takes memory
    /// for the documents that were stated between the two.
    package func fateChanges(
        from earlier: EventPosition,
        to later: EventPosition
    ) throws -> FateChanges {
        var after = FateScan(only: nil)
        var cursor = reader.cursor(from: earlier, until: later)
        while try cursor.next() { try after.read(cursor.batch) }
        var before = FateScan(only: Set(after.fates.keys))
        if !after.fates.isEmpty {
            var cursor = reader.cursor(until: earlier)
            while try cursor.next() { try before.read(cursor.batch) }
        }
        var changes: [FateChange] = []
        var same = 0
        for name in after.order {
            guard let fate = after.fates[name] else { continue }
            let old = before.fates[name]
            if let old, old.isSame(as: fate) {
                same += 1
            } else {
                changes.append(
                    FateChange(
                        document: String(lossyUTF8: name.span),
                        before: old,
                        after: fate
                    )
                )
            }
        }
        return FateChanges(changes: changes, same: same)
    }
}

/// The last fate of each document in a stretch of the log.
private struct FateScan {
    /// The only streams to look at; nil for all.
    let only: Set<[UInt8]>?
    var fates: [[UInt8]: DocumentFate] = [:]
    /// The streams in order of first sight.
    var order: [[UInt8]] = []

    init(only: Set<[UInt8]>?) {
        self.only = only
    }

    mutating func read(_ batch: borrowing EventBatch) throws(ProjectionError) {
        let concerns = batch.types.map { type in
            (type.hasPrefix("document.") || type.hasPrefix("plugin:"))
                && type != EventType.pluginAnswered.rawValue
        }
        guard concerns.contains(true) else { return }
        let run = batch.run
        var last = -1
        var name: [UInt8] = []
        var isWanted = false
        for index in batch.indices where concerns[batch.typeIndex(index)] {
            let stream = batch.streamIndex(index)
            if stream != last {
                last = stream
                name = [UInt8](copying: batch.streamBytes(at: stream))
                isWanted = only?.contains(name) ?? true
            }
            guard isWanted else { continue }
            let event = try ProjectionEngine.event(index, of: batch)
            let type = event.type
            var fate = fates[name]
            if fate == nil { order.append(name) }
            if DocumentFate.begins(type, after: fate, run: run) || fate == nil {
                fate = DocumentFate(at: event.position, run: run)
            }
            fate?.apply(type: type, stage: event.stage, facts: event.payload)
            fates[name] = fate
        }
    }
}
