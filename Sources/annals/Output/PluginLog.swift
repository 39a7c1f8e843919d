internal import Bytes
internal import PluginHost

/// What plugins print and log, on standard error, marked with who wrote it.
enum PluginLog {
    /// Writes a line; what it holds is untrusted.
    static func write(_ line: PluginLogLine) {
        let level = line.level.map { " \(TerminalText.escaped($0)):" } ?? ":"
        Console.error("plugin \(line.plugin)\(level) \(TerminalText.escaped(line.text))\n")
    }
}
