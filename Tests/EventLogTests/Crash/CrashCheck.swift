import EventLog

/// What must hold of a store after a power loss, before and after it is opened again.
struct CrashCheck {
    static let store = "data/store"
    static let options = LogOptions(segmentByteLimit: 5600)
    /// Every batch has so many events, so that a half one would show.
    static let batchCount = 2

    let image: CrashImage
    let promise: CrashStorage.Promise
    /// What an earlier recovery, itself interrupted, began to put into quarantine.
    var tail: [UInt8]?

    /// A violation.
    struct Fault: Error {
        let what: String
    }

    /// Checks all; returns the tail that is in quarantine now.
    func run() throws(Fault) -> [UInt8]? {
        try checkReaders()
        let storage = CrashStorage(image, promise: promise)
        let (kept, cut) = try reopen(storage)
        try attempting("going on") {
            let writer = try open(storage)
            guard writer.recovery == nil else { throw Fault(what: "recovered twice") }
            try Sample.append(to: writer, count: Self.batchCount, compression: .none)
        }
        try checkEvents(storage, count: kept + Self.batchCount)
        guard storage.openCount == 0 else { throw Fault(what: "a file stays open") }
        return cut ?? tail
    }

    /// Readers take the store as the power loss left it.
    private func checkReaders() throws(Fault) {
        guard image.files[Self.store + "/STORE"] != nil else {
            guard promise.acknowledged == 0 else { throw Fault(what: "the store is gone") }
            return
        }
        try attempting("a reader") {
            let storage = CrashStorage(image)
            let reader = try EventLogReader.open(Self.store, storage: storage)
            let end = Int(reader.end.rawValue)
            guard end <= promise.attempted, end.isMultiple(of: Self.batchCount) else {
                throw Fault(what: "a reader ends at \(end)")
            }
            guard try Sample.read(reader) == Sample.events(end) else {
                throw Fault(what: "a reader sees other events")
            }
            let damage = try LogVerifier.verify(Self.store, storage: storage).damage
            guard damage.allSatisfy({ $0.segment == "HEAD" }) else {
                throw Fault(what: "verify takes the crash for damage: \(damage)")
            }
        }
    }

    /// Runs a step; what it throws is a fault.
    private func attempting<Value>(
        _ what: String,
        _ body: () throws -> Value
    ) throws(Fault) -> Value {
        do {
            return try body()
        } catch let fault as Fault {
            throw fault
        } catch {
            throw Fault(what: "\(what): \(error)")
        }
    }

    private func open(_ storage: CrashStorage) throws -> EventLogWriter {
        try EventLogWriter.open(Self.store, storage: storage, options: Self.options)
    }

    /// Opens the store; returns where it ends and what was cut.
    private func reopen(_ storage: CrashStorage) throws(Fault) -> (kept: Int, cut: [UInt8]?) {
        let writer = try attempting("opening") { try open(storage) }
        let kept = Int(writer.nextPosition.rawValue)
        storage.acknowledge(kept)
        guard [promise.acknowledged, promise.attempted].contains(kept) else {
            throw Fault(what: "\(kept) events are left")
        }
        let after = storage.files
        let isUnfinished = { (path: String) in
            path.hasPrefix(Self.store + "/log/") && path.hasSuffix(".tmp")
        }
        guard !after.keys.contains(where: isUnfinished) else {
            throw Fault(what: "an unfinished segment is left")
        }
        let cut = try checkTails(after, writer.recovery)
        if let tail {
            let isKept = after.contains { path, bytes in
                path.hasPrefix(Self.store + "/quarantine/") && bytes == tail
            }
            guard isKept else { throw Fault(what: "an interrupted recovery lost the tail") }
        }
        return (kept, cut)
    }

    /// Of each segment the bytes are as they were, but for a tail that is in quarantine whole.
    private func checkTails(
        _ after: [String: [UInt8]],
        _ recovery: RecoveryReport?
    ) throws(Fault) -> [UInt8]? {
        var cut: [UInt8]?
        for (path, before) in image.files where path.hasSuffix(".seg") {
            var expected = before
            if let recovery, path.hasSuffix("/" + recovery.segment) {
                expected = Array(before.prefix(Int(recovery.offset)))
                let kept = after[Self.store + "/" + recovery.quarantine]
                cut = Array(before.dropFirst(Int(recovery.offset)))
                guard kept == cut else {
                    throw Fault(what: "a tail was cut that quarantine does not have")
                }
            }
            guard after[path] == expected else { throw Fault(what: "\(path) was changed") }
        }
        return cut
    }

    private func checkEvents(_ storage: CrashStorage, count: Int) throws(Fault) {
        try attempting("reading after recovery") {
            let reader = try EventLogReader.open(Self.store, storage: storage)
            guard try Sample.read(reader) == Sample.events(count) else {
                throw Fault(what: "other events than the \(count) that were appended")
            }
            guard try LogVerifier.verify(Self.store, storage: storage).ok else {
                throw Fault(what: "verify finds damage after recovery")
            }
        }
    }
}
