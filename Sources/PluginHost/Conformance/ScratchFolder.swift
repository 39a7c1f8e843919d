internal import Glibc

/// A folder that goes with its owner; a class because that is when it is deleted.
final class ScratchFolder: Sendable {
    let path: String

    init(_ plugin: String) throws(PluginFault) {
        path = try Scratch.folder(of: plugin, 0)
    }

    deinit { Self.remove(path) }

    /// Deletes a folder with all that is in it; links are not followed.
    static func remove(_ path: String) {
        if let stream = unsafe opendir(path) {
            while let entry = unsafe readdir(stream) {
                let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                    unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                }
                if name == "." || name == ".." { continue }
                var status = stat()
                let inner = path + "/" + name
                guard unsafe lstat(inner, &status) == 0 else { continue }
                if status.st_mode & S_IFMT == S_IFDIR {
                    remove(inner)
                } else {
                    unsafe unlink(inner)
                }
            }
            unsafe closedir(stream)
        }
        unsafe rmdir(path)
    }
}
