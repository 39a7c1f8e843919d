import GRDBSQLite

/// A SQLite database through its C interface: so much of it as an oracle needs.
@safe
final class SQLiteDatabase {
    enum Value: Hashable {
        case null
        case integer(Int)
        case text(String)
        case blob([UInt8])
    }

    private var handle: OpaquePointer?

    init(_ path: String = ":memory:") {
        let status = unsafe sqlite3_open(path, &handle)
        precondition(status == SQLITE_OK, "SQLite cannot open \(path)")
    }

    deinit {
        unsafe sqlite3_close(handle)
    }

    /// Runs a statement and returns its rows.
    @discardableResult
    func run(_ sql: String, _ arguments: [Value] = []) -> [[Value]] {
        var statement: OpaquePointer?
        let status = unsafe sqlite3_prepare_v2(handle, sql, -1, &statement, nil)
        precondition(status == SQLITE_OK, message)
        defer { unsafe sqlite3_finalize(statement) }
        for (index, value) in arguments.enumerated() {
            unsafe bind(value, Int32(index + 1), statement)
        }
        var rows: [[Value]] = []
        while true {
            switch unsafe sqlite3_step(statement) {
            case SQLITE_ROW:
                let columns = unsafe sqlite3_column_count(statement)
                rows.append((0..<columns).map { unsafe column($0, statement) })
            case SQLITE_DONE: return rows
            default: preconditionFailure(message)
            }
        }
    }

    private var message: String {
        guard let text = unsafe sqlite3_errmsg(handle) else { return "SQLite fails" }
        return unsafe String(cString: text)
    }

    private func bind(_ value: Value, _ index: Int32, _ statement: OpaquePointer?) {
        /// SQLite makes a copy.
        let transient = unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        switch value {
        case .null: unsafe sqlite3_bind_null(statement, index)
        case .integer(let number): unsafe sqlite3_bind_int64(statement, index, Int64(number))
        case .text(let text): unsafe sqlite3_bind_text(statement, index, text, -1, transient)
        case .blob(let bytes):
            if bytes.isEmpty {
                unsafe sqlite3_bind_zeroblob(statement, index, 0)
            } else {
                unsafe sqlite3_bind_blob(
                    statement,
                    index,
                    bytes,
                    Int32(bytes.count),
                    transient
                )
            }
        }
    }

    private func column(_ index: Int32, _ statement: OpaquePointer?) -> Value {
        switch unsafe sqlite3_column_type(statement, index) {
        case SQLITE_INTEGER: return .integer(Int(unsafe sqlite3_column_int64(statement, index)))
        case SQLITE_TEXT:
            guard let text = unsafe sqlite3_column_text(statement, index) else { return .null }
            return .text(unsafe String(cString: text))
        case SQLITE_BLOB:
            let count = Int(unsafe sqlite3_column_bytes(statement, index))
            let bytes = unsafe UnsafeRawBufferPointer(
                start: unsafe sqlite3_column_blob(statement, index),
                count: count
            )
            return .blob(unsafe Array(bytes))
        default: return .null
        }
    }
}

extension [SQLiteDatabase.Value] {
    func integer(_ index: Int) -> Int {
        if case .integer(let number) = self[index] { number } else { 0 }
    }

    func text(_ index: Int) -> String {
        if case .text(let text) = self[index] { text } else { "" }
    }

    func blob(_ index: Int) -> [UInt8]? {
        if case .blob(let bytes) = self[index] { bytes } else { nil }
    }
}
