internal import Bytes

/// The folder where bytes are kept that are cut out of the log.
struct Quarantine {
    let directory: String
    let storage: any LogStorage

    private var folder: StorageDirectory {
        StorageDirectory(storage: storage, path: StorePath.quarantine(directory))
    }

    /// Copies a part of a file, durably, and returns the copy's name.
    ///
    /// That is `name` and `suffix`, with a number between if it is taken.
    func keep(
        _ file: OpenFile,
        _ range: Range<UInt64>,
        name: String,
        suffix: String
    ) throws(LogError) -> String {
        try folder.create()
        let free = try freeName(name, suffix)
        let path = folder.path + "/" + free
        let copy = try OpenFile.create(path, knownAs: path, storage: storage)
        try file.copy(range, to: copy)
        try copy.synchronize()
        try synchronize()
        return free
    }

    /// Moves a file of `log/` here and returns its new name; durable on return.
    func take(_ name: String) throws(LogError) -> String {
        try folder.create()
        let free = try freeName(name, ".foreign")
        let log = StorageDirectory(storage: storage, path: StorePath.log(directory))
        try retrying("rename", log.path + "/" + name) { () throws(StorageFailure) in
            try storage.rename(log.path + "/" + name, to: folder.path + "/" + free)
        }
        // Its new name first: a power loss between may leave both, never none.
        try synchronize()
        try log.synchronize()
        return free
    }

    private func freeName(_ name: String, _ suffix: String) throws(LogError) -> String {
        let taken = Set(try folder.names() ?? [])
        var free = name + suffix
        var number = 1
        while taken.contains(free) {
            number += 1
            free = "\(name).\(number)\(suffix)"
        }
        return free
    }

    private func synchronize() throws(LogError) {
        try folder.synchronize()
        try StorageDirectory(storage: storage, path: directory).synchronize()
    }
}
