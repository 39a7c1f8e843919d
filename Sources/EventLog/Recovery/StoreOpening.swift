/// Opens a store for writing, step by step as FORMAT.md §3 has it.
struct StoreOpening {
    let directory: String
    let storage: any LogStorage
    let options: LogOptions
    private(set) var report: RecoveryReport?

    init(directory: String, storage: any LogStorage, options: LogOptions) {
        self.directory = directory
        self.storage = storage
        self.options = options
    }

    /// Takes the lock and returns a writer's state at the log's durable end.
    mutating func run() throws(LogError) -> WriterState {
        let root = StorageDirectory(storage: storage, path: directory)
        try root.create()
        let lock = try StoreLock.take(root)
        do throws(LogError) {
            return try open(root, lock)
        } catch {
            // Who lost the store meanwhile may stumble over anything: that is the news then.
            try lock.check()
            throw error
        }
    }

    private mutating func open(
        _ root: StorageDirectory,
        _ lock: StoreLock
    ) throws(LogError) -> WriterState {
        let log = StorageDirectory(storage: storage, path: StorePath.log(directory))
        let storeID = try identity(root, log)
        try log.create()
        try root.synchronize()
        let search = DurableEndSearch(directory: directory, storeID: storeID, storage: storage)
        try takeOver(lock, root, log, search)

        let head = try search.head()
        var chain = SegmentChain(directory: directory, storeID: storeID, storage: storage)
        let last = try chain.run(try search.bases())
        try search.check(head, against: last)
        try check(last, isSealedUnless: lock)
        try log.synchronize()
        let segment = try last.map { file throws(LogError) in
            try recovered(file, head: head, lock: lock)
        }
        var state = WriterState(
            directory: directory,
            storage: storage,
            options: options,
            storeID: storeID,
            lock: lock,
            head: try HeadFile.open(
                directory,
                storeID: storeID,
                newest: head,
                storage: storage
            ),
            segment: segment,
            producers: chain.producers,
            bases: chain.bases
        )
        try state.settle(after: chain.predecessor)
        // HEAD may be new.
        try root.synchronize()
        return state
    }

    /// Makes sure that no earlier writer can touch what this one builds on (FORMAT.md §3.1).
    private func takeOver(
        _ lock: StoreLock,
        _ root: StorageDirectory,
        _ log: StorageDirectory,
        _ search: DurableEndSearch
    ) throws(LogError) {
        try lock.check()
        // Remove first, list segments then: a writer from before either misses the file that it
        // was about to give a name to, or gave it in time for it to be in the list.
        if lock.excludes || lock.isUnsigned {
            try TemporaryFile.removeAll(of: ["STORE.", "HEAD."], in: root)
            try TemporaryFile.removeAll(of: [""], in: log)
        }
        if lock.isUnsigned {
            try StoreIsolation(lock: lock, root: root, log: log, search: search).run()
        }
        try lock.sign()
    }

    /// Where the lock keeps nobody out, an unsealed segment may have a living writer.
    private func check(
        _ last: SegmentFile?,
        isSealedUnless lock: StoreLock
    ) throws(LogError) {
        guard !lock.excludes, !lock.isUnsigned, let last, try last.footer() == nil else { return }
        throw LogError(
            .locked,
            path: directory,
            expected: "a sealed last segment: locks keep nobody out on this file system",
            found: "\(last.name), which another process may be writing to",
            hint: "if no process writes to the store, remove LOCK and run the command again"
        )
    }

    /// The store's identity, made if there is none.
    private func identity(
        _ root: StorageDirectory,
        _ log: StorageDirectory
    ) throws(LogError) -> StoreID {
        if let known = try StoreIdentity.read(directory, storage: storage, writing: true) {
            return known.id
        }
        if try log.names()?.contains(where: { $0.hasSuffix(".seg") }) == true {
            throw LogError(
                .corrupt,
                path: StorePath.store(directory),
                expected: "the store's identity",
                found: "segments without a STORE file",
                hint: "STORE is written once: take it from a backup of this store"
            )
        }
        let made = StoreIdentity(id: StoreID(high: storage.random(), low: storage.random()))
        // A store in a directory that a power loss takes away would be gone with all it holds.
        try root.synchronizeAncestors()
        let file = try TemporaryFile.create(for: "STORE", word: made.id.high, in: root)
        try file.file.write(made.encoded().span, at: 0)
        try file.file.synchronize()
        try file.publish()
        return made.id
    }

    /// The last segment as far as it is sound.
    private mutating func recovered(
        _ last: SegmentFile,
        head: HeadSlot?,
        lock: StoreLock
    ) throws(LogError) -> ActiveSegment {
        let recovery = TailRecovery(
            directory: directory,
            storage: storage,
            lock: lock,
            file: last,
            head: head
        )
        let result = try recovery.run()
        report = result.report
        return result.segment
    }
}

extension WriterState {
    /// Tells readers where the log ends now, after a recovery too, and removes a last segment
    /// without a batch, so that its name is free.
    fileprivate mutating func settle(after predecessor: ActiveSegment?) throws(LogError) {
        var empty: ActiveSegment?
        if let last = segment, last.isEmpty {
            empty = last
            bases[last.salt] = nil
            segment = predecessor
        }
        if let segment { producers.note(segment.summary, base: segment.base) }
        try lock?.check()
        // Both slots are written, so that one torn by a crash is whole again.
        try head.promise(segment)
        try head.promise(segment)
        try head.synchronize()
        // HEAD first: it must not name a segment that is gone.
        guard let empty else { return }
        try lock?.check()
        try log.removeIfPresent(StorePath.segmentName(base: empty.base))
        try log.synchronize()
    }
}

extension DurableEndSearch {
    /// Refuses a HEAD that promises events in a segment that is not there.
    func check(_ head: HeadSlot?, against last: SegmentFile?) throws(LogError) {
        guard let head, !head.isOfEmptyLog else { return }
        if head.position == 0, last == nil { return }
        if let last, head.base < last.base { return }
        if let last, head.base == last.base, head.salt == last.start.salt { return }
        throw missing(head)
    }
}
