import Glibc

/// How messages are written down (PROTOCOL.md §3).
enum MessageEncoding: String {
    /// A JSON object on a line of its own.
    case json
    /// Four bytes with the length, most significant first, then a CBOR item.
    case cbor

    func bytes(of message: Value) throws -> [UInt8] {
        var bytes: [UInt8] = self == .json ? [] : [0, 0, 0, 0]
        switch self {
        case .json:
            try JSONWriter.append(message, to: &bytes)
            bytes.append(0x0A)
        case .cbor:
            try CBORWriter.append(message, to: &bytes)
            let length = bytes.count - 4
            for index in 0..<4 {
                bytes[index] = UInt8(truncatingIfNeeded: length >> (24 - 8 * index))
            }
        }
        return bytes
    }
}

/// Messages from and to the host.
final class Channel {
    private let input: Int32
    private let output: Int32
    private var received: [UInt8] = []
    private var start = 0
    var encoding = MessageEncoding.json

    init(input: Int32, output: Int32) {
        self.input = input
        self.output = output
        // What we start must not hold the host's ends.
        for end in [input, output] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    }

    /// The next message; nil when no more come.
    func receive() throws -> Value? {
        switch encoding {
        case .json:
            var searched = start
            while true {
                if let end = received[searched...].firstIndex(of: 0x0A) {
                    defer { start = end + 1 }
                    return try JSONReader.value(of: received[start..<end])
                }
                searched = received.count
                let moved = start
                guard read() else { return nil }
                searched -= moved - start
            }
        case .cbor:
            while received.count - start < 4 {
                guard read() else { return nil }
            }
            let count = received[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
            while received.count - start - 4 < count {
                guard read() else { return nil }
            }
            defer { start += 4 + count }
            return try CBORReader.value(of: received[start + 4..<start + 4 + count])
        }
    }

    /// Reads some more; false at the end.
    private func read() -> Bool {
        if start > 0 {
            received.removeFirst(start)
            start = 0
        }
        let room = 1 << 16
        let known = received.count
        received.append(contentsOf: repeatElement(0, count: room))
        var count = 0
        repeat {
            count = received[known...].withUnsafeMutableBytes { bytes in
                Glibc.read(input, bytes.baseAddress, room)
            }
        } while count < 0 && errno == EINTR
        received.removeLast(room - max(0, count))
        return count > 0
    }

    func send(_ message: Value) throws {
        write(try encoding.bytes(of: message))
    }

    /// Writes bytes; ends the process if nobody listens any more.
    func write(_ bytes: [UInt8]) {
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { bytes in
                Glibc.write(output, bytes.baseAddress, bytes.count)
            }
            if count < 0 && errno == EINTR { continue }
            if count < 0 { exit(1) }
            written += count
        }
    }
}
