/// A change to a store's files that no writer makes.
struct Mutation: Sendable {
    /// The kinds that are counted apart.
    enum Kind: String, CaseIterable, Sendable {
        case flip = "bits flipped"
        case cut = "files cut at a length"
        case zero = "blocks zeroed"
        case insert = "blocks doubled by insertion"
        case overwrite = "blocks overwritten by another"
        case swap = "blocks swapped"
        case move = "blocks moved between files"
        case delete = "files deleted"
        case rename = "files renamed"
        case double = "files doubled"
        case garbage = "garbage appended"
        case rewind = "files rewound to an earlier state"
    }

    let kind: Kind
    /// What was done, for the message.
    let place: String
    /// The files afterwards.
    let files: [String: [UInt8]]
    /// Why nobody need notice; nil where `verify` must.
    let harmless: String?
}

/// All mutations of a store, shown one after the other: they are too many to keep.
struct MutationSeries {
    let store: DamagedStore
    /// Whether each bit of the zeros in a first page is flipped, or one of each byte.
    let isFull: Bool

    static let blockByteCount = 512

    /// Files in order, so that a run can be repeated.
    private var paths: [String] { store.files.keys.sorted() }

    /// A file with other bytes, the first different one in `range`; nil if they are the same.
    private func changed(
        _ kind: Mutation.Kind,
        _ path: String,
        _ bytes: [UInt8],
        _ range: Range<Int>,
        _ what: String
    ) -> Mutation? {
        guard bytes != store.files[path] else { return nil }
        var files = store.files
        files[path] = bytes
        return Mutation(
            kind: kind,
            place: "\(path): \(what)",
            files: files,
            harmless: store.harmless(path, range)
        )
    }

    /// Whether the byte lies among the zeros of a segment's first page, 16 and more in a row.
    private func isZeros(_ path: String, _ bytes: [UInt8], _ offset: Int) -> Bool {
        guard path.hasSuffix(".seg"), offset < 4096 else { return false }
        return bytes[offset & ~15..<(offset & ~15) + 16].allSatisfy { $0 == 0 }
    }

    /// Flips each bit of each file; `show` also gets where.
    func flips(_ show: (Mutation, _ path: String, _ offset: Int) throws -> Void) rethrows {
        for path in paths {
            let bytes = store.files[path] ?? []
            for offset in bytes.indices {
                let isOne = !isFull && isZeros(path, bytes, offset)
                for bit in isOne ? offset & 7...offset & 7 : 0...7 {
                    var flipped = bytes
                    flipped[offset] ^= 1 << UInt8(bit)
                    let what = "bit \(bit) of byte \(offset)"
                    let range = offset..<offset + 1
                    if let made = changed(.flip, path, flipped, range, what) {
                        try show(made, path, offset)
                    }
                }
            }
        }
    }

    /// Cuts each file at each length, and lengthens it.
    func lengths(_ show: (Mutation) throws -> Void) rethrows {
        for path in paths {
            let bytes = store.files[path] ?? []
            for length in bytes.indices
            where isFull || length % 8 == 0 || !isZeros(path, bytes, length) {
                let cut = Array(bytes.prefix(length))
                let range = length..<bytes.count
                try changed(.cut, path, cut, range, "cut at \(length)").map(show)
            }
            try garbage(path, bytes, show)
        }
    }

    private func garbage(
        _ path: String,
        _ bytes: [UInt8],
        _ show: (Mutation) throws -> Void
    ) rethrows {
        for count in [1, 7, 8, 200, 512, 5000] {
            for byte in [UInt8(0), 0xA5] {
                let longer = bytes + [UInt8](repeating: byte, count: count)
                let range = bytes.count..<longer.count
                let what = "\(count) times \(byte) appended"
                try changed(.garbage, path, longer, range, what).map(show)
            }
        }
    }

    /// Zeros, doubles, overwrites and swaps blocks within each file.
    func blocks(_ show: (Mutation) throws -> Void) rethrows {
        for path in paths {
            let bytes = store.files[path] ?? []
            let starts = Array(stride(from: 0, to: bytes.count, by: Self.blockByteCount))
            for start in starts {
                let range = start..<min(start + Self.blockByteCount, bytes.count)
                let block = bytes[range]
                var zeroed = bytes
                zeroed.replaceSubrange(range, with: [UInt8](repeating: 0, count: range.count))
                try changed(.zero, path, zeroed, range, "block at \(start)").map(show)
                let inserted = bytes[..<range.upperBound] + block + bytes[range.upperBound...]
                let behind = range.upperBound..<inserted.count
                try changed(.insert, path, Array(inserted), behind, "block at \(start)").map(show)
                for other in starts where other != start {
                    let target = other..<min(other + Self.blockByteCount, bytes.count)
                    var over = bytes
                    over.replaceSubrange(target, with: block)
                    try changed(.overwrite, path, over, target, "\(start) over \(other)").map(show)
                    guard other > start else { continue }
                    over.replaceSubrange(range, with: bytes[target])
                    try changed(.swap, path, over, range, "\(start) with \(other)").map(show)
                }
            }
        }
    }

    /// Puts each block of each file over each block of another.
    func moves(_ show: (Mutation) throws -> Void) rethrows {
        let logged = paths.filter { !DamagedStore.isApart($0) }
        for source in logged {
            let from = store.files[source] ?? []
            for target in logged where target != source {
                let bytes = store.files[target] ?? []
                for start in stride(from: 0, to: from.count, by: Self.blockByteCount) {
                    let block = from[start..<min(start + Self.blockByteCount, from.count)]
                    for other in stride(from: 0, to: bytes.count, by: Self.blockByteCount) {
                        var moved = bytes
                        let end = min(other + Self.blockByteCount, bytes.count)
                        moved.replaceSubrange(other..<end, with: block)
                        let what = "\(source) \(start) over \(other)"
                        try changed(.move, target, moved, other..<end, what).map(show)
                    }
                }
            }
        }
    }
}
