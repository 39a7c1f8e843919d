internal import Bytes

/// What is special about a segment that was repaired (FORMAT.md §2.5).
struct FooterFlags: OptionSet, Hashable, Sendable {
    var rawValue: UInt32

    /// It holds gaps: the next segment may remember another length of it.
    static let gaps = FooterFlags(rawValue: 1 << 31)
    /// It ends with a gap whose chain hash is lost.
    static let chainUnknown = FooterFlags(rawValue: 1 << 30)

    /// Those among the bits of a footer's word; the others are its number of index entries.
    static let all: FooterFlags = [.gaps, .chainUnknown]
}

/// What a sealed segment says about itself; all of it follows from its batches (FORMAT.md §2.5).
struct SegmentFooter: Hashable, Sendable {
    /// A place to start reading, with what may be found from there to the next entry.
    struct IndexEntry: Hashable, Sendable {
        var relativePosition: UInt64
        var offset: UInt64
        var time: UInt64
        var typeMask: UInt64
    }

    /// A producer's newest batch.
    struct ProducerMark: Hashable, Sendable {
        var sequence: UInt64
        var relativePosition: UInt64
    }

    /// How often and when a type occurs.
    struct TypeSummary: Hashable, Sendable {
        var events: UInt64
        var firstTime: UInt64
        var lastTime: UInt64

        mutating func add(_ count: UInt64, at time: UInt64) {
            events += count
            firstTime = min(firstTime, time)
            lastTime = max(lastTime, time)
        }
    }

    var salt: UInt64
    var events: UInt64 = 0
    var batches: UInt64 = 0
    var firstTime = UInt64.max
    var lastTime: UInt64 = 0
    var chain = SHA256Digest.zero
    var flags: FooterFlags = []
    var index: [IndexEntry] = []
    var producers: [UInt64: ProducerMark] = [:]
    var types: [String: TypeSummary] = [:]

    init(salt: UInt64) {
        self.salt = salt
    }

    /// The union of the masks of all batches.
    var typeMask: UInt64 { index.reduce(0) { $0 | $1.typeMask } }

    /// Takes in the batch at an offset.
    mutating func add(
        _ header: BatchHeader,
        at offset: UInt64,
        typeCounts: [(type: String, count: UInt64)]
    ) {
        events += UInt64(header.recordCount)
        batches += 1
        chain = header.chain
        note(header)
        if let last = index.last, offset - last.offset < Layout.indexSpacingByteCount {
            index[index.count - 1].typeMask |= header.typeMask
        } else {
            index.append(
                IndexEntry(
                    relativePosition: header.relativePosition,
                    offset: offset,
                    time: header.time,
                    typeMask: header.typeMask
                )
            )
        }
        if header.producer != 0 {
            producers[header.producer] = ProducerMark(
                sequence: header.sequence,
                relativePosition: header.relativePosition
            )
        }
        for (type, count) in typeCounts {
            types[type, default: TypeSummary(events: 0, firstTime: .max, lastTime: 0)]
                .add(count, at: header.time)
        }
    }

    /// Takes in a batch's flags, and its time unless it is a gap: that has none of its own.
    private mutating func note(_ header: BatchHeader) {
        if header.isGap {
            flags.insert(.gaps)
        } else {
            firstTime = min(firstTime, header.time)
            lastTime = max(lastTime, header.time)
        }
        if header.hidesChain {
            flags.insert(.chainUnknown)
        } else {
            flags.remove(.chainUnknown)
        }
    }

    /// The index entry to start from to reach a position.
    func entry(before relativePosition: UInt64) -> IndexEntry? {
        index.last { $0.relativePosition <= relativePosition }
    }
}
