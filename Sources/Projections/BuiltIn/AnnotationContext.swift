internal import Bytes

/// What the records of an annotator share in a stretch: the numbers of its names, and the findings.
struct AnnotationContext: Sendable {
    /// How much of each finding is kept.
    enum Detail: Sendable {
        /// That it occurs.
        case presence
        /// Also how often, and in which roles.
        case mentions
    }

    let annotator: [UInt8]
    let detail: Detail
    /// The ids, labels and roles.
    private(set) var terms = ByteInterner()
    /// The findings: for each the terms of id and label, the number of mentions, the number of
    /// roles and the terms of the roles.
    private(set) var heap: [UInt32] = []
    /// What was last seen with an id, by its term.
    private var lastSeen: [LastSeen] = []
    /// Whether two findings of the event at hand have one id.
    private var hasTwins = false

    /// What was last seen with an id: most likely what is seen with it next.
    private struct LastSeen {
        var label: UInt32 = .max
        var role: UInt32 = .max
        /// Where in the heap its last finding begins.
        var place = -1
    }

    init(annotator: String, detail: Detail) {
        self.annotator = Array(annotator.utf8)
        self.detail = detail
    }

    /// Adds the findings of a `document.enriched` event to the heap, one for each id.
    ///
    /// An event that cannot be read leaves no trace: neither findings nor terms.
    mutating func findings(_ facts: Span<UInt8>) throws(CBORError) -> Range<Int32> {
        let start = heap.count
        let termCount = terms.count
        hasTwins = false
        var cursor = FactCursor(facts)
        for _ in 0..<cursor.map() {
            if cursor.take(.annotations) || cursor.key() == .annotations {
                for _ in 0..<cursor.array() { readFinding(&cursor, after: start) }
            } else {
                cursor.skip()
            }
        }
        do throws(CBORError) {
            try cursor.finish()
        } catch {
            heap.removeLast(heap.count - start)
            terms.removeLast(terms.count - termCount)
            lastSeen = []
            throw error
        }
        if hasTwins { joinTwins(from: start) }
        return Int32(truncatingIfNeeded: start)..<Int32(truncatingIfNeeded: heap.count)
    }

    @inline(__always)
    private mutating func readFinding(_ cursor: inout FactCursor, after start: Int) {
        let beginning = cursor.offset
        let place = heap.count
        heap.append(0)
        heap.append(0)
        heap.append(0)
        heap.append(0)
        var id = -1
        var label = 0..<0
        var mentions = 0
        // In the order in which they are written; what is out of order is found by the loop.
        var rest = cursor.map()
        if rest > 0, cursor.take(.id) {
            id = readID(&cursor)
            rest -= 1
        }
        if rest > 0, cursor.take(.label) {
            label = cursor.text()
            rest -= 1
        }
        if rest > 0, detail == .mentions, cursor.take(.spans) {
            mentions += cursor.spanCount()
            rest -= 1
        }
        while rest > 0 {
            rest -= 1
            if detail == .mentions, cursor.take(.fields) {
                readRoles(&cursor, of: id, into: place)
                continue
            }
            switch cursor.key() {
            case .spans where detail == .mentions, .titleSpans where detail == .mentions:
                mentions += cursor.spanCount()
            case .id: id = readID(&cursor)
            case .label: label = cursor.text()
            default: cursor.skip()
            }
        }
        guard id >= 0 else { return cursor.fail(.missingKey, at: beginning) }
        heap[place] = UInt32(truncatingIfNeeded: id)
        heap[place + 1] = number(label, of: id, in: cursor.bytes)
        heap[place + 2] = UInt32(truncatingIfNeeded: mentions)
        if lastSeen[id].place >= start { hasTwins = true }
        lastSeen[id].place = place
    }

    @inline(__always)
    private mutating func readID(_ cursor: inout FactCursor) -> Int {
        let id = terms.number(of: cursor.bytes.extracting(cursor.text()))
        while lastSeen.count <= id { lastSeen.append(LastSeen()) }
        return id
    }

    /// The number of a label; the id's own if there is none.
    @inline(__always)
    private mutating func number(
        _ label: Range<Int>,
        of id: Int,
        in facts: Span<UInt8>
    ) -> UInt32 {
        if label.lowerBound == 0 { return UInt32(truncatingIfNeeded: id) }
        let bytes = facts.extracting(label)
        let last = lastSeen[id].label
        if last != .max, terms.bytes(of: Int(last)).isEqual(to: bytes) { return last }
        let number = UInt32(truncatingIfNeeded: terms.number(of: bytes))
        lastSeen[id].label = number
        return number
    }

    /// Reads `role`, a text, and `roles`, a list of texts.
    @inline(__always)
    private mutating func readRoles(
        _ cursor: inout FactCursor,
        of id: Int,
        into place: Int
    ) {
        for _ in 0..<cursor.map() {
            if cursor.take(.role) {
                switch cursor.nextMajor {
                case 3: addRole(cursor.text(), of: id, in: cursor.bytes, into: place)
                case 4: readRoleList(&cursor, of: id, into: place)
                default: cursor.skip()
                }
            } else if cursor.key() == .roles, cursor.nextMajor == 4 {
                readRoleList(&cursor, of: id, into: place)
            } else {
                cursor.skip()
            }
        }
    }

    private mutating func readRoleList(
        _ cursor: inout FactCursor,
        of id: Int,
        into place: Int
    ) {
        for _ in 0..<cursor.array() {
            addRole(cursor.text(), of: id, in: cursor.bytes, into: place)
        }
    }

    @inline(__always)
    private mutating func addRole(
        _ range: Range<Int>,
        of id: Int,
        in facts: Span<UInt8>,
        into place: Int
    ) {
        let bytes = facts.extracting(range)
        var role = id >= 0 ? lastSeen[id].role : .max
        if role == .max || !terms.bytes(of: Int(role)).isEqual(to: bytes) {
            role = UInt32(truncatingIfNeeded: terms.number(of: bytes))
            if id >= 0 { lastSeen[id].role = role }
        }
        if heap[place + 3] > 0, heap[(place + 4)...].contains(role) { return }
        heap.append(role)
        heap[place + 3] += 1
    }

    /// Joins the findings from a place of the heap on that have the same id.
    private mutating func joinTwins(from start: Int) {
        var joined: [(id: UInt32, label: UInt32, mentions: UInt32, roles: [UInt32])] = []
        var places: [UInt32: Int] = [:]
        var place = start
        while place < heap.count {
            let end = place + 4 + Int(heap[place + 3])
            let roles = heap[place + 4..<end]
            if let index = places[heap[place]] {
                joined[index].mentions &+= heap[place + 2]
                for role in roles where !joined[index].roles.contains(role) {
                    joined[index].roles.append(role)
                }
            } else {
                places[heap[place]] = joined.count
                joined.append((heap[place], heap[place + 1], heap[place + 2], Array(roles)))
            }
            place = end
        }
        heap.removeLast(heap.count - start)
        for finding in joined {
            heap += [finding.id, finding.label, finding.mentions, UInt32(finding.roles.count)]
            heap += finding.roles
        }
    }
}
