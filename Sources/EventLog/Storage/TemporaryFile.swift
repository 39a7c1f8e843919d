internal import Bytes

/// A file that gets its name only when it is whole and durable.
///
/// Its own name is `<target>.<word>.tmp` with a random word, so that two processes that both believe
/// they hold the lock never write into, or give a name to, each other's.
struct TemporaryFile: Sendable {
    let directory: StorageDirectory
    let target: String
    let file: OpenFile
    private let name: String

    /// Makes an empty file that is to be called `target`.
    static func create(
        for target: String,
        word: UInt64,
        in directory: StorageDirectory
    ) throws(LogError) -> TemporaryFile {
        let name = target + "." + Hex.string(word) + ".tmp"
        let path = directory.path + "/"
        return TemporaryFile(
            directory: directory,
            target: target,
            file: try OpenFile.create(
                path + name,
                knownAs: path + target,
                storage: directory.storage
            ),
            name: name
        )
    }

    /// Removes files that were never finished, of targets that begin so.
    static func removeAll(
        of prefixes: [String],
        in directory: StorageDirectory
    ) throws(LogError) {
        for name in try directory.names() ?? []
        where isTemporary(name) && prefixes.contains(where: name.hasPrefix) {
            try directory.removeIfPresent(name)
        }
    }

    /// Whether a file is one of these, and not one that somebody else called `.tmp`.
    private static func isTemporary(_ name: String) -> Bool {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count >= 3, parts.last == "tmp" else { return false }
        let word = parts[parts.count - 2].utf8
        return word.count == 16
            && word.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }

    /// Gives the file its name, durably, if no file has it: throws ``LogError/Code/conflict`` then.
    ///
    /// A full disk before the name is given leaves all as it was (``LogError/Code/noSpace``).
    func publish() throws(LogError) {
        try link()
        do throws(LogError) {
            try directory.removeIfPresent(name)
            try directory.synchronize()
        } catch {
            throw error.inDoubt
        }
    }

    private func link() throws(LogError) {
        let path = directory.path + "/" + name
        let target = directory.path + "/" + target
        do throws(LogError) {
            try retrying("link", path) { () throws(StorageFailure) in
                try directory.storage.link(path, to: target)
            }
        } catch {
            guard error.systemError == SystemError.fileExists else {
                throw error.explainingLinks
            }
            try checkOwner()
        }
    }

    /// The name may be taken by this very file: a call that was interrupted or repeated on its way
    /// to a server can fail after it succeeded.
    private func checkOwner() throws(LogError) {
        guard try directory.identity(of: target) != file.identity() else { return }
        throw LogError(
            .conflict,
            path: directory.path + "/" + target,
            expected: "to make this file",
            found: "one that another process made",
            hint: "open the store again: the other one's events come first"
        )
    }

    /// Puts the file in the place of the one that has its name, durably.
    func replace() throws(LogError) {
        let path = directory.path + "/" + name
        try retrying("rename", path) { () throws(StorageFailure) in
            try directory.storage.rename(path, to: directory.path + "/" + target)
        }
        try directory.synchronize()
    }

    /// Removes the file after a failure; what stays is removed when the store is opened.
    func discard() {
        try? directory.removeIfPresent(name)
    }
}

extension StorageDirectory {
    /// Writes a file beside the one of that name and puts it in its place, durably.
    func replace(
        _ name: String,
        _ write: (OpenFile) throws(LogError) -> Void
    ) throws(LogError) {
        let temporary = try TemporaryFile.create(
            for: name,
            word: storage.random(),
            in: self
        )
        do throws(LogError) {
            try write(temporary.file)
            try temporary.file.synchronize()
            try temporary.replace()
        } catch {
            temporary.discard()
            throw error
        }
    }
}

extension LogError {
    /// A failed `link`, with what can be done where that means that there is no such call.
    fileprivate var explainingLinks: LogError {
        guard let systemError, SystemError.isWithoutLinks(systemError) else { return self }
        var failure = self
        failure.expected = "a file system with hard links"
        failure.hint = "keep the store on a local file system such as ext4, xfs or btrfs"
        return failure
    }
}
