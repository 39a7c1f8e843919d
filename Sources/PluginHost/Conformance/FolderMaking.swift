internal import Glibc

/// Makes folders.
enum FolderMaking {
    /// Makes a folder that only its owner can enter, unless it is there.
    static func make(_ path: String) { _ = unsafe mkdir(path, 0o700) }
}
