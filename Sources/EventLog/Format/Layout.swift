/// Sizes and limits of format 1 (FORMAT.md).
enum Layout {
    static let format: UInt32 = 1
    static let storeByteCount = 64
    static let headSlotByteCount = 512
    static let headByteCount = 1024
    static let segmentHeaderByteCount = 512
    static let segmentStartByteCount = 4096
    static let batchHeaderByteCount = 192
    static let trailerByteCount = 8
    /// A gap without content: the shortest frame there is.
    static let frameBytesMin = batchHeaderByteCount + trailerByteCount
    static let footerHeaderByteCount = 96
    static let indexEntryByteCount = 32
    static let producerEntryByteCount = 24
    static let noPredecessor = UInt64.max

    /// No position is greater, so that adding two never overflows.
    static let positionMax: UInt64 = 1 << 62
    /// No sequence in HEAD is greater, so that the next ones never overflow.
    static let sequenceMax: UInt64 = 1 << 62
    /// No file is longer: the system's offsets are signed.
    static let fileBytesMax = UInt64(Int64.max)
    static let recordsMax = 1 << 22
    static let heapBytesMax = 1 << 30
    /// Records, and a table of 131 073 names of the greatest length.
    static let metadataBytesMax = recordsMax * 32 + 131_073 * (nameBytesMax + 2)
    /// More lost events than this many gaps can stand for are a sign of forgery.
    static let gapFramesMax = 1 << 16
    static let nameBytesMax = 1024
    static let streamNameBytesMax = 4096
    /// A footer of a 64 MiB segment has some 35 KiB; this bounds what a reader allocates for one.
    static let footerBytesMax = 64 << 20
    static let indexSpacingByteCount: UInt64 = 65_536

    static let batchMagic: UInt32 = 0x3154_4241  // "ABT1"
    static let batchEndMagic: UInt32 = 0x3154_4245  // "EBT1"
    static let footerMagic: UInt32 = 0x3154_4641  // "AFT1"
    static let footerEndMagic: UInt32 = 0x3154_4645  // "EFT1"
    static let headMagic: UInt32 = 0x3144_4841  // "AHD1"
    static let storeMagic: UInt64 = 0x4F54_534C_414E_4E41  // "ANNALSTO"
    static let segmentMagic: UInt64 = 0x4745_534C_414E_4E41  // "ANNALSEG"
    static let joinMagic: UInt64 = 0x494F_4A4C_414E_4E41  // "ANNALJOI"
}

/// Names of a store's files.
enum StorePath {
    static func store(_ directory: String) -> String { directory + "/STORE" }
    static func lock(_ directory: String) -> String { directory + "/LOCK" }
    static func head(_ directory: String) -> String { directory + "/HEAD" }
    static func log(_ directory: String) -> String { directory + "/log" }
    static func quarantine(_ directory: String) -> String { directory + "/quarantine" }

    static func segment(_ directory: String, base: UInt64) -> String {
        log(directory) + "/" + segmentName(base: base)
    }

    static func segmentName(base: UInt64) -> String {
        let digits = String(base)
        return String(repeating: "0", count: 20 - digits.count) + digits + ".seg"
    }

    /// The base that a segment's file name says; nil for another name.
    static func base(ofSegmentNamed name: String) -> UInt64? {
        guard name.hasSuffix(".seg"), name.utf8.count == 24 else { return nil }
        let digits = name.dropLast(4)
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return UInt64(digits).flatMap { $0 <= Layout.positionMax ? $0 : nil }
    }
}
