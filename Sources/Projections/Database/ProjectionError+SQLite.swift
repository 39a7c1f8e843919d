internal import GRDB

extension ProjectionError {
    /// Says what SQLite said in our words; an error of our own passes through.
    init(wrapping error: any Error, path: String) {
        if var own = error as? ProjectionError {
            if own.path.isEmpty { own.path = path }
            self = own
            return
        }
        guard let failure = error as? DatabaseError else {
            self = ProjectionError(.inputOutput, path: path, found: "\(error)")
            return
        }
        let said = failure.message ?? "SQLite error \(failure.resultCode.rawValue)"
        switch failure.resultCode {
        case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_ERROR, .SQLITE_SCHEMA, .SQLITE_MISMATCH,
            .SQLITE_CONSTRAINT:
            self = ProjectionError(
                .damaged,
                path: path,
                expected: "a projection",
                found: said,
                hint: "it can be rebuilt: annals replay"
            )
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self = ProjectionError(
                .busy,
                path: path,
                found: said,
                hint: "another process uses the projection: try again"
            )
        default:
            self = ProjectionError(.inputOutput, path: path, found: said)
        }
    }
}
