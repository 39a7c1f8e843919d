internal import EventLog
internal import Glibc

/// The folder of an export that lies in no file of ours.
///
/// A file in it says whose it is, and whether everything was brought there once.
struct DeliveryFolder {
    private static let marker = ".annals"

    let path: String
    /// The store whose exports it holds.
    let store: StoreID

    /// Makes the folder, if it is not there; one that holds something else is kept as
    /// `NAME.previous`.
    ///
    /// - Returns: whether it holds what finished runs have brought there.
    func make(notice: (String) -> Void) throws(RunError) -> Bool {
        var status = stat()
        if unsafe stat(path, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFDIR else { throw .exportNotFolder(path) }
            let mark = Self.text(of: path + "/" + Self.marker)
            if mark == "complete \(store)\n" { return true }
            if mark == "incomplete \(store)\n" { return false }
            if unsafe rmdir(path) != 0 { try keepForeign(notice) }
        }
        try ExportFile.makeFolders(for: path)
        // Never there without the mark, whenever a crash comes.
        let fresh = path + ".making"
        guard unsafe mkdir(fresh, 0o755) == 0 || errno == EEXIST else {
            throw .export(fresh, errno)
        }
        try mark(fresh, "incomplete")
        guard unsafe rename(fresh, path) == 0 else { throw .export(path, errno) }
        return false
    }

    /// Everything has been brought.
    func complete() throws(RunError) { try mark(path, "complete") }

    private func keepForeign(_ notice: (String) -> Void) throws(RunError) {
        var kept = path + ".previous"
        var number = 1
        while unsafe access(kept, F_OK) == 0 {
            number += 1
            kept = path + ".previous-\(number)"
        }
        guard unsafe rename(path, kept) == 0 else { throw .export(path, errno) }
        notice("\(path) was there before this store; it is now \(kept)")
    }

    private func mark(_ folder: String, _ word: String) throws(RunError) {
        let fresh = folder + "/" + Self.marker + ".new"
        let file = try ExportFile(path: fresh, truncating: true)
        try file.write(Array("\(word) \(store)\n".utf8), at: 0)
        try file.synchronize()
        try ExportFile.replace(folder + "/" + Self.marker, by: fresh)
    }

    private static func text(of path: String) -> String {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = unsafe read(descriptor, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }
}
