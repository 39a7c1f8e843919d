internal import Bytes
internal import GRDB

/// The tables of an annotator's findings: documents in packs, and the terms.
///
/// A row a document costs more than all the rest of a replay. So documents lie, in order of their
/// names, in packs of 256 on average, and a pack is found by its first name. Which names begin a
/// pack is drawn by the names themselves (a hash with eight zero bits), as in a prolly tree (the
/// Noms format, "Prolly Trees: Probabilistic B-Trees"): the packs depend on which documents there
/// are, not on the order in which they came. Documents before the first such name are in the pack
/// of the empty name. A document that was seen stays, so that packs never join.
struct AnnotationTables: ProjectionTables {
    static let schema =
        TermTable.schema + [
            "CREATE TABLE pack (first BLOB PRIMARY KEY NOT NULL, documents BLOB NOT NULL) "
                + "WITHOUT ROWID"
        ]

    private var terms: TermTable
    private let detail: AnnotationContext.Detail
    private let find: RowStatement
    private let findNext: RowStatement
    private let replace: RowStatement
    /// The number in the file of each of the part's terms.
    private var numbers: [Int] = []
    private var writer = PackWriter(key: [])
    private var scratch: [UInt8] = []

    init(_ database: Database, _ detail: AnnotationContext.Detail) throws {
        terms = try TermTable(database)
        self.detail = detail
        find = try RowStatement(
            database,
            "SELECT first, documents FROM pack WHERE first <= ? ORDER BY first DESC LIMIT 1"
        )
        findNext = try RowStatement(
            database,
            "SELECT first FROM pack WHERE first > ? ORDER BY first LIMIT 1"
        )
        replace = try RowStatement(database, "INSERT OR REPLACE INTO pack VALUES (?, ?)")
    }

    mutating func merge(_ part: DocumentPart<AnnotationRecord>, _ database: Database) throws {
        numbers.removeAll(keepingCapacity: true)
        for number in 0..<part.context.terms.count {
            numbers.append(terms.number(of: part.context.terms.bytes(of: number)))
        }
        try terms.flush(database)
        var place = 0
        while place < part.order.count {
            let (key, pack) = try pack(holding: part.names.bytes(of: Int(part.order[place])))
            let upper = try nextKey(after: key)
            let start = place
            repeat {
                place += 1
            } while place < part.order.count
                && (upper.isEmpty
                    || part.names.bytes(of: Int(part.order[place])).precedes(upper.span))
            try rewrite(key, pack, with: part, start..<place)
        }
    }

    /// The pack in which a document belongs, and its key.
    private func pack(holding name: Span<UInt8>) throws -> (key: [UInt8], bytes: [UInt8]) {
        find.bind(0, blob: name)
        defer { find.reset() }
        return try find.next() ? (find.bytes(0), find.bytes(1)) : ([], [])
    }

    /// The key of the pack after a key; empty if there is none.
    private func nextKey(after key: [UInt8]) throws -> [UInt8] {
        findNext.bind(0, blob: key.span)
        defer { findNext.reset() }
        return try findNext.next() ? findNext.bytes(0) : []
    }

    /// Writes a pack anew with some of a part's documents, as one or more packs.
    private mutating func rewrite(
        _ key: [UInt8],
        _ pack: [UInt8],
        with part: DocumentPart<AnnotationRecord>,
        _ places: Range<Int>
    ) throws {
        writer.begin(key.span)
        var reader = PackReader(pack)
        var hasStored = try reader.next()
        for place in places {
            let number = Int(part.order[place])
            let name = part.names.bytes(of: number)
            while hasStored, reader.name.span.precedes(name) {
                writer.append(reader.name.span, reader.span.extracting(reader.contents))
                hasStored = try reader.next()
            }
            let isStored = hasStored && reader.name.span.isEqual(to: name)
            encode(part.records[number], part, isStored ? reader : nil)
            if !isStored, Self.beginsPack(part.names.hash(of: number)) {
                try flush()
                writer.begin(name)
            }
            writer.append(name)
            if isStored { hasStored = try reader.next() }
        }
        while hasStored {
            writer.append(reader.name.span, reader.span.extracting(reader.contents))
            hasStored = try reader.next()
        }
        try flush()
    }

    private static func beginsPack(_ hash: UInt64) -> Bool {
        hash >> 56 == 0
    }

    private func flush() throws {
        guard !writer.bytes.isEmpty else { return }
        replace.bind(0, blob: writer.key.span)
        replace.bind(1, blob: writer.bytes.span)
        try replace.run()
    }

    /// Makes the contents of what a record says, and of what was stored where it says nothing.
    private mutating func encode(
        _ record: AnnotationRecord,
        _ part: DocumentPart<AnnotationRecord>,
        _ stored: PackReader?
    ) {
        writer.contents.removeAll(keepingCapacity: true)
        let old = record.isWhole ? nil : stored
        let head = old?.head()
        let published = record.published ?? head?.published ?? .unknown
        let counts = record.counts ?? head?.counts ?? true
        writer.contents.appendVarInt(published.rawValue << 1 | (counts ? 1 : 0))
        if let findings = record.findings {
            append(findings, of: part.context)
        } else if let old {
            writer.contents.append(contentsOf: old.span.extracting(old.findings))
        }
    }

    /// Appends findings with the file's numbers of their terms.
    private mutating func append(_ findings: Range<Int>, of context: AnnotationContext) {
        var count = 0
        for index in findings { count += 4 + Int(context.findings[index].roleCount) }
        scratch.makeRoom(forVarInts: count)
        let (numbers, hasMentions) = (numbers, detail == .mentions)
        var end = 0
        var bytes = scratch.mutableSpan
        for index in findings {
            let finding = context.findings[index]
            bytes.putVarInt(numbers[Int(finding.id)], at: &end)
            bytes.putVarInt(numbers[Int(finding.label)], at: &end)
            guard hasMentions else { continue }
            bytes.putVarInt(Int(finding.mentions), at: &end)
            bytes.putVarInt(Int(finding.roleCount), at: &end)
            for role in finding.roleRange {
                bytes.putVarInt(numbers[Int(context.roles[role])], at: &end)
            }
        }
        writer.contents.append(contentsOf: scratch[..<end])
    }
}

extension AnnotationTables {
    /// Shows every document of a file to `body`, in order of the names' bytes.
    @inline(__always)
    static func eachDocument(
        _ database: Database,
        _ body: (borrowing PackReader) throws -> Void
    ) throws {
        let rows = try RowStatement(database, "SELECT documents FROM pack ORDER BY first")
        while try rows.next() {
            var reader = PackReader(rows.bytes(0))
            while try reader.next() { try body(reader) }
        }
    }
}
