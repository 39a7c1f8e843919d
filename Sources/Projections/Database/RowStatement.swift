internal import Bytes
internal import GRDB
internal import GRDBSQLite

/// A prepared statement, bound and read by column number without a value in between.
///
/// GRDB prepares and owns it; binding through `StatementArguments` costs more than the row itself,
/// so the hot path binds here. A class because it owns the statement's state.
@safe
final class RowStatement {
    private let statement: Statement
    private let handle: OpaquePointer
    private let database: Database

    /// SQLite copies the bytes that it is given.
    private static var transient: sqlite3_destructor_type {
        unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    }

    /// Prepares a statement; columns and parameters count from 0.
    init(_ database: Database, _ sql: String) throws {
        self.database = database
        statement = try database.makeStatement(sql: sql)
        unsafe handle = statement.sqliteStatement
    }

    /// Binds a whole number.
    func bind(_ index: Int, _ value: Int) {
        unsafe sqlite3_bind_int64(handle, Int32(index + 1), Int64(value))
    }

    /// Binds a whole number, or null.
    func bind(_ index: Int, _ value: Int?) {
        if let value { bind(index, value) } else { bindNull(index) }
    }

    /// Binds a floating-point number.
    func bind(_ index: Int, _ value: Double) {
        unsafe sqlite3_bind_double(handle, Int32(index + 1), value)
    }

    /// Binds null.
    func bindNull(_ index: Int) {
        unsafe sqlite3_bind_null(handle, Int32(index + 1))
    }

    /// Binds text by its UTF-8 bytes.
    func bind(_ index: Int, text: Span<UInt8>) {
        let transient = unsafe Self.transient
        unsafe text.withUnsafeBytes { bytes in
            // An empty span may have no address, and SQLite takes none for null.
            let address = unsafe bytes.baseAddress ?? UnsafeRawPointer(handle)
            _ = unsafe sqlite3_bind_text64(
                handle,
                Int32(index + 1),
                address.assumingMemoryBound(to: CChar.self),
                UInt64(bytes.count),
                transient,
                UInt8(SQLITE_UTF8)
            )
        }
    }

    /// Binds text by its UTF-8 bytes, or null.
    func bind(_ index: Int, text: [UInt8]?) {
        if let text { bind(index, text: text.span) } else { bindNull(index) }
    }

    /// Binds text.
    func bind(_ index: Int, text: String) {
        var text = text
        text.withUTF8 { unsafe bind(index, text: Span(_unsafeElements: $0)) }
    }

    /// Binds bytes.
    func bind(_ index: Int, blob: Span<UInt8>) {
        let transient = unsafe Self.transient
        unsafe blob.withUnsafeBytes { bytes in
            let address = unsafe bytes.baseAddress ?? UnsafeRawPointer(handle)
            _ = unsafe sqlite3_bind_blob64(
                handle,
                Int32(index + 1),
                address,
                UInt64(bytes.count),
                transient
            )
        }
    }

    /// Runs a statement that answers no row, and makes it ready for the next values.
    func run() throws {
        while try next() {}
    }

    /// Steps to the next row; false at the end, after which the statement is ready again.
    func next() throws -> Bool {
        switch unsafe sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE:
            unsafe sqlite3_reset(handle)
            return false
        case let code:
            let message = unsafe String(cString: sqlite3_errmsg(database.sqliteConnection))
            unsafe sqlite3_reset(handle)
            throw DatabaseError(resultCode: ResultCode(rawValue: code & 0xFF), message: message)
        }
    }

    /// Ends a query before its last row.
    func reset() {
        unsafe sqlite3_reset(handle)
    }

    /// Whether the column is null.
    func isNull(_ column: Int) -> Bool {
        unsafe sqlite3_column_type(handle, Int32(column)) == SQLITE_NULL
    }

    /// The column as a whole number.
    func integer(_ column: Int) -> Int {
        Int(unsafe sqlite3_column_int64(handle, Int32(column)))
    }

    /// The column as a whole number, or nil for null.
    func optionalInteger(_ column: Int) -> Int? {
        isNull(column) ? nil : integer(column)
    }

    /// The column as a floating-point number.
    func double(_ column: Int) -> Double {
        unsafe sqlite3_column_double(handle, Int32(column))
    }

    /// The column's bytes: of text or of a blob.
    func bytes(_ column: Int) -> [UInt8] {
        guard let address = unsafe sqlite3_column_blob(handle, Int32(column)) else { return [] }
        let count = Int(unsafe sqlite3_column_bytes(handle, Int32(column)))
        return unsafe [UInt8](UnsafeRawBufferPointer(start: address, count: count))
    }

    /// The column's bytes, or nil for null.
    func optionalBytes(_ column: Int) -> [UInt8]? {
        isNull(column) ? nil : bytes(column)
    }

    /// The column as text.
    func text(_ column: Int) -> String {
        String(decoding: bytes(column), as: UTF8.self)
    }

    /// The column as text, or nil for null.
    func optionalText(_ column: Int) -> String? {
        isNull(column) ? nil : text(column)
    }
}
