/// A disk that knows what of it is not synced, and so every state that a power loss can leave.
///
/// Not synced are, each on its own: the 512-byte sectors written, a file's size, a name in a
/// directory. A sector may hold any of the versions written since the last sync, the durable one,
/// or a mix; a name may be what it was after any change. What is assumed of the disk: a write that
/// is cut off changes no durable byte but those that it writes.
struct CrashDisk: Sendable {
    /// What a name stands for.
    enum Node: Hashable, Sendable {
        case file(Int)
        case directory
    }

    /// The bytes of a file now, as last synced, and all that was written between.
    struct File: Sendable {
        var bytes: [UInt8] = []
        var durable: [UInt8] = []
        var sizes: [Int] = []
        var sectors: [Int: [[UInt8]]] = [:]

        mutating func write(_ new: [UInt8], at offset: Int) {
            let end = offset + new.count
            if bytes.count < end {
                bytes += [UInt8](repeating: 0, count: end - bytes.count)
                sizes.append(end)
            }
            bytes.replaceSubrange(offset..<end, with: new)
            guard !new.isEmpty else { return }
            for sector in offset / 512...(end - 1) / 512 {
                let version = bytes[sector * 512..<min(sector * 512 + 512, bytes.count)]
                sectors[sector, default: []].append(Array(version))
            }
        }

        mutating func truncate(to size: Int) {
            if size < bytes.count {
                bytes.removeLast(bytes.count - size)
            } else {
                bytes += [UInt8](repeating: 0, count: size - bytes.count)
            }
            sizes.append(size)
        }

        mutating func synchronize() {
            durable = bytes
            sizes = []
            sectors = [:]
        }
    }

    var files: [Int: File] = [:]
    /// What each path stood for at the last sync of its directory, first, and after each change.
    var names: [String: [Node?]] = [:]

    init() {}

    /// A disk on which all of this is durable.
    init(_ image: [String: [UInt8]], directories: Set<String>) {
        let inOrder = image.sorted { $0.key < $1.key }
        for (number, (path, bytes)) in inOrder.enumerated() {
            files[number] = File(bytes: bytes, durable: bytes)
            names[path] = [.file(number)]
        }
        for path in directories { names[path] = [.directory] }
    }

    /// What a path stands for now.
    func node(_ path: String) -> Node? {
        (names[path]?.last ?? nil)
    }

    mutating func setNode(_ path: String, _ node: Node?) {
        names[path, default: [nil]].append(node)
    }

    /// Makes the names in a directory durable.
    mutating func synchronizeDirectory(_ path: String) {
        for (name, versions) in names where Self.parent(name) == path {
            names[name] = [versions.last ?? nil]
        }
    }

    /// The directory that a path lies in.
    static func parent(_ path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// The files as programs see them.
    var visible: [String: [UInt8]] {
        names.compactMapValues { versions in
            guard case .file(let number)? = versions.last ?? nil else { return nil }
            return files[number]?.bytes
        }
    }
}
