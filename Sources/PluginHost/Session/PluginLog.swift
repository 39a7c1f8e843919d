/// What a process has to say, let through to the run's log at a bounded rate.
///
/// A plugin may write as fast as it can; what is too much is counted, and left out.
struct PluginLog: Sendable {
    private let plugin: String
    private let write: @Sendable (PluginLogLine) -> Void
    private var lines = Self.linesMax
    private var bytes = Self.bytesMax
    private var refilled: UInt64
    private var leftOut = 0

    /// What may come at once.
    static let linesMax = 1000
    private static let bytesMax = 1 << 20
    /// What may come in a second after that.
    private static let linesPerSecond = 100
    private static let bytesPerSecond = 1 << 16

    init(_ plugin: String, _ write: @escaping @Sendable (PluginLogLine) -> Void) {
        self.plugin = plugin
        self.write = write
        refilled = PluginChannel.now
    }

    /// Writes a line, if there is still room for one.
    mutating func add(level: String?, _ text: @autoclosure () -> String) {
        add { plugin in PluginLogLine(plugin, level: level, text()) }
    }

    /// Writes a line, if there is still room for one.
    mutating func add(_ line: (_ plugin: String) -> PluginLogLine) {
        refill()
        guard lines > 0, bytes > 0 else {
            leftOut += 1
            return
        }
        tellLeftOut()
        let line = line(plugin)
        lines -= 1
        bytes -= line.text.utf8.count
        write(line)
    }

    /// Says how much was left out, if anything was.
    mutating func tellLeftOut() {
        guard leftOut > 0 else { return }
        write(
            PluginLogLine(plugin, level: "warning", "it writes too fast: \(leftOut) lines left out")
        )
        leftOut = 0
    }

    private mutating func refill() {
        let now = PluginChannel.now
        let seconds = Int((now - refilled) / 1_000_000_000)
        guard seconds > 0 else { return }
        refilled += UInt64(seconds) * 1_000_000_000
        lines = min(Self.linesMax, lines + seconds * Self.linesPerSecond)
        bytes = min(Self.bytesMax, bytes + seconds * Self.bytesPerSecond)
    }
}
