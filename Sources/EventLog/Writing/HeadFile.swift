internal import Bytes

/// HEAD, open for writing: tells readers how far they may read.
struct HeadFile: Sendable {
    let file: OpenFile
    var sequence: UInt64
    let storeID: StoreID

    /// Opens HEAD, or makes it; its slots are for the caller to write.
    static func open(
        _ directory: String,
        storeID: StoreID,
        newest: HeadSlot?,
        storage: any LogStorage
    ) throws(LogError) -> HeadFile {
        let path = StorePath.head(directory)
        let file =
            if let present = try OpenFile.openIfPresent(path, writable: true, storage: storage) {
                present
            } else {
                try OpenFile.create(path, knownAs: path, storage: storage)
            }
        if try file.size() > Layout.headByteCount {
            try file.truncate(to: UInt64(Layout.headByteCount))
        }
        return HeadFile(file: file, sequence: newest?.sequence ?? 0, storeID: storeID)
    }

    /// Says that the log is durable up to there; into the slot that is older.
    mutating func promise(_ segment: ActiveSegment, position: UInt64) throws(LogError) {
        sequence += 1
        let slot = HeadSlot(
            sequence: sequence,
            position: position,
            base: segment.base,
            offset: segment.offset,
            salt: segment.salt,
            storeID: storeID,
            chain: segment.summary.chain
        )
        try file.write(slot.encoded().span, at: slot.fileOffset)
    }

    /// Makes HEAD itself durable: when the store is opened, not at each append.
    func synchronize() throws(LogError) {
        try file.synchronize()
    }
}
