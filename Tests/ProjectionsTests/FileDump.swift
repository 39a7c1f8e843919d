import GRDB
import Projections

/// All that a projection's file says, as lines: every table's definition and every row.
func dump(_ path: String) throws -> [String] {
    let queue = try DatabaseQueue(path: path)
    defer { try? queue.close() }
    return try queue.read { database in
        let tables = try Row.fetchAll(
            database,
            sql: "SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY name"
        )
        var lines: [String] = []
        for table in tables {
            let name: String = table[0]
            lines.append(table[1])
            for row in try Row.fetchAll(database, sql: "SELECT * FROM \(name) ORDER BY 1") {
                lines.append(row.databaseValues.map(literal).joined(separator: "|"))
            }
        }
        return lines
    }
}

/// A value as SQL writes it, a blob with all its bytes.
private func literal(_ value: DatabaseValue) -> String {
    guard case .blob(let data) = value.storage else { return "\(value)" }
    let digits = Array("0123456789abcdef")
    let hex = data.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return "x'" + String(hex) + "'"
}
