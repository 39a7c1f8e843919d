internal import Bytes
internal import GRDB

/// Gives numbers to the names that occur again and again: ids, labels, roles.
///
/// All of them are in memory while a file is written: that grows with the vocabulary, not with the
/// documents. The numbers are in order of first sight in the log, wherever it was cut, and are in
/// no digest.
struct TermTable {
    static let schema = ["CREATE TABLE term (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE)"]

    private var terms = ByteInterner()
    private var storedCount = 0

    /// Reads the terms that a file has.
    init(_ database: Database) throws {
        let rows = try RowStatement(database, "SELECT text FROM term ORDER BY id")
        while try rows.next() {
            let text = rows.bytes(0)
            _ = terms.number(of: text.span)
        }
        storedCount = terms.count
    }

    /// The number of a term.
    mutating func number(of term: Span<UInt8>) -> Int {
        terms.number(of: term)
    }

    /// Writes the terms that are new.
    mutating func flush(_ database: Database) throws {
        guard storedCount < terms.count else { return }
        let insert = try RowStatement(database, "INSERT INTO term (id, text) VALUES (?, ?)")
        for number in storedCount..<terms.count {
            insert.bind(0, number)
            insert.bind(1, text: terms.bytes(of: number))
            try insert.run()
        }
        storedCount = terms.count
    }
}

/// The terms of a file, to be read by number.
struct TermTexts {
    fileprivate var texts: [[UInt8]] = []

    /// Reads all of them.
    init(_ database: Database) throws {
        let rows = try RowStatement(database, "SELECT text FROM term ORDER BY id")
        while try rows.next() { texts.append(rows.bytes(0)) }
    }

    /// The text of a number that stands in a row.
    func text(_ number: Int) throws(ProjectionError) -> String {
        try check(number)
        return String(decoding: texts[number], as: UTF8.self)
    }

    fileprivate func check(_ number: Int) throws(ProjectionError) {
        guard texts.indices.contains(number) else {
            throw ProjectionError(
                .damaged,
                expected: "one of \(texts.count) terms",
                found: "term \(number)",
                hint: "it can be rebuilt: annals replay"
            )
        }
    }
}

/// The terms of a file in a digest: numbers in order of first occurrence, and the texts of the new.
///
/// So equal files give equal digests, whatever the numbers of their terms.
struct TermDigest {
    private let terms: TermTexts
    private var ranks: [Int]
    private var count = 0
    /// The terms that occurred since they were last written.
    private var new: [Int] = []

    init(_ terms: TermTexts) {
        self.terms = terms
        ranks = [Int](repeating: 0, count: terms.texts.count)
    }

    /// The number of a term in the digest, counted from 1.
    @inline(__always)
    mutating func rank(_ number: Int) throws(ProjectionError) -> Int {
        if number >= 0, number < ranks.count, ranks[number] > 0 { return ranks[number] }
        return try add(number)
    }

    @inline(never)
    private mutating func add(_ number: Int) throws(ProjectionError) -> Int {
        try terms.check(number)
        count += 1
        ranks[number] = count
        new.append(number)
        return count
    }

    /// Writes the texts of the terms that are new.
    @inline(__always)
    mutating func writeNew(into writer: inout CBORWriter) {
        if new.isEmpty { return }
        for number in new {
            let text = terms.texts[number]
            writer.text(utf8: text.span)
        }
        new.removeAll(keepingCapacity: true)
    }
}
