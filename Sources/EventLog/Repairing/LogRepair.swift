/// Puts a damaged log in order again: explicit, keeping what it replaces, never guessing.
///
/// Lost events stay lost: a gap takes their positions, so that all others keep theirs
/// (FORMAT.md §6). Take what is damaged from a backup instead, if there is one.
package enum LogRepair {
    /// What a repair would do; reads all of the log and writes nothing.
    ///
    /// Throws ``LogError/Code/beyondRepair`` for damage that leaves a choice, and
    /// ``LogError/Code/corrupt`` if STORE itself is damaged.
    package static func plan(
        _ directory: String,
        storage: any LogStorage = POSIXStorage()
    ) throws(LogError) -> RepairPlan {
        let identity = try StoreIdentity.ofStore(directory, storage: storage)
        let search = DurableEndSearch(
            directory: directory,
            storeID: identity.id,
            storage: storage
        )
        var mending = StoreMending(search: search, identity: identity)
        try mending.run()
        return mending.plan
    }

    /// Takes the store's lock, plans and does what is planned.
    ///
    /// If it fails or is killed, it can be done again and finishes what is left.
    package static func perform(
        _ directory: String,
        storage: any LogStorage = POSIXStorage()
    ) throws(LogError) -> RepairReport {
        // A lock in a directory that is no store would make it look like one.
        _ = try StoreIdentity.ofStore(directory, storage: storage)
        let lock = try StoreLock.take(StorageDirectory(storage: storage, path: directory))
        defer { withExtendedLifetime(lock) {} }
        let plan = try plan(directory, storage: storage)
        var work = RepairWork(directory: directory, storage: storage)
        try work.run(plan)
        return RepairReport(plan: plan, quarantine: work.quarantined)
    }
}
