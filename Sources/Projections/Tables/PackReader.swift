/// Reads a pack: documents one after the other, with what an annotator found in each.
///
/// An entry is, in LEB128: how many bytes its name shares with the name before, how many follow,
/// those, how many bytes of contents follow, those. The contents are the day of publication (0 for
/// an unknown one) times two, plus one if the document counts; then the findings: the terms of id
/// and label and, with mentions, their number, the number of roles and the terms of the roles.
struct PackReader {
    private let bytes: [UInt8]
    private var offset = 0
    /// The name of the document at hand.
    private(set) var name: [UInt8] = []
    /// Where its contents lie.
    private(set) var contents: Range<Int> = 0..<0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Steps to the next document; false at the end.
    ///
    /// Throws if the pack is damaged.
    mutating func next() throws(ProjectionError) -> Bool {
        guard offset < bytes.count else { return false }
        let shared = bytes.varInt(at: &offset)
        let own = bytes.varInt(at: &offset)
        guard shared >= 0, shared <= name.count, own >= 0, own <= bytes.count - offset else {
            throw Self.damaged
        }
        name.removeLast(name.count - shared)
        name.append(contentsOf: bytes[offset..<offset + own])
        offset += own
        let count = bytes.varInt(at: &offset)
        guard count > 0, count <= bytes.count - offset else { throw Self.damaged }
        contents = offset..<offset + count
        offset += count
        return true
    }

    /// The bytes of the pack.
    var span: Span<UInt8> {
        @_lifetime(borrow self)
        get { bytes.span }
    }

    /// When the document at hand was published, and whether it counts.
    func head() -> (published: DayNumber, counts: Bool) {
        var offset = contents.lowerBound
        let head = bytes.varInt(at: &offset)
        return (DayNumber(rawValue: head >> 1), head & 1 != 0)
    }

    /// Where the findings of the document at hand lie.
    var findings: Range<Int> {
        var offset = contents.lowerBound
        _ = bytes.varInt(at: &offset)
        return min(offset, contents.upperBound)..<contents.upperBound
    }

    /// Whether anything is known of the document at hand beyond that it was seen.
    var saysSomething: Bool {
        let head = head()
        return head.published != .unknown || !head.counts || !findings.isEmpty
    }

    /// Reads the finding at an offset and steps past all but its roles, which come next; nil at the
    /// end of the document at hand.
    @inline(__always)
    func finding(at offset: inout Int, _ detail: AnnotationContext.Detail) -> Finding? {
        guard offset < contents.upperBound else { return nil }
        var finding = Finding(id: bytes.varInt(at: &offset), label: bytes.varInt(at: &offset))
        if detail == .mentions {
            finding.mentions = bytes.varInt(at: &offset)
            // A damaged count must not loop for long; a damaged term is noticed when looked up.
            let roleCount = bytes.varInt(at: &offset)
            finding.roleCount = max(0, min(roleCount, contents.upperBound - offset))
        }
        return finding
    }

    /// Reads the term of a role at an offset and steps past it.
    @inline(__always)
    func role(at offset: inout Int) -> Int { bytes.varInt(at: &offset) }

    private static var damaged: ProjectionError {
        ProjectionError(
            .damaged,
            expected: "a pack of documents",
            found: "other bytes",
            hint: "it can be rebuilt: annals replay"
        )
    }
}

/// A finding of a pack: numbers of terms.
struct Finding {
    let id: Int
    let label: Int
    var mentions = 0
    /// How many terms of roles come after it.
    var roleCount = 0
}
