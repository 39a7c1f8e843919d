internal import Bytes
internal import Glibc

/// What a plugin prints, line by line.
struct PrintedLines: Sendable {
    /// What lies beyond in a line is left out.
    static let lineBytesMax = 1 << 13

    /// Whether more may come.
    private(set) var isOpen = true
    /// The last line that was printed whole.
    private(set) var last = ""
    private var line: [UInt8] = []
    /// Bytes of the line that are left out.
    private var excess = 0
    private var room = [UInt8](repeating: 0, count: 1 << 16)

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
        var start = 0
        while start < count {
            let found = room.span.extracting(0..<count).firstIndex(of: 0x0A, from: start)
            let end = found ?? count
            let taken = min(end - start, Self.lineBytesMax - line.count)
            line += room[start..<start + taken]
            excess += end - start - taken
            if found != nil { finishLine(&log) }
            start = end + 1
        }
    }

    private mutating func finishLine(_ log: inout PluginLog) {
        var text = String(decoding: line, as: UTF8.self)
        if excess > 0 { text += "… (\(excess) bytes more)" }
        if !line.isEmpty { last = text }
        log.add(level: nil, text)
        line.removeAll(keepingCapacity: true)
        excess = 0
    }
}
