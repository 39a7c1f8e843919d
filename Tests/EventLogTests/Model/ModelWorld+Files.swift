import EventLog

/// The store's files, past the log.
extension ModelWorld {
    /// The segments' paths, in order; none before there is a store.
    func segments() throws -> [String] {
        do throws(StorageFailure) {
            return try storage.list(directory + "/log").filter { $0.hasSuffix(".seg") }.sorted()
                .map { directory + "/log/" + $0 }
        } catch {
            return []
        }
    }

    func bytes(of path: String) throws -> [UInt8] {
        let file = try storage.open(path, writable: false)
        defer { storage.close(file) }
        var bytes = [UInt8](repeating: 0, count: Int(try storage.size(file)))
        var done = 0
        while done < bytes.count {
            let count = try storage.read(
                file,
                into: &bytes,
                done..<bytes.count,
                at: UInt64(done)
            )
            if count == 0 { break }
            done += count
        }
        return bytes
    }

    func write(_ bytes: [UInt8], to path: String, at offset: Int) throws {
        let file = try storage.open(path, writable: true)
        defer { storage.close(file) }
        var done = 0
        while done < bytes.count {
            let rest = Array(bytes[done...])
            done += try storage.write(file, rest.span, at: UInt64(offset + done))
        }
    }
}
