internal import Glibc

/// Folders that plugins may write to while they work: emptied before, gone afterwards.
///
/// Their names hold this process's number, so that what a killed run left behind is known and
/// removed by the next.
enum Scratch {
    private static let prefix = "annals-plugin-"

    /// An empty folder for a process.
    static func make(for plugin: String) throws(PluginFault) -> String {
        _ = abandonedOnes
        let parent = folder
        var template = Array("\(parent)/\(prefix)\(getpid())-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else {
            let reason = unsafe String(cString: strerror(errno))
            throw PluginFault(
                .launch,
                plugin,
                "no scratch folder can be made in \(parent): \(reason)"
            )
        }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Removes a folder with all that is in it; follows no link.
    static func remove(_ path: String) { FolderTree.remove(path) }

    /// Removes what runs left behind that were killed, once.
    private static let abandonedOnes: Void = removeAbandoned()

    private static func removeAbandoned() {
        for name in FolderTree.names(in: folder) where name.hasPrefix(prefix) {
            let number = name.dropFirst(prefix.count).prefix { $0 != "-" }
            guard let process = pid_t(String(number)), kill(process, 0) != 0, errno == ESRCH else {
                continue
            }
            remove(folder + "/" + name)
        }
    }

    private static var folder: String {
        unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
    }
}

/// A folder and what lies in it.
package enum FolderTree {
    /// Removes a folder with all that is in it; follows no link.
    package static func remove(_ path: String) {
        guard unsafe rmdir(path) != 0, errno != ENOENT else { return }
        guard errno != ENOTDIR else {
            unsafe unlink(path)
            return
        }
        // A plugin may have taken its own right to write.
        unsafe chmod(path, 0o700)
        for name in names(in: path) {
            let entry = path + "/" + name
            if unsafe unlink(entry) != 0 { remove(entry) }
        }
        unsafe rmdir(path)
    }

    /// The names of what lies in a folder, in order; none if it cannot be read.
    package static func names(in path: String) -> [String] {
        guard let stream = unsafe opendir(path) else { return [] }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
                    unsafe String(cString: $0)
                }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}
