package import EventLog

/// What somebody who names a document may have meant.
package enum DocumentLookup: Sendable, Equatable {
    /// No document has such an identity, source or title.
    case none
    /// This one.
    case one(DocumentRow)
    /// One of these: the first ones, in order of arrival.
    case several([DocumentRow])
}

extension ProjectionView {
    /// Finds a document by its identity, else by its source, else by a part of its title.
    ///
    /// Case is ignored in titles, for ASCII letters. Takes time in the number of documents unless
    /// the identity is given.
    package func find(_ text: String, limit: Int = 50) throws(ProjectionError) -> DocumentLookup {
        guard declaration.kind == .documents else { throw wrongKind("documents") }
        let conditions: [(sql: String, argument: String)] = [
            ("document = ?", text),
            ("source = ?", text),
            ("title LIKE ? ESCAPE '\\'", "%\(Self.escapedForLike(text))%"),
        ]
        return try database.read { database in
            for condition in conditions {
                let rows = try RowStatement(
                    database,
                    DocumentListRecord.select("WHERE \(condition.sql) ORDER BY first LIMIT ?")
                )
                rows.bind(0, text: condition.argument)
                rows.bind(1, max(1, limit))
                var found: [DocumentRow] = []
                while try rows.next() { found.append(DocumentRow(rows)) }
                if found.count == 1 { return .one(found[0]) }
                if !found.isEmpty { return .several(found) }
            }
            return .none
        }
    }

    /// A document by its identity.
    package func document(_ id: String) throws(ProjectionError) -> DocumentRow? {
        guard declaration.kind == .documents else { throw wrongKind("documents") }
        return try database.read { database in
            let rows = try RowStatement(
                database,
                DocumentListRecord.select("WHERE document = ?")
            )
            rows.bind(0, text: id)
            defer { rows.reset() }
            return try rows.next() ? DocumentRow(rows) : nil
        }
    }

    /// Where a document was first heard of: documents are decided in the order of these.
    package func firstPosition(of id: String) throws(ProjectionError) -> EventPosition? {
        guard declaration.kind == .documents else { throw wrongKind("documents") }
        return try database.read { database in
            let rows = try RowStatement(database, "SELECT first FROM document WHERE document = ?")
            rows.bind(0, text: id)
            defer { rows.reset() }
            return try rows.next() ? EventPosition(UInt64(max(0, rows.integer(0)))) : nil
        }
    }

    /// The identities and sources of documents, for a "did you mean"; the first so many.
    package func names(limit: Int = 20_000) throws(ProjectionError) -> [String] {
        guard declaration.kind == .documents else { throw wrongKind("documents") }
        return try database.read { database in
            let rows = try RowStatement(
                database,
                "SELECT document, source, title FROM document ORDER BY first LIMIT ?"
            )
            rows.bind(0, limit)
            var names: [String] = []
            while try rows.next() {
                for column in 0..<3 where rows.optionalBytes(column)?.isEmpty == false {
                    let name = rows.text(column)
                    if names.last != name { names.append(name) }
                }
            }
            return names
        }
    }

    /// The documents that were found to be copies of one, by identity.
    package func copies(
        of original: String
    ) throws(ProjectionError) -> [DuplicateCluster.Copy] {
        guard declaration.kind == .duplicates else { throw wrongKind("duplicates") }
        return try database.read { database in
            let rows = try RowStatement(
                database,
                DuplicateRecord.select("WHERE original = ? ORDER BY document")
            )
            rows.bind(0, text: original)
            var copies: [DuplicateCluster.Copy] = []
            while try rows.next() {
                copies.append(
                    DuplicateCluster.Copy(
                        document: rows.text(0),
                        kind: rows.text(2),
                        similarity: rows.double(3)
                    )
                )
            }
            return copies
        }
    }

    /// Makes `%`, `_` and the escape itself stand for themselves in a LIKE pattern.
    private static func escapedForLike(_ text: String) -> String {
        var escaped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar == "%" || scalar == "_" || scalar == "\\" { escaped.append("\\") }
            escaped.append(scalar)
        }
        return String(escaped)
    }

    /// The first positions of the batches that hold events of a document, in order.
    func batches(of document: String) throws(ProjectionError) -> [UInt64] {
        guard declaration.kind == .documents else { throw wrongKind("documents") }
        return try database.read { database in
            let rows = try RowStatement(
                database,
                "SELECT batches FROM document WHERE document = ?"
            )
            rows.bind(0, text: document)
            defer { rows.reset() }
            guard try rows.next() else { return [] }
            return Set(rows.text(0).split(separator: " ").compactMap { UInt64($0) }).sorted()
        }
    }
}
