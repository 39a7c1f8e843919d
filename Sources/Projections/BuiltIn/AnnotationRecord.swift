internal import Bytes

/// What an annotator found in a document, and when the document was published.
struct AnnotationRecord: DocumentRecord {
    /// The day of publication.
    var published = DayNumber.unknown
    /// Whether the document counts: not if it was dropped or found to be a duplicate afterwards.
    var counts = true
    /// The findings: for each the terms of id and label, then, if they are kept, the number of
    /// mentions, the number of roles and the terms of the roles; LEB128.
    var findings: [UInt8] = []

    static let columns: [(name: String, type: String)] = [
        ("published", "INTEGER"), ("counts", "INTEGER NOT NULL"), ("findings", "BLOB NOT NULL"),
    ]
    static let kinds: Set<FactKind> = [
        .ingested, .cleaned, .dropped, .unique, .duplicate, .enriched, .failed, .retracted,
    ]

    init() {}

    init(_ row: RowStatement, at column: Int) {
        published = DayNumber(rawValue: row.integer(column))
        counts = row.integer(column + 1) != 0
        findings = row.bytes(column + 2)
    }

    func bind(_ row: RowStatement, at column: Int) {
        row.bind(column, published == .unknown ? nil : published.rawValue)
        row.bind(column + 1, counts ? 1 : 0)
        row.bind(column + 2, blob: findings)
    }

    var isEmpty: Bool { findings.isEmpty && published == .unknown && counts }
    var byteCount: Int { findings.count }

    mutating func apply(
        _ kind: FactKind,
        facts: Span<UInt8>,
        place: EventPlace,
        context: inout AnnotationContext
    ) throws(CBORError) {
        switch kind {
        case .ingested:
            published = try DayNumber(publishedIn: facts)
        case .cleaned:
            published = try DayNumber(publishedIn: facts)
            counts = true
        case .dropped, .duplicate:
            counts = false
        case .unique:
            counts = true
        case .enriched:
            findings = try context.findings(facts)
        default:
            self = AnnotationRecord()
        }
    }
}

extension DayNumber {
    /// Reads `fields.published` of an event that has fields, and no more of it than needed.
    init(publishedIn facts: Span<UInt8>) throws(CBORError) {
        var reader = CBORReader(facts)
        var day = DayNumber.unknown
        var rest = try reader.map()
        while rest > 0 {
            rest -= 1
            guard try reader.fieldName() == .fields else {
                try reader.skip()
                continue
            }
            for _ in 0..<(try reader.map()) {
                let name = try reader.fieldName()
                if name == .published, try reader.peek() >> 5 == 3 {
                    let range = try reader.textRange()
                    day = DayNumber(iso: facts.extracting(range))
                } else {
                    try reader.skip()
                }
            }
            rest = 0
        }
        self = day
    }
}

/// What the records of an annotator share: the numbers of the names, and room to decode in.
struct AnnotationContext {
    /// How much of each finding is kept.
    enum Detail {
        /// That it occurs.
        case presence
        /// Also how often, and in which roles.
        case mentions
    }

    var terms: TermTable
    let detail: Detail
    private var found: [Finding] = []

    init(terms: TermTable, detail: Detail) {
        self.terms = terms
        self.detail = detail
    }

    /// The findings of a `document.enriched` event, encoded; one for each id.
    mutating func findings(_ facts: Span<UInt8>) throws(CBORError) -> [UInt8] {
        var reader = CBORReader(facts)
        found.removeAll(keepingCapacity: true)
        for _ in 0..<(try reader.map()) {
            guard try reader.fieldName() == .annotations else {
                try reader.skip()
                continue
            }
            for _ in 0..<(try reader.array()) { add(try finding(&reader)) }
        }
        var encoded: [UInt8] = []
        if !found.isEmpty { encoded.reserveCapacity(found.count * 6) }
        for finding in found { finding.encode(detail, into: &encoded) }
        return encoded
    }

    private mutating func finding(_ reader: inout CBORReader) throws(CBORError) -> Finding {
        var finding = Finding()
        let bytes = reader.span
        let start = reader.offset
        for _ in 0..<(try reader.map()) {
            switch try reader.fieldName() {
            case .id:
                let range = try reader.textRange()
                finding.id = terms.number(of: bytes.extracting(range))
            case .label:
                let range = try reader.textRange()
                finding.label = terms.number(of: bytes.extracting(range))
            case .spans where detail == .mentions, .titleSpans where detail == .mentions:
                let count = try reader.array()
                finding.mentions += count
                for _ in 0..<count { try reader.skip() }
            case .fields where detail == .mentions:
                try readRoles(&reader, into: &finding)
            default:
                try reader.skip()
            }
        }
        guard finding.id >= 0 else { throw CBORError(.missingKey, at: start, expected: "id") }
        if finding.label < 0 { finding.label = finding.id }
        return finding
    }

    /// Reads `role`, a text, and `roles`, a list of texts.
    private mutating func readRoles(
        _ reader: inout CBORReader,
        into finding: inout Finding
    ) throws(CBORError) {
        let bytes = reader.span
        for _ in 0..<(try reader.map()) {
            let name = try reader.fieldName()
            let type = try reader.peek() >> 5
            if name == .role, type == 3 {
                let range = try reader.textRange()
                finding.addRole(terms.number(of: bytes.extracting(range)))
            } else if name == .role || name == .roles, type == 4 {
                for _ in 0..<(try reader.array()) {
                    let range = try reader.textRange()
                    finding.addRole(terms.number(of: bytes.extracting(range)))
                }
            } else {
                try reader.skip()
            }
        }
    }

    /// Adds a finding, joining it with an earlier one of the same id.
    private mutating func add(_ finding: Finding) {
        guard let index = found.firstIndex(where: { $0.id == finding.id }) else {
            found.append(finding)
            return
        }
        found[index].mentions += finding.mentions
        for number in 0..<finding.roleCount { found[index].addRole(finding.role(number)) }
    }
}

/// One finding as numbers of terms.
struct Finding {
    var id = -1
    var label = -1
    var mentions = 0
    /// The first role, -1 for none: most findings have one, and an array is an allocation.
    private var firstRole = -1
    private var otherRoles: [Int] = []

    init() {}

    /// How many roles there are.
    var roleCount: Int { firstRole < 0 ? 0 : 1 + otherRoles.count }

    /// The role of a number from 0.
    func role(_ number: Int) -> Int { number == 0 ? firstRole : otherRoles[number - 1] }

    mutating func addRole(_ role: Int) {
        if firstRole < 0 {
            firstRole = role
        } else if firstRole != role, !otherRoles.contains(role) {
            otherRoles.append(role)
        }
    }

    func encode(_ detail: AnnotationContext.Detail, into bytes: inout [UInt8]) {
        bytes.appendVarInt(id)
        bytes.appendVarInt(label)
        guard detail == .mentions else { return }
        bytes.appendVarInt(mentions)
        bytes.appendVarInt(roleCount)
        for number in 0..<roleCount { bytes.appendVarInt(role(number)) }
    }

    /// Reads the finding at an offset.
    init(_ bytes: [UInt8], at offset: inout Int, _ detail: AnnotationContext.Detail) {
        id = bytes.varInt(at: &offset)
        label = bytes.varInt(at: &offset)
        guard detail == .mentions else { return }
        mentions = bytes.varInt(at: &offset)
        // A damaged count must not trap; a damaged term is noticed when its text is looked up.
        let count = min(max(0, bytes.varInt(at: &offset)), bytes.count)
        for _ in 0..<count { addRole(bytes.varInt(at: &offset)) }
    }
}
