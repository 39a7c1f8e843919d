internal import Bytes

/// Does what was planned; the store's lock is held.
///
/// Each step is durable before the next begins, and after each the store can be planned anew.
struct RepairWork {
    let directory: String
    let storage: any LogStorage
    /// The files kept or moved away so far, relative to the store.
    private(set) var quarantined: [String] = []

    init(directory: String, storage: any LogStorage) {
        self.directory = directory
        self.storage = storage
    }

    private var log: StorageDirectory {
        StorageDirectory(storage: storage, path: StorePath.log(directory))
    }

    private var quarantine: Quarantine { Quarantine(directory: directory, storage: storage) }

    mutating func run(_ plan: RepairPlan) throws(LogError) {
        if let identity = plan.identity {
            let root = StorageDirectory(storage: storage, path: directory)
            try root.replace("STORE") { file throws(LogError) in
                try file.write(identity.encoded().span, at: 0)
            }
        }
        for case .quarantine(let file, _) in plan.steps {
            quarantined.append("quarantine/" + (try quarantine.take(file)))
        }
        try rename(plan)
        for segment in plan.segments { try write(segment) }
    }

    /// Two files may have changed places: each is copied beside before one takes another's name,
    /// and no copy goes before the next is durable.
    private func rename(_ plan: RepairPlan) throws(LogError) {
        var moves: [(from: String, between: String, to: String)] = []
        for case .rename(let file, let target) in plan.steps {
            let between = target.dropLast(4) + SegmentInventory.betweenNames
            moves.append((file, String(between), target))
        }
        for move in moves where move.from != move.between {
            try copy(move.from, to: move.between)
        }
        for move in moves { try copy(move.between, to: move.to) }
        let targets = Set(moves.map(\.to))
        for move in moves {
            try log.removeIfPresent(move.between)
            if move.from != move.between, !targets.contains(move.from) {
                try log.removeIfPresent(move.from)
            }
        }
        if !moves.isEmpty { try log.synchronize() }
    }

    private func copy(_ name: String, to target: String) throws(LogError) {
        let path = log.path + "/" + name
        let source = try OpenFile.open(path, writable: false, storage: storage)
        try log.replace(target) { file throws(LogError) in
            try source.copy(0..<source.size(), to: file)
        }
    }

    private mutating func write(_ segment: SegmentRewrite) throws(LogError) {
        var source: OpenFile?
        if segment.hasFile {
            let path = log.path + "/" + segment.name
            let file = try OpenFile.open(path, writable: false, storage: storage)
            let kept = try quarantine.keep(
                file,
                0..<file.size(),
                name: String(segment.name.dropLast(4)),
                suffix: ".damaged"
            )
            quarantined.append("quarantine/" + kept)
            source = file
        }
        try log.replace(segment.name) { file throws(LogError) in
            try segment.write(to: file, from: source)
        }
    }
}

extension SegmentRewrite {
    /// Writes the whole file; where nothing is written it is zero.
    fileprivate func write(to file: OpenFile, from source: OpenFile?) throws(LogError) {
        try file.write(start.encoded().span, at: 0)
        if let source {
            let begin = UInt64(Layout.segmentStartByteCount)
            let last = min(end, try source.size())
            if begin < last { try source.copy(begin..<last, to: file, at: begin) }
        }
        for gap in gaps {
            let range = gap.contentRange
            var content = try source?.bytes(at: range.lowerBound, count: range.count) ?? []
            content += [UInt8](repeating: 0, count: range.count - content.count)
            let (header, trailer) = gap.encoded(around: content)
            try file.write(header.span, at: gap.offset)
            try file.write(trailer.span, at: range.upperBound)
        }
        try file.write(footer.span, at: end)
    }
}
