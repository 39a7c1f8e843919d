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
        let log = StorageDirectory(storage: storage, path: StorePath.log(directory))
        try root.create()
        let lock = try StoreLock.take(directory, storage: storage)
        let storeID = try identity(root, log)
        try log.create()
        try root.synchronize()

        let search = DurableEndSearch(directory: directory, storeID: storeID, storage: storage)
        let head = try search.head()
        var chain = SegmentChain(directory: directory, storeID: storeID, storage: storage)
        let last = try chain.run(try search.bases())
        try search.check(head, against: last)
        try log.synchronize()
        let segment = try segment(last, head: head, storeID: storeID)
        // Not before all is proved to be there: a refused store is left as it was.
        for name in try log.names() ?? [] where name.hasSuffix(".tmp") { try log.remove(name) }
        chain.note(segment.summary, base: segment.base)

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
            producers: chain.producers
        )
        try state.announce()
        // HEAD may be new.
        try root.synchronize()
        return state
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
        _ = try root.install("STORE", made.encoded())
        return made.id
    }

    /// The segment to write to.
    private mutating func segment(
        _ last: SegmentFile?,
        head: HeadSlot?,
        storeID: StoreID
    ) throws(LogError) -> ActiveSegment {
        guard let last else {
            let start = SegmentStart(salt: storage.random(), storeID: storeID, base: 0)
            return try ActiveSegment.create(directory, start: start, storage: storage)
        }
        let recovery = TailRecovery(
            directory: directory,
            storage: storage,
            file: last,
            head: head
        )
        let result = try recovery.run()
        report = result.report
        return result.segment
    }
}

extension WriterState {
    /// Tells readers where the log ends now, after a recovery too.
    ///
    /// Both slots are written, so that one torn by a crash is whole again.
    mutating func announce() throws(LogError) {
        if segment.isSealed { try startSegment() }
        try head.promise(segment, position: segment.end)
        try head.promise(segment, position: segment.end)
        try head.synchronize()
    }
}

extension DurableEndSearch {
    /// Refuses a HEAD that promises events in a segment that is not there.
    func check(_ head: HeadSlot?, against last: SegmentFile?) throws(LogError) {
        guard let head else { return }
        if head.position == 0, last == nil { return }
        if let last, head.base < last.base { return }
        if let last, head.base == last.base, head.salt == last.start.salt { return }
        throw missing(head)
    }
}
