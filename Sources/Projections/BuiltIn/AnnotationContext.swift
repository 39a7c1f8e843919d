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
    /// The findings, those of an event one after the other.
    private(set) var findings: [StretchFinding] = []
    /// The terms of the roles, those of a finding one after the other.
    private(set) var roles: [UInt32] = []
    /// What was last seen with an id, by its term.
    private var lastSeen: [LastSeen] = []
    /// How findings begin, up to the spans: the numbers of id and label.
    private var beginnings = ByteMemo(keyOffset: 4)
    /// How findings end, between the spans and those in the title: the number of the role, if any.
    private var endings = ByteMemo(keyOffset: 13)
    /// Whether two findings of the event at hand have one id.
    private var hasTwins = false

    /// What was last seen with an id: most likely what is seen with it next.
    private struct LastSeen {
        var label: UInt32 = .max
        var role: UInt32 = .max
        /// The number of its last finding in the stretch.
        var finding = -1
    }

    init(annotator: String, detail: Detail) {
        self.annotator = Array(annotator.utf8)
        self.detail = detail
    }

    /// Adds the findings of a `document.enriched` event, one for each id, and answers which they are.
    ///
    /// An event that cannot be read leaves no trace: neither findings nor terms.
    mutating func read(_ facts: Span<UInt8>) throws(CBORError) -> Range<Int> {
        let start = findings.count
        let roleCount = roles.count
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
            findings.removeLast(findings.count - start)
            roles.removeLast(roles.count - roleCount)
            terms.removeLast(terms.count - termCount)
            lastSeen = []
            beginnings.removeAll()
            endings.removeAll()
            throw error
        }
        if hasTwins { joinTwins(from: start) }
        return start..<findings.count
    }

    private mutating func readFinding(_ shared: inout FactCursor, after start: Int) {
        // A copy of its own can be held in registers.
        var cursor = shared
        let firstRole = roles.count
        var finding = OpenFinding()
        if let known = beginnings.find(cursor.bytes, at: cursor.offset) {
            cursor.advance(by: Int(known.count))
            finding.id = Int(known.first)
            finding.label = known.second
            finding.mentions = cursor.spanCount()
            readEnding(&cursor, &finding, firstRole)
        } else {
            let beginning = cursor.offset
            readBeginning(&cursor, &finding, firstRole)
            if finding.id < 0 { cursor.failMissingKey(at: beginning) }
        }
        shared = cursor
        if finding.id < 0 { return }
        if lastSeen[finding.id].finding >= start { hasTwins = true }
        lastSeen[finding.id].finding = findings.count
        findings.append(
            StretchFinding(
                id: UInt32(truncatingIfNeeded: finding.id),
                label: finding.label,
                mentions: UInt32(truncatingIfNeeded: finding.mentions),
                firstRole: UInt32(truncatingIfNeeded: firstRole),
                roleCount: UInt32(truncatingIfNeeded: roles.count &- firstRole)
            )
        )
    }

    /// A finding as far as it is read.
    private struct OpenFinding {
        var id = -1
        var label = UInt32.max
        var mentions = 0
    }

    /// Reads a finding, and remembers its beginning if it is in the order in which we write.
    private mutating func readBeginning(
        _ cursor: inout FactCursor,
        _ finding: inout OpenFinding,
        _ firstRole: Int
    ) {
        let start = cursor.offset
        var rest = cursor.map()
        let isUsual = rest == 5 && detail == .mentions
        var label = 0..<0
        if rest > 0, cursor.take(.id) {
            finding.id = number(ofID: cursor.text(), in: cursor.bytes)
            rest -= 1
        }
        if rest > 0, cursor.take(.label) {
            label = cursor.text()
            rest -= 1
        }
        if isUsual, rest == 3, cursor.take(.spans) {
            finding.label = number(ofLabel: label, of: finding.id, in: cursor.bytes)
            let id = UInt32(truncatingIfNeeded: finding.id)
            beginnings.store(cursor.bytes, start..<cursor.offset, id, finding.label)
            finding.mentions = cursor.spanCount()
            return readEnding(&cursor, &finding, firstRole)
        }
        readRest(rest, &cursor, &finding, &label, firstRole)
        if finding.id >= 0 {
            finding.label = number(ofLabel: label, of: finding.id, in: cursor.bytes)
        }
    }

    /// Reads what follows the spans: two more keys.
    @inline(__always)
    private mutating func readEnding(
        _ cursor: inout FactCursor,
        _ finding: inout OpenFinding,
        _ firstRole: Int
    ) {
        if let known = endings.find(cursor.bytes, at: cursor.offset) {
            cursor.advance(by: Int(known.count))
            if known.first != .max { roles.append(known.first) }
            finding.mentions += cursor.spanCount()
        } else {
            readUnknownEnding(&cursor, &finding, firstRole)
        }
    }

    private mutating func readUnknownEnding(
        _ cursor: inout FactCursor,
        _ finding: inout OpenFinding,
        _ firstRole: Int
    ) {
        let start = cursor.offset
        var rest = 2
        if cursor.take(.fields) {
            rest = 1
            readRoles(&cursor, of: finding.id, from: firstRole)
            if cursor.take(.titleSpans) {
                rest = 0
                if roles.count - firstRole < 2 {
                    let role = roles.count > firstRole ? roles[firstRole] : .max
                    endings.store(cursor.bytes, start..<cursor.offset, role, 0)
                }
                finding.mentions += cursor.spanCount()
            }
        }
        var label = 0..<0
        readRest(rest, &cursor, &finding, &label, firstRole)
        if label.lowerBound > 0 {
            finding.label = number(ofLabel: label, of: finding.id, in: cursor.bytes)
        }
    }

    /// Reads so many keys in any order.
    private mutating func readRest(
        _ count: Int,
        _ cursor: inout FactCursor,
        _ finding: inout OpenFinding,
        _ label: inout Range<Int>,
        _ firstRole: Int
    ) {
        var rest = count
        while rest > 0 {
            rest -= 1
            let key = cursor.key()
            if detail == .mentions, key == .fields {
                readRoles(&cursor, of: finding.id, from: firstRole)
            } else if detail == .mentions, key == .titleSpans || key == .spans {
                finding.mentions += cursor.spanCount()
            } else if key == .id {
                finding.id = number(ofID: cursor.text(), in: cursor.bytes)
            } else if key == .label {
                label = cursor.text()
            } else {
                cursor.skip()
            }
        }
    }

    @inline(__always)
    private mutating func number(ofID range: Range<Int>, in facts: Span<UInt8>) -> Int {
        let id = terms.number(of: facts.extracting(range))
        while lastSeen.count <= id { lastSeen.append(LastSeen()) }
        return id
    }

    /// The number of a label; the id's own if there is none.
    @inline(__always)
    private mutating func number(
        ofLabel label: Range<Int>,
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
        from firstRole: Int
    ) {
        var rest = cursor.map()
        while rest > 0 {
            rest &-= 1
            let key = cursor.key()
            let major = cursor.nextMajor
            if key == .role, major == 3 {
                addRole(cursor.text(), of: id, in: cursor.bytes, from: firstRole)
            } else if key == .role || key == .roles, major == 4 {
                var roles = cursor.array()
                while roles > 0 {
                    roles &-= 1
                    addRole(cursor.text(), of: id, in: cursor.bytes, from: firstRole)
                }
            } else {
                cursor.skip()
            }
        }
    }

    private mutating func addRole(
        _ range: Range<Int>,
        of id: Int,
        in facts: Span<UInt8>,
        from firstRole: Int
    ) {
        let bytes = facts.extracting(range)
        var role = id >= 0 ? lastSeen[id].role : .max
        if role == .max || !terms.bytes(of: Int(role)).isEqual(to: bytes) {
            role = UInt32(truncatingIfNeeded: terms.number(of: bytes))
            if id >= 0 { lastSeen[id].role = role }
        }
        if roles.count > firstRole, roles[firstRole...].contains(role) { return }
        roles.append(role)
    }

    /// Joins the findings from one on that have the same id.
    private mutating func joinTwins(from start: Int) {
        var places: [UInt32: Int] = [:]
        var joined: [(finding: StretchFinding, roles: [UInt32])] = []
        for finding in findings[start...] {
            let roles = self.roles[finding.roleRange]
            if let place = places[finding.id] {
                joined[place].finding.mentions &+= finding.mentions
                for role in roles where !joined[place].roles.contains(role) {
                    joined[place].roles.append(role)
                }
            } else {
                places[finding.id] = joined.count
                joined.append((finding, Array(roles)))
            }
        }
        findings.removeLast(findings.count - start)
        for (finding, roles) in joined {
            var finding = finding
            finding.firstRole = UInt32(truncatingIfNeeded: self.roles.count)
            finding.roleCount = UInt32(truncatingIfNeeded: roles.count)
            self.roles += roles
            findings.append(finding)
        }
    }
}

/// A finding as numbers of the stretch's terms.
struct StretchFinding: Sendable {
    let id: UInt32
    let label: UInt32
    var mentions: UInt32
    var firstRole: UInt32
    var roleCount: UInt32

    /// Which of the stretch's roles are its own.
    var roleRange: Range<Int> { Int(firstRole)..<Int(firstRole) + Int(roleCount) }
}
