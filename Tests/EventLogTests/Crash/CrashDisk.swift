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
        /// Sectors that a failed sync left in memory as clean: no later sync writes them.
        var unwritten: Set<Int> = []

        mutating func write(_ new: [UInt8], at offset: Int) {
            let end = offset + new.count
            if bytes.count < end {
                bytes += [UInt8](repeating: 0, count: end - bytes.count)
                sizes.append(end)
            }
            bytes.replaceSubrange(offset..<end, with: new)
            guard !new.isEmpty else { return }
            for sector in offset / 512...(end - 1) / 512 {
                unwritten.remove(sector)
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
            durable = asWritten()
            sizes = []
            sectors = [:]
        }

        /// A sync that fails: what is not written stays so, and looks as if it were.
        mutating func failToSynchronize() {
            unwritten.formUnion(sectors.keys)
            sectors = [:]
        }

        /// Forgets clean pages: unwritten sectors show what the disk holds.
        mutating func dropCache(from offset: Int) {
            let forgotten = unwritten.filter { $0 * 512 >= offset }
            guard !forgotten.isEmpty else { return }
            let written = asWritten()
            for sector in forgotten {
                let range = sector * 512..<min(sector * 512 + 512, bytes.count)
                if !range.isEmpty { bytes.replaceSubrange(range, with: written[range]) }
            }
            unwritten.subtract(forgotten)
        }

        /// The bytes, unwritten sectors as they are on the disk.
        private func asWritten() -> [UInt8] {
            var written = bytes
            for sector in unwritten where sector * 512 < bytes.count {
                for index in sector * 512..<min(sector * 512 + 512, bytes.count) {
                    written[index] = index < durable.count ? durable[index] : 0
                }
            }
            return written
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
