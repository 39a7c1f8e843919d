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
        let file = try OpenFile.openOrCreate(path, storage: storage).file
        if try file.size() > Layout.headByteCount {
            try file.truncate(to: UInt64(Layout.headByteCount))
        }
        // Both slots are written next, so that one that nobody can count to may begin anew.
        let last = newest?.sequence ?? 0
        let sequence = last < Layout.sequenceMax / 2 ? last : 0
        return HeadFile(file: file, sequence: sequence, storeID: storeID)
    }

    /// Says that the log is durable up to the end of its newest segment, if it has one; into the
    /// slot that is older.
    mutating func promise(_ segment: ActiveSegment?) throws(LogError) {
        sequence += 1
        let slot = HeadSlot(
            sequence: sequence,
            position: segment?.end ?? 0,
            base: segment?.base ?? 0,
            offset: segment?.offset ?? 0,
            salt: segment?.salt ?? 0,
            storeID: storeID,
            chain: segment?.summary.chain ?? .zero
        )
        try file.write(slot.encoded().span, at: slot.fileOffset)
    }

    /// Makes HEAD itself durable: when the store is opened, not at each append.
    func synchronize() throws(LogError) {
        try file.synchronize()
    }
}
