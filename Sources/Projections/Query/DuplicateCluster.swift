/// A document and its copies.
package struct DuplicateCluster: Sendable, Hashable {
    /// A copy.
    package struct Copy: Sendable, Hashable {
        /// The copy's identity.
        package let document: String
        /// `exact` or `near`.
        package let kind: String
        /// Its similarity to the document that it was found to be a copy of.
        package let similarity: Double
    }

    /// The document that the others are copies of, directly or through each other.
    package let document: String
    /// The copies, by identity.
    package let copies: [Copy]

    static func table(_ clusters: [DuplicateCluster]) -> Table {
        Table(
            columns: ["document", "copies"],
            rows: clusters.map { cluster in
                let copies = Table(
                    columns: ["document", "kind", "similarity"],
                    rows: cluster.copies.map { copy in
                        [.text(copy.document), .text(copy.kind), .real(copy.similarity)]
                    }
                )
                return [.text(cluster.document), .table(copies)]
            }
        )
    }
}

extension ProjectionView {
    /// The clusters: most copies first, then by document.
    package func duplicates() throws(ProjectionError) -> [DuplicateCluster] {
        guard declaration.kind == .duplicates else { throw wrongKind("duplicates") }
        return try database.read { database in
            var originals: [String: String] = [:]
            var copies: [DuplicateCluster.Copy] = []
            let rows = try RowStatement(database, DuplicateRecord.select("ORDER BY document"))
            while try rows.next() {
                let document = rows.text(0)
                originals[document] = rows.text(1)
                copies.append(
                    DuplicateCluster.Copy(
                        document: document,
                        kind: rows.text(2),
                        similarity: rows.double(3)
                    )
                )
            }
            var clusters: [String: [DuplicateCluster.Copy]] = [:]
            for copy in copies {
                clusters[Self.root(of: copy.document, originals), default: []].append(copy)
            }
            return clusters.map { DuplicateCluster(document: $0, copies: $1) }
                .sorted { left, right in
                    left.copies.count == right.copies.count
                        ? left.document.isBefore(right.document)
                        : left.copies.count > right.copies.count
                }
        }
    }

    /// The document at the end of a chain of copies; of a circle, which revisions can close, the
    /// first in order of bytes.
    private static func root(of document: String, _ originals: [String: String]) -> String {
        var seen: Set<String> = []
        var current = document
        while let next = originals[current] {
            guard seen.insert(current).inserted else {
                var circle = [current]
                var place = next
                while place != current, let step = originals[place] {
                    circle.append(place)
                    place = step
                }
                return circle.min { $0.isBefore($1) } ?? current
            }
            current = next
        }
        return current
    }
}
