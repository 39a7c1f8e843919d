/// A stretch of a source file as the readers see it: gzip and zstd seen through.
package struct SourceWindow: Sendable {
    /// The bytes.
    package let bytes: [UInt8]
    /// How many lines end before them.
    package let linesBefore: Int

    /// Reads up to `count` bytes from an offset on.
    ///
    /// Goes through the file from its beginning: offsets of compressed files count what is in them.
    ///
    /// - Returns: nil if the file cannot be read up to there.
    package static func read(_ path: String, from offset: Int, count: Int) -> SourceWindow? {
        guard offset >= 0, count > 0, let stream = try? ByteStream(path: path) else { return nil }
        var position = 0
        var lines = 0
        var bytes: [UInt8] = []
        while bytes.count < count {
            var buffer: [UInt8] = []
            // What was read before a fault is shown; the fault may be what is asked about.
            guard let goesOn = try? stream.read(into: &buffer) else { break }
            let skipped = min(max(0, offset - position), buffer.count)
            lines += buffer[..<skipped].count { $0 == 0x0A }
            bytes += buffer[skipped...].prefix(count - bytes.count)
            position += buffer.count
            if !goesOn { break }
        }
        return position >= offset && !bytes.isEmpty
            ? SourceWindow(bytes: bytes, linesBefore: lines) : nil
    }
}
