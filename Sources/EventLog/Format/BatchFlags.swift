/// What is special about a batch (FORMAT.md §2.3).
struct BatchFlags: OptionSet, Hashable, Sendable {
    var rawValue: UInt16

    /// It stands for positions whose events are lost (FORMAT.md §2.6).
    static let gap = BatchFlags(rawValue: 1)
    /// Of a gap: the chain hash after it is lost, too.
    static let chainUnknown = BatchFlags(rawValue: 2)
    /// It holds erased records (FORMAT.md §2.7).
    static let erased = BatchFlags(rawValue: 4)

    /// Whether they are flags of this format, and go together.
    var isKnown: Bool {
        self == [] || self == .gap || self == [.gap, .chainUnknown] || self == .erased
    }
}

extension BatchHeader {
    /// Whether the batch stands for lost events and has none.
    var isGap: Bool { flags.contains(.gap) }

    /// Whether facts and contents of some of its records were erased.
    var holdsErased: Bool { flags.contains(.erased) }

    /// Whether the batch after this one cannot be held against its chain hash.
    var hidesChain: Bool { flags.contains(.chainUnknown) }

    /// The header of a gap: no events, names or times but those that it is given later.
    var isConsistentGap: Bool {
        let isEmpty = streamCount == 0 && typeMask == 0 && typeCount == 0 && stageCount == 0
        return isEmpty && metadataByteCount == 0 && metadataCRC == 0
            && facts == HeapExtent() && streamTableByteCount == 0
            && producer == 0 && sequence == 0
            && content.codec == HeapCodec.plain
            && (!hidesChain || chain == .zero)
    }
}
