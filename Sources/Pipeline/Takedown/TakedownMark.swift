internal import Glibc

/// A file in the store that says that a takedown is under way: made before its first step, gone
/// after its last, so that one that was killed is noticed and completed.
package struct TakedownMark: Sendable {
    private let store: String

    /// The mark of a store.
    package init(store: String) { self.store = store }

    private var path: String { store + "/takedown.unfinished" }

    /// Whether a takedown was begun and not ended.
    package var isThere: Bool { unsafe access(path, F_OK) == 0 }

    /// Makes it, durably.
    func make() throws(RunError) {
        let file = try ExportFile(path: path)
        try file.synchronize()
        try synchronizeFolder()
    }

    /// Removes it, durably.
    package func remove() throws {
        guard unsafe unlink(path) == 0 || errno == ENOENT else {
            throw RunError.export(path, errno)
        }
        try synchronizeFolder()
    }

    private func synchronizeFolder() throws(RunError) {
        let directory = unsafe open(store, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw .export(store, errno) }
        defer { close(directory) }
        guard fsync(directory) == 0 else { throw .export(store, errno) }
    }
}
