internal import Bytes
internal import Glibc

/// What a plugin prints, line by line.
struct PrintedLines: Sendable {
    /// What lies beyond in a line is left out.
    static let lineBytesMax = 1 << 13

    /// Whether more may come.
    private(set) var isOpen = true
    private var line: [UInt8] = []
    private var lastLine: [UInt8] = []
    /// Bytes of the line that are left out.
    private var excess = 0
    private var room = [UInt8](repeating: 0, count: 1 << 16)

    /// The last line that was printed whole and was not empty.
    var last: String { String(decoding: lastLine, as: UTF8.self) }

    /// Reads what is there, once; answers whether there was something.
    @discardableResult
    mutating func read(_ end: Int32, to log: inout PluginLog) -> Bool {
        let count = unsafe room.withUnsafeMutableBytes { bytes in
            unsafe Glibc.read(end, bytes.baseAddress, bytes.count)
        }
        if count < 0, errno == EAGAIN || errno == EINTR { return false }
        guard count > 0 else {
            isOpen = false
            if !line.isEmpty { finishLine(&log) }
            return false
        }
        add(count, &log)
        return true
    }

    private mutating func add(_ count: Int, _ log: inout PluginLog) {
        let bytes = room
        var start = 0
        while start < count {
            let found = Self.lineFeed(in: bytes, from: start, to: count)
            let end = found ?? count
            let taken = min(end - start, Self.lineBytesMax - line.count)
            line += bytes[start..<start + taken]
            excess += end - start - taken
            if found != nil { finishLine(&log) }
            start = end + 1
        }
    }

    private static func lineFeed(in bytes: [UInt8], from start: Int, to end: Int) -> Int? {
        unsafe bytes.withUnsafeBytes { bytes in
            guard let first = bytes.baseAddress,
                let found = unsafe memchr(first + start, 0x0A, end - start)
            else { return nil }
            return unsafe UnsafeRawPointer(found) - first
        }
    }

    private mutating func finishLine(_ log: inout PluginLog) {
        log.add(level: nil, Self.text(line, excess))
        if !line.isEmpty { swap(&line, &lastLine) }
        line.removeAll(keepingCapacity: true)
        excess = 0
    }

    private static func text(_ line: [UInt8], _ excess: Int) -> String {
        String(decoding: line, as: UTF8.self) + (excess > 0 ? "… (\(excess) bytes more)" : "")
    }
}
