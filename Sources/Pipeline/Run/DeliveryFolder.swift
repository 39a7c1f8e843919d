internal import Glibc

/// The folder of an export that lies in no file of ours: made where it is missing, and marked until
/// everything was brought there once.
struct DeliveryFolder {
    private static let marker = ".annals-incomplete"

    let path: String

    /// Makes the folder, if it is not there.
    ///
    /// - Returns: whether it holds what finished runs have brought there.
    func make() throws(RunError) -> Bool {
        guard unsafe access(path, F_OK) != 0 else {
            return unsafe access(path + "/" + Self.marker, F_OK) != 0
        }
        try ExportFile.makeFolders(for: path)
        // Never there without the mark, whenever a crash comes.
        let fresh = path + ".making"
        guard unsafe mkdir(fresh, 0o755) == 0 || errno == EEXIST else {
            throw .export(fresh, errno)
        }
        let mark = unsafe open(fresh + "/" + Self.marker, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
        guard mark >= 0 else { throw .export(fresh, errno) }
        close(mark)
        guard unsafe rename(fresh, path) == 0 else { throw .export(path, errno) }
        return false
    }

    /// Everything has been brought.
    func complete() {
        unsafe unlink(path + "/" + Self.marker)
    }
}
