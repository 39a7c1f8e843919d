internal import Bytes

/// The STORE file: what a store is and what a program must know to touch it (FORMAT.md §1.1).
struct StoreIdentity: Hashable, Sendable {
    var id: StoreID
    var format = Layout.format
    var compatible: UInt64 = 0
    var readOnlyCompatible: UInt64 = 0
    var incompatible: UInt64 = 0

    /// The `incompat` flag of a store that holds gaps.
    static let gaps: UInt64 = 1
    /// The `incompat` flag of a store that holds erased records.
    static let erased: UInt64 = 2

    /// The 64 bytes.
    func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.appendLittleEndian(Layout.storeMagic)
        bytes.appendLittleEndian(format)
        bytes.appendLittleEndian(UInt32(0))
        bytes.appendBigEndian(id.high)
        bytes.appendBigEndian(id.low)
        for flags in [compatible, readOnlyCompatible, incompatible] {
            bytes.appendLittleEndian(flags)
        }
        bytes.appendLittleEndian(UInt32(0))
        bytes.appendLittleEndian(Checksum.crc32c(bytes.span))
        return bytes
    }

    /// Reads STORE and refuses what this program must not touch.
    static func parse(
        _ bytes: Span<UInt8>,
        path: String,
        writing: Bool
    ) throws(LogError) -> StoreIdentity {
        guard bytes.count == Layout.storeByteCount,
            bytes.littleEndian(at: 0) == Layout.storeMagic,
            bytes.littleEndian(at: 60) == Checksum.crc32c(bytes.extracting(..<60))
        else {
            throw LogError(
                .corrupt,
                path: path,
                offset: 0,
                expected: "a store's identity",
                found: "\(bytes.count) bytes that fail their checksum",
                hint: "STORE is written once: take it from a backup of this store"
            )
        }
        let identity = StoreIdentity(
            id: StoreID(
                high: UInt64(bigEndian: bytes.littleEndian(at: 16)),
                low: UInt64(bigEndian: bytes.littleEndian(at: 24))
            ),
            format: bytes.littleEndian(at: 8),
            compatible: bytes.littleEndian(at: 32),
            readOnlyCompatible: bytes.littleEndian(at: 40),
            incompatible: bytes.littleEndian(at: 48)
        )
        try identity.check(path: path, writing: writing)
        return identity
    }

    private func check(path: String, writing: Bool) throws(LogError) {
        let hint = "a newer version of this program wrote the store: use that"
        guard format <= Layout.format else {
            throw LogError(
                .newerFormat,
                path: path,
                expected: "format \(Layout.format)",
                found: "format \(format)",
                hint: hint
            )
        }
        guard incompatible & ~(Self.gaps | Self.erased) == 0 else {
            throw LogError(
                .newerFormat,
                path: path,
                expected: "no incompatible feature but gaps and erased records",
                found: "flags \(Hex.string(incompatible))",
                hint: hint
            )
        }
        if writing, readOnlyCompatible != 0 {
            throw LogError(
                .readOnlyFeature,
                path: path,
                expected: "features that this version can write",
                found: "flags \(Hex.string(readOnlyCompatible))",
                hint: hint
            )
        }
    }
}
