internal import Bytes

/// A line of the run's log that a plugin wrote.
package struct PluginLogLine: Sendable, Equatable {
    /// Who wrote it.
    package let plugin: String
    /// How much it matters; nil for what was printed.
    package let level: String?
    /// What it says, as the plugin wrote it: untrusted.
    package let text: String

    /// What is written about a plugin, or by it.
    init(_ plugin: String, level: String?, _ text: String) {
        self.plugin = plugin
        self.level = level
        self.text = text
    }

    /// A `log` or `progress` message.
    init(_ plugin: String, _ message: CBORValue) {
        let level = message["level"]?.text ?? "info"
        self.init(
            plugin,
            level: Self.levels.contains(level) ? level : "info",
            message["message"]?.text?.clipped(to: PrintedLines.lineBytesMax) ?? ""
        )
    }

    private static let levels = ["debug", "info", "warning", "error"]
}

extension String {
    /// The text, or its beginning and an ellipsis.
    func clipped(to bytesMax: Int) -> String {
        guard utf8.count > bytesMax else { return self }
        return String(decoding: utf8.prefix(bytesMax), as: UTF8.self) + "…"
    }
}
