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
