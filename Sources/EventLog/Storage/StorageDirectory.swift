/// Directory operations of the log, each naming itself when it fails.
struct StorageDirectory: Sendable {
    let storage: any LogStorage
    let path: String

    /// Makes the directory and those above it that are missing.
    func create() throws(LogError) {
        for (index, character) in zip(path.indices, path)
        where character == "/" && index != path.startIndex {
            try make(String(path[..<index]))
        }
        try make(path)
    }

    private func make(_ path: String) throws(LogError) {
        try retrying("make the directory", path) { () throws(StorageFailure) in
            try storage.createDirectory(path)
        }
    }

    /// The names in it; nil if there is no such directory.
    func names() throws(LogError) -> [String]? {
        do throws(LogError) {
            return try retrying("list", path) { () throws(StorageFailure) in
                try storage.list(path)
            }
        } catch {
            guard error.systemError == SystemError.noSuchFile else { throw error }
            return nil
        }
    }

    func synchronize() throws(LogError) {
        do throws(StorageFailure) {
            try storage.synchronizeDirectory(path)
        } catch {
            throw LogError(error, doing: "make the directory durable", path: path).inDoubt
        }
    }

    /// Makes durable that the directory is where it is: its own name, and those above it.
    ///
    /// A directory above that may not be opened was there before and is passed over.
    func synchronizeAncestors() throws(LogError) {
        var path = path[...]
        while path.last == "/" { path = path.dropLast() }
        while !path.isEmpty {
            let slash = path.lastIndex(of: "/")
            path = slash.map { path[..<$0] } ?? ""
            let parent = slash == nil ? "." : path.isEmpty ? "/" : String(path)
            do throws(LogError) {
                try StorageDirectory(storage: storage, path: parent).synchronize()
            } catch {
                guard error.systemError == SystemError.notPermitted else { throw error }
            }
        }
    }

    func remove(_ name: String) throws(LogError) {
        try retrying("remove", path + "/" + name) { () throws(StorageFailure) in
            try storage.remove(path + "/" + name)
        }
    }

    /// Removes a file if it is still there.
    func removeIfPresent(_ name: String) throws(LogError) {
        do throws(LogError) {
            try remove(name)
        } catch {
            guard error.systemError == SystemError.noSuchFile else { throw error }
        }
    }

    /// The file that has a name; nil if none has.
    func identity(of name: String) throws(LogError) -> FileIdentity? {
        do throws(LogError) {
            return try retrying("look at", path + "/" + name) { () throws(StorageFailure) in
                try storage.identity(at: path + "/" + name)
            }
        } catch {
            guard error.systemError == SystemError.noSuchFile else { throw error }
            return nil
        }
    }
}
