internal import Bytes
internal import EventLog

/// Opens, reads, verifies and writes a store in every way that the program does.
///
/// Whatever is wrong must come out as an error or in the report. What does come out is held to
/// what FORMAT.md §6 guarantees: positions gapless, one answer for an event however it is asked
/// for, and a writer that opens can append and is read back.
enum StoreExercise {
    static func run(_ files: [String: [UInt8]]) {
        read(files)
        verify(files)
        write(files)
    }

    private static func attempt<Value>(
        _ body: () throws(LogError) -> Value
    ) -> Value? {
        do throws(LogError) {
            return try body()
        } catch {
            use(error.description)
            return nil
        }
    }

    private static func read(_ files: [String: [UInt8]]) {
        let disk = MemoryStorage(files)
        let opened = attempt { () throws(LogError) in
            try EventLogReader.open(SampleStore.directory, storage: disk)
        }
        guard var reader = opened else { return }
        let events = scan(reader)
        for event in events.prefix(1) + events.suffix(1) {
            let again = attempt { () throws(LogError) in
                try reader.record(at: event.record.position)
            }
            require(again == nil || again == event, "one event, two answers")
            use(attempt { () throws(LogError) in try reader.batch(holding: event.record.position) })
            use(attempt { () throws(LogError) in try reader.position(after: event.time) })
        }
        count(reader, types: ["run.started"])
        count(reader, types: Set(events.prefix(1).map(\.type)))
        use(attempt { () throws(LogError) in try reader.refresh() })
        if reader.end > .first {
            let last = reader.end.advanced(by: -1)
            use(attempt { () throws(LogError) in try reader.record(at: last, content: false) })
        }
    }

    /// Reads all there is up to the first damage; returns the events.
    private static func scan(_ reader: EventLogReader) -> [StoredEvent] {
        var events: [StoredEvent] = []
        var next: UInt64 = 0
        var cursor = reader.cursor(content: true)
        while attempt({ () throws(LogError) in try cursor.next() }) == true {
            let first = cursor.batch.firstPosition
            require(
                first.rawValue == next && cursor.batch.count > 0,
                "a gap before event \(first)"
            )
            next = first.rawValue + UInt64(cursor.batch.count)
            for index in 0..<cursor.batch.count { events.append(cursor.batch.stored(index)) }
        }
        require(next <= reader.end.rawValue, "events past the end")
        return events
    }

    private static func count(_ reader: EventLogReader, types: Set<String>) {
        var cursor = reader.cursor(types: types)
        while attempt({ () throws(LogError) in try cursor.next() }) == true {
            use(cursor.batch.indices)
        }
    }

    private static func verify(_ files: [String: [UInt8]]) {
        use(
            attempt { () throws(LogError) in
                try LogVerifier.verify(SampleStore.directory, storage: MemoryStorage(files))
            }
        )
    }

    private static func write(_ files: [String: [UInt8]]) {
        let disk = MemoryStorage(files)
        let opened = attempt { () throws(LogError) in
            try EventLogWriter.open(
                SampleStore.directory,
                storage: disk,
                options: LogOptions(segmentByteLimit: 6000)
            )
        }
        guard let writer = opened else { return }
        use(writer.recovery)
        // Enough to seal a segment and to begin another.
        for _ in 0..<4 {
            let position = writer.nextPosition
            let appended = attempt { () throws(LogError) in
                try writer.append(SampleStore.batch(at: position, count: 3), time: 1)
            }
            guard appended == position else { return }
        }
        writer.close()
        let last = writer.nextPosition.advanced(by: -1)
        let event = attempt { () throws(LogError) in
            try EventLogReader.open(SampleStore.directory, storage: disk).record(at: last)
        }
        require(event?.record.position == last, "event \(last) was appended and is not there")
    }
}
