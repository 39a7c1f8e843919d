internal import Bytes

/// A file in `log/`, as far as its first page can be read.
struct FoundSegment: Hashable, Sendable {
    /// Its name now.
    var file: String
    /// The base that it has or will have by name.
    var base: UInt64
    /// Its salt, if its header block is sound.
    var salt: UInt64?
    /// Its join block, if that is sound; its salt counts only with a sound header block.
    var join: SegmentStart?
    var byteCount: UInt64

    /// The name that it must have.
    var name: String { StorePath.segmentName(base: base) }
}

/// Which files there are, where they belong, and which belong nowhere.
struct SegmentInventory {
    /// What a repair calls a file between two names, so that two can change places.
    static let betweenNames = ".seg.misplaced"

    let search: DurableEndSearch
    /// The files that have a place, in order.
    private(set) var segments: [FoundSegment] = []
    /// The files that have none, with the reason.
    private(set) var surplus: [(file: String, reason: String)] = []

    init(search: DurableEndSearch) {
        self.search = search
    }

    mutating func run() throws(LogError) {
        let log = StorageDirectory(storage: search.storage, path: StorePath.log(search.directory))
        let names = try log.names() ?? []
        var astray: [FoundSegment] = []
        for name in names.sorted()
        where name.hasSuffix(".seg") || name.hasSuffix(Self.betweenNames) {
            guard let found = try look(at: name) else { continue }
            if found.file == found.name {
                segments.append(found)
            } else {
                astray.append(found)
            }
        }
        try place(astray)
        segments.sort { $0.base < $1.base }
    }

    /// Reads a first page; nil if the file has no place.
    private mutating func look(at name: String) throws(LogError) -> FoundSegment? {
        let path = StorePath.log(search.directory) + "/" + name
        let file = try OpenFile.open(path, writable: false, storage: search.storage)
        let page = try file.bytes(at: 0, count: Layout.segmentStartByteCount)
        let size = try file.size()
        let named = StorePath.base(ofSegmentNamed: name)
        guard page.count == Layout.segmentStartByteCount else {
            surplus.append((name, "a file too short for a segment"))
            return nil
        }
        do throws(StartFault) {
            let salt = try sound { () throws(StartFault) in try SegmentStart.parseHeader(page.span)
            }
            let join = try sound { () throws(StartFault) in
                try SegmentStart.parseJoin(page.span, salt: salt ?? 0)
            }
            if let join, join.storeID != search.storeID {
                surplus.append((name, "a segment of store \(join.storeID)"))
                return nil
            }
            guard let base = join?.base ?? named, base <= Layout.positionMax else {
                surplus.append((name, "a file that is no segment"))
                return nil
            }
            return FoundSegment(
                file: name,
                base: base,
                salt: salt,
                join: join,
                byteCount: size
            )
        } catch {
            throw LogError(
                .newerFormat,
                path: path,
                expected: "a segment of format \(Layout.format)",
                found: error.rawValue
            )
        }
    }

    /// What a block says; nil if it is damaged.
    private func sound<Value>(
        _ read: () throws(StartFault) -> Value
    ) throws(StartFault) -> Value? {
        do throws(StartFault) {
            return try read()
        } catch {
            guard error != .format else { throw error }
            return nil
        }
    }

    /// Gives those under a wrong name the place that their join block names, if it is empty.
    private mutating func place(_ astray: [FoundSegment]) throws(LogError) {
        for found in astray {
            if let holder = segments.first(where: { $0.base == found.base }) {
                guard holder.join != nil else { throw doubtful(found, holder) }
                surplus.append((found.file, "another file is segment \(found.base)"))
            } else {
                segments.append(found)
            }
        }
    }

    private func doubtful(_ found: FoundSegment, _ holder: FoundSegment) -> LogError {
        LogError(
            .beyondRepair,
            path: StorePath.log(search.directory) + "/" + holder.file,
            offset: 512,
            expected: "a join block that tells which file is segment \(found.base)",
            found: "a damaged one, and \(found.file) says that it is that segment",
            hint: "nothing was changed; move the one that is wrong away"
        )
    }
}
