internal import Glibc

/// The files and links below a plugin's folder that its digest is made of.
///
/// Names are bytes: a file system takes any, and not all of them are UTF-8.
struct FolderNames {
    /// What stands under a name.
    enum Kind: String {
        case file = "f"
        case program = "x"
        case link = "l"
    }

    struct Name {
        /// From the plugin's folder on, with slashes.
        let path: [UInt8]
        let kind: Kind

        /// As C takes it.
        func fullPath(in folder: String) -> [CChar] { FolderNames.full(folder, path) }

        /// As people read it.
        func shown(in folder: String) -> String {
            folder + "/" + String(decoding: path, as: UTF8.self)
        }
    }

    /// What an install step or a program makes is no part of the plugin.
    private static let made: Set<String> = [
        ".git", ".hg", ".svn", ".venv", ".build", ".installed", ".swiftpm", ".pytest_cache",
        ".mypy_cache", ".ruff_cache", "__pycache__", "node_modules", "Package.resolved",
        ".DS_Store",
    ]
    private static let madeEndings = [".pyc", ".pyo"]
    private static let namesMax = 100_000
    private static let depthMax = 64

    private let folder: String
    private(set) var names: [Name] = []

    init(_ folder: String) { self.folder = folder }

    /// Finds all of them.
    mutating func collect() throws(PluginLockError) { try collect([], depth: 0) }

    private mutating func collect(_ path: [UInt8], depth: Int) throws(PluginLockError) {
        let shown = path.isEmpty ? folder : folder + "/" + String(decoding: path, as: UTF8.self)
        guard depth < Self.depthMax else { throw PluginLockError(.tooMany, shown) }
        guard let stream = unsafe opendir(Self.full(folder, path)) else {
            throw PluginLockError(.unreadable, shown, errno)
        }
        defer { unsafe closedir(stream) }
        while true {
            errno = 0
            guard let entry = unsafe readdir(stream) else {
                guard errno == 0 else { throw PluginLockError(.unreadable, shown, errno) }
                return
            }
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe Array(bytes.prefix { $0 != 0 })
            }
            if Self.isMade(String(decoding: name, as: UTF8.self)) { continue }
            try add(path.isEmpty ? name : path + [0x2F] + name, depth)
        }
    }

    private mutating func add(_ path: [UInt8], _ depth: Int) throws(PluginLockError) {
        let shown = folder + "/" + String(decoding: path, as: UTF8.self)
        var status = stat()
        guard unsafe lstat(Self.full(folder, path), &status) == 0 else {
            throw PluginLockError(.unreadable, shown, errno)
        }
        guard names.count < Self.namesMax else { throw PluginLockError(.tooMany, shown) }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: try collect(path, depth: depth + 1)
        case S_IFLNK: names.append(Name(path: path, kind: .link))
        case S_IFREG:
            let isProgram = status.st_mode & S_IXUSR != 0
            names.append(Name(path: path, kind: isProgram ? .program : .file))
        default: throw PluginLockError(.neither, shown)
        }
    }

    private static func isMade(_ name: String) -> Bool {
        name == "." || name == ".." || made.contains(name)
            || madeEndings.contains { name.hasSuffix($0) }
    }

    fileprivate static func full(_ folder: String, _ path: [UInt8]) -> [CChar] {
        (Array(folder.utf8) + [0x2F] + path + [0]).map { CChar(bitPattern: $0) }
    }
}
