internal import Bytes
internal import GRDB

/// The packs of a file in sections that can be digested by themselves.
///
/// A section begins with a document that is digested and whose name's hash has twelve zero bits, so
/// that the sections depend on nothing but the documents: not on the packs, of which some begin with
/// a document that was only seen.
struct PackSections {
    private let rows: RowStatement
    private var pending: [[UInt8]] = []
    private var isAtEnd = false

    init(_ database: Database) throws {
        rows = try RowStatement(database, "SELECT first, documents FROM pack ORDER BY first")
    }

    /// The packs of the next sections, whole ones, of about so many bytes; nil at the end.
    mutating func next(byteLimit: Int) throws -> [[[UInt8]]]? {
        guard !isAtEnd else { return nil }
        var sections: [[[UInt8]]] = []
        var byteCount = 0
        while try rows.next() {
            let pack = rows.bytes(1)
            byteCount += pack.count
            if try Self.beginsSection(rows.bytes(0), pack), !pending.isEmpty {
                sections.append(pending)
                pending = [pack]
                if byteCount >= byteLimit { return sections }
            } else {
                pending.append(pack)
            }
        }
        isAtEnd = true
        if !pending.isEmpty { sections.append(pending) }
        return sections
    }

    private static func beginsSection(_ first: [UInt8], _ pack: [UInt8]) throws -> Bool {
        guard Hash64.hash(first.span) >> 52 == 0 else { return false }
        var reader = PackReader(pack)
        return try reader.next() && reader.saysSomething
    }
}
