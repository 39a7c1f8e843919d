import EventLog
import Synchronization
import Testing

/// A writer is stopped, somebody removes LOCK, another writer goes on, the first wakes up.
@Suite("A writer whose lock was taken")
struct FencingTests {
    private static let options = LogOptions(segmentByteLimit: 9000)

    /// What the writer is stopped in the middle of.
    enum Work: CaseIterable {
        case firstAppend, append, roll, appendAfterSealed, adopt, adoptAfterSealed

        /// Opens a store and does all that comes before.
        func prepare(_ storage: any LogStorage) throws -> EventLogWriter {
            try Sample.segment("second", events: 0..<6, batches: 2, storage: storage)
            try Sample.segment("other", events: 0..<3, storage: storage)
            let writer = try EventLogWriter.open("store", storage: storage, options: options)
            let batches = [Work.firstAppend: 0, .roll: 3][self] ?? 2
            for _ in 0..<batches { try Sample.append(to: writer, count: 6, run: "before") }
            if self == .adoptAfterSealed || self == .appendAfterSealed {
                try writer.adopt(segmentAt: "other")
            }
            return writer
        }

        /// Does it; returns where its six events begin.
        func run(_ writer: EventLogWriter) throws(LogError) -> EventPosition {
            switch self {
            case .adopt, .adoptAfterSealed: try writer.adopt(segmentAt: "second")
            default: try Sample.append(to: writer, count: 6, run: "stopped")
            }
        }

        /// The run of its events.
        var name: String { self == .adopt || self == .adoptAfterSealed ? "second" : "stopped" }
    }

    /// The writer that goes on, and what it was told is in the log.
    private final class Successor: Sendable {
        private let writer = Mutex<EventLogWriter?>(nil)
        private let acknowledged = Mutex<[EventPosition]>([])

        /// Takes LOCK away and goes on; over several segments.
        func takeOver(_ disk: MemoryStorage) {
            try? disk.remove("store/LOCK")
            open(disk)
        }

        func open(_ disk: MemoryStorage) {
            do {
                let opened = try EventLogWriter.open("store", storage: disk, options: options)
                writer.withLock { $0 = opened }
                for _ in 0..<5 { try append() }
            } catch {
                Issue.record(error)
            }
        }

        func append() throws {
            guard let writer = writer.withLock(\.self) else { return }
            let position = try Sample.append(to: writer, count: 6, run: "successor")
            acknowledged.withLock { $0.append(position) }
        }

        /// Appends once more; then all that was acknowledged to it, and to the one that was
        /// stopped, must be in the log, and nothing else but that one's last batch.
        func check(
            _ disk: MemoryStorage,
            stopped: EventPosition?,
            name: String,
            _ place: Comment
        ) throws {
            // Before anything is written again: readers see all of it.
            let end = acknowledged.withLock { $0.last }?.advanced(by: 6)
            #expect(try EventLogReader.open("store", storage: disk).end == end, place)
            try append()
            writer.withLock { writer in
                writer?.close()
                writer = nil
            }
            let report = try LogVerifier.verify("store", storage: disk)
            #expect(report.ok, "\(place) \(report.damage)")
            let runs = try Sample.runs("store", storage: disk)
            #expect(report.events == UInt64(runs.count), place)
            let positions = acknowledged.withLock(\.self)
            #expect(positions.count == 6, place)
            for position in positions {
                let first = Int(position.rawValue)
                #expect(runs[first..<first + 6].allSatisfy { $0 == "successor" }, place)
            }
            #expect(runs.count { $0 == "successor" } == 36, place)
            if let first = stopped.map({ Int($0.rawValue) }) {
                #expect(runs[first..<first + 6].allSatisfy { $0 == name }, place)
            }
            #expect([0, 6].contains(runs.count { $0 == name }), place)
            #expect(!disk.files.keys.contains { $0.hasSuffix(".tmp") }, place)
        }
    }

    @Test(
        "stopped at any call, it acknowledges what is in the log, or nothing",
        arguments: Work.allCases
    )
    func stopped(work: Work) throws {
        var acknowledgements = 0
        for call in 0... {
            let process = StoppedProcess(MemoryStorage())
            let writer = try work.prepare(process.storage)
            let successor = Successor()
            process.stop(before: call) { successor.takeOver(process.disk) }
            let acknowledged = Self.run(work, writer, process, "\(work) at \(call)")
            guard process.wasStopped else {
                #expect(call > 4)
                break
            }
            if acknowledged != nil { acknowledgements += 1 }
            try successor.check(
                process.disk,
                stopped: acknowledged,
                name: work.name,
                "\(work) at call \(call)"
            )
        }
        // Only before the last call, which tells readers, it is certain already.
        #expect(acknowledgements == 1)
    }

    /// Works until the end; having been stopped, the writer must not get another batch in.
    private static func run(
        _ work: Work,
        _ writer: EventLogWriter,
        _ process: StoppedProcess,
        _ place: Comment
    ) -> EventPosition? {
        var acknowledged: EventPosition?
        do throws(LogError) {
            acknowledged = try work.run(writer)
        } catch {
            #expect(error.code == .fenced, "\(place) \(error)")
            #expect(error.hint.contains("pid 4711 on test holds the store"), place)
        }
        guard process.wasStopped else { return acknowledged }
        let again = #expect(throws: LogError.self, place) {
            try Sample.append(to: writer, count: 6, run: "again")
        }
        #expect([.fenced, .poisoned].contains(again?.code), place)
        return acknowledged
    }

    @Test(
        "it is kept out even if the next one died while opening, at any call, and a third goes on",
        arguments: [Work.append, .roll]
    )
    func successorDies(work: Work) throws {
        let step = loopCount("EVENTLOG_FENCING_STEP", default: 3)
        for call in 0... {
            var wasStopped = false
            var death = 0
            var wasKilled = true
            while wasKilled {
                let process = StoppedProcess(MemoryStorage())
                let writer = try work.prepare(process.storage)
                let successor = Successor()
                let killed = Mutex(false)
                let ordinal = death
                process.stop(before: call) {
                    try? process.disk.remove("store/LOCK")
                    let dying = FaultyStorage(process.disk, at: ordinal, .stop)
                    _ = try? EventLogWriter.open("store", storage: dying, options: Self.options)
                    killed.withLock { $0 = dying.hit != nil }
                    successor.open(process.disk)
                }
                let place: Comment = "\(work) at call \(call), death at \(death)"
                let acknowledged = Self.run(work, writer, process, place)
                wasStopped = process.wasStopped
                wasKilled = wasStopped && killed.withLock(\.self)
                guard wasStopped else { break }
                try successor.check(
                    process.disk,
                    stopped: acknowledged,
                    name: work.name,
                    place
                )
                death += step
            }
            if !wasStopped { break }
        }
    }

    @Test("stopped at any call of opening, it harms nothing either", arguments: [false, true])
    func stoppedWhileOpening(isTorn: Bool) throws {
        let before = MemoryStorage()
        let first = try Work.append.prepare(before)
        first.close()
        var files = before.files
        if isTorn { files[RecoveryTests.segment]? += [UInt8](repeating: 7, count: 900) }
        for call in 0... {
            let process = StoppedProcess(MemoryStorage(files))
            let successor = Successor()
            process.stop(before: call) {
                successor.takeOver(process.disk)
                process.disk.extendLastSegment()
            }
            let place: Comment = "call \(call)"
            do throws(LogError) {
                let writer = try EventLogWriter.open(
                    "store",
                    storage: process.storage,
                    options: Self.options
                )
                guard process.wasStopped else { break }
                try Sample.append(to: writer, count: 6, run: "stopped")
                Issue.record("\(place): it wrote")
            } catch {
                #expect([.fenced, .locked].contains(error.code), "\(place) \(error)")
            }
            #expect(process.disk.lastSegment.suffix(100).allSatisfy { $0 == 7 }, place)
            try successor.check(process.disk, stopped: nil, name: "stopped", place)
        }
    }

    @Test("the same on a real disk, and readers follow the one that goes on")
    func realDisk() throws {
        let directory = TemporaryDirectory()
        let path = directory.path + "/store"
        let first = try EventLogWriter.open(path)
        try Sample.append(to: first, count: 6, run: "before")
        var reader = try EventLogReader.open(path)
        try POSIXStorage().remove(path + "/LOCK")
        let second = try EventLogWriter.open(path)
        #expect(second.recovery == nil)
        #expect(throws: LogError.self) { try EventLogWriter.open(path) }
        try Sample.append(to: second, count: 6, run: "successor")
        let error = #expect(throws: LogError.self) {
            try Sample.append(to: first, count: 6, run: "stopped")
        }
        #expect(error?.code == .fenced)
        #expect(error?.hint.contains(POSIXStorage().processIdentity()) == true)
        try Sample.append(to: second, count: 6, run: "successor")
        try reader.refresh()
        #expect(reader.end == EventPosition(18))
        first.close()
        second.close()
        let runs = try Sample.runs(path, storage: POSIXStorage())
        #expect(
            runs == ["before", "successor", "successor"].flatMap { Array(repeating: $0, count: 6) }
        )
        #expect(try LogVerifier.verify(path).ok)
        #expect(try EventLogWriter.open(path).recovery == nil)
    }
}

extension MemoryStorage {
    /// The bytes of the newest segment.
    fileprivate var lastSegment: [UInt8] {
        files.filter { $0.key.hasSuffix(".seg") }.max { $0.key < $1.key }?.value ?? []
    }

    /// Writes what a batch may look like when half of it is written.
    fileprivate func extendLastSegment() {
        guard let path = files.keys.filter({ $0.hasSuffix(".seg") }).max(),
            let file = try? open(path, writable: true)
        else { return }
        let half = [UInt8](repeating: 7, count: 100)
        _ = try? write(file, half.span, at: UInt64(lastSegment.count))
        close(file)
    }
}
