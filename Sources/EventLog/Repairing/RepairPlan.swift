/// Events that a repair gives up, because no undamaged copy of them is in the store.
package struct RepairLoss: Hashable, Sendable {
    /// The events, and the place where the gap that stands for them will lie.
    package let gap: Gap
    /// What is wrong there.
    package let reason: String
}

/// One thing that a repair does to the files of a store.
package enum RepairStep: Hashable, Sendable {
    /// STORE is told that there are gaps, so that programs that know none refuse the store.
    case markStore
    /// A file in `log/` that holds another segment than its name says gets its right name.
    case rename(file: String, to: String)
    /// A file that has no place in the log is moved to `quarantine/`.
    case quarantine(file: String, reason: String)
    /// A segment is kept in `quarantine/` as it is and replaced by a mended copy.
    case mend(segment: String, reasons: [String])
    /// A segment that is missing is made of gaps.
    case make(segment: String, reason: String)
}

extension RepairStep: CustomStringConvertible {
    package var description: String {
        switch self {
        case .markStore: "mark the store as one with gaps"
        case .rename(let file, let target): "rename \(file) to \(target)"
        case .quarantine(let file, let reason): "move \(file) to quarantine: \(reason)"
        case .mend(let segment, let reasons):
            "keep \(segment) in quarantine, mend it: \(reasons.joined(separator: "; "))"
        case .make(let segment, let reason): "make \(segment): \(reason)"
        }
    }
}

/// What a repair would do, in order; nothing if the log is sound.
package struct RepairPlan: Hashable, Sendable {
    /// The steps in the order in which they are done.
    package internal(set) var steps: [RepairStep] = []
    /// The events that are lost already and for which gaps will stand, in order.
    package internal(set) var lost: [RepairLoss] = []
    /// Remarks on what needs no repair: what the next opening for writing does by itself.
    package internal(set) var notes: [String] = []

    /// Whether there is nothing to do.
    package var isEmpty: Bool { steps.isEmpty }

    /// The segments to be written, in order of the log.
    var segments: [SegmentRewrite] = []
    /// The store's identity as it is to be written, if it changes.
    var identity: StoreIdentity?
}

/// What a repair did.
package struct RepairReport: Hashable, Sendable {
    /// What was planned, and is done.
    package let plan: RepairPlan
    /// The files that were kept or moved away, relative to the store.
    package let quarantine: [String]
}

/// A segment as it will be: parts of the file that is there, gaps over them, first page and footer.
struct SegmentRewrite: Hashable, Sendable {
    let start: SegmentStart
    /// Whether there is a file to mend; a missing segment is made of zeros.
    let hasFile: Bool
    var gaps: [GapFrame] = []
    /// The end of the bytes that are taken from the file, and of the last gap.
    var end: UInt64
    /// The footer, which begins at ``end``; none in a segment that is still written to.
    var footer: [UInt8] = []

    var name: String { StorePath.segmentName(base: start.base) }
    /// The length that the file will have.
    var byteCount: UInt64 { end + UInt64(footer.count) }
}
