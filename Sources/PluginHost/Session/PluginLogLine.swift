internal import Bytes
internal import Dispatch
internal import Glibc

/// A line of the run's log that a plugin wrote.
package struct PluginLogLine: Sendable, Equatable {
    /// Who wrote it.
    package let plugin: String
    /// How much it matters; nil for what was printed.
    package let level: String?
    /// What it says, as the plugin wrote it: untrusted.
    package let text: String

    /// A printed line.
    init(_ plugin: String, printed text: String) {
        self.plugin = plugin
        self.text = text
        level = nil
    }

    /// A `log` or `progress` message.
    init(_ plugin: String, _ message: CBORValue) {
        self.plugin = plugin
        text = message["message"]?.text ?? ""
        level = message["level"]?.text ?? "info"
    }
}

/// What a plugin prints, line by line.
enum PrintedLines {
    /// A longer line is cut in pieces.
    private static let lineBytesMax = 1 << 16

    /// Reads until the process is gone.
    static func follow(
        _ process: PluginProcess,
        name: String,
        _ log: @escaping @Sendable (PluginLogLine) -> Void
    ) {
        let end = dup(process.prints)
        guard end >= 0 else { return }
        let queue = DispatchQueue(label: "annals.plugin.prints")
        let source = DispatchSource.makeReadSource(fileDescriptor: end, queue: queue)
        var line: [UInt8] = []
        source.setEventHandler {
            var room = [UInt8](repeating: 0, count: 1 << 14)
            let count = unsafe Glibc.read(end, &room, room.count)
            if count < 0, errno == EAGAIN || errno == EINTR { return }
            for byte in room.prefix(max(0, count)) {
                if byte != 0x0A { line.append(byte) }
                guard byte == 0x0A || line.count >= lineBytesMax else { continue }
                log(PluginLogLine(name, printed: String(decoding: line, as: UTF8.self)))
                line = []
            }
            guard count <= 0 else { return }
            if !line.isEmpty { log(PluginLogLine(name, printed: String(decoding: line, as: UTF8.self))) }
            source.cancel()
        }
        source.setCancelHandler { close(end) }
        source.activate()
    }
}
