import EventLog

/// What a power loss leaves of a disk.
struct CrashImage: Hashable, Sendable {
    var files: [String: [UInt8]] = [:]
    var directories: Set<String> = []
}

extension CrashDisk {
    /// One thing that may be lost on its own.
    enum Unsynced: Hashable {
        case name(String)
        case size(Int)
        case sector(file: Int, Int)
    }

    /// What became of a thing: which of its versions is on the disk; 0 is the durable one.
    struct Fate {
        var version: Int
        /// How many bytes of the version arrived, of a sector only.
        var byteCount = 512
    }

    /// What fills room that a file got and nothing was written to.
    enum Filling: CaseIterable {
        case zeros, garbage, stale
    }

    /// Everything that is not synced, in an order that is the same each time.
    var unsynced: [(thing: Unsynced, versions: Int)] {
        var things: [(Unsynced, Int)] = []
        for (path, versions) in names.sorted(by: { $0.key < $1.key }) where versions.count > 1 {
            things.append((.name(path), versions.count))
        }
        for (number, file) in files.sorted(by: { $0.key < $1.key }) {
            if !file.sizes.isEmpty { things.append((.size(number), file.sizes.count + 1)) }
            for (sector, versions) in file.sectors.sorted(by: { $0.key < $1.key }) {
                things.append((.sector(file: number, sector), versions.count + 1))
            }
        }
        return things
    }

    /// The disk after a power loss; what `fates` does not name is as it was last synced.
    func image(filling: Filling, _ fates: [Unsynced: Fate]) -> CrashImage {
        var nodes: [String: Node] = [:]
        for (path, versions) in names {
            let version = fates[.name(path)]?.version ?? 0
            if let node = versions[version] { nodes[path] = node }
        }
        var image = CrashImage()
        for (path, node) in nodes where isReachable(path, nodes) {
            switch node {
            case .directory: image.directories.insert(path)
            case .file(let number):
                image.files[path] = bytes(of: number, filling: filling, fates)
            }
        }
        return image
    }

    private func isReachable(_ path: String, _ nodes: [String: Node]) -> Bool {
        let parent = Self.parent(path)
        return parent == "." || parent == "/"
            || nodes[parent] == .directory && isReachable(parent, nodes)
    }

    private func bytes(
        of number: Int,
        filling: Filling,
        _ fates: [Unsynced: Fate]
    ) -> [UInt8] {
        guard let file = files[number], !file.sizes.isEmpty || !file.sectors.isEmpty else {
            return files[number]?.bytes ?? []
        }
        let version = fates[.size(number)]?.version ?? 0
        let size = version > 0 ? file.sizes[version - 1] : file.durable.count
        var bytes = Array(file.durable.prefix(size))
        let fill = filler(filling, file)
        while bytes.count < size { bytes.append(fill(bytes.count)) }
        for (sector, versions) in file.sectors where sector * 512 < size {
            guard let chosen = fates[.sector(file: number, sector)], chosen.version > 0 else {
                continue
            }
            let written = versions[chosen.version - 1].prefix(chosen.byteCount)
            let end = min(sector * 512 + written.count, size)
            bytes.replaceSubrange(sector * 512..<end, with: written.prefix(end - sector * 512))
        }
        return bytes
    }

    private func filler(_ filling: Filling, _ file: File) -> (Int) -> UInt8 {
        switch filling {
        case .zeros: { _ in 0 }
        case .garbage: { UInt8(truncatingIfNeeded: $0 &* 0x9E37 >> 5) | 1 }
        // Blocks that a deleted copy of the file had, at another place.
        case .stale: { file.durable.isEmpty ? 0x41 : file.durable[$0 % file.durable.count] }
        }
    }
}
