internal import Bytes

/// What a plugin said beside its answers, in all the checks before (PROTOCOL.md §2, §6).
extension ConformanceCheck {
    static let bystanderChecks = [
        ConformanceCheck(
            id: "log",
            title: "logs as hosts can read it",
            section: "§6",
            body: log
        ),
        ConformanceCheck(
            id: "prints",
            title: "prints no messages: they belong on descriptor 4",
            section: "§2",
            needs: ["manifest"],
            body: prints
        ),
    ]

    @Sendable
    private static func log(_ suite: inout ConformanceSuite) throws {
        _ = try suite.answers(to: suite.plugin.items(1))
        let messages = suite.plugin.record.messages
        guard !messages.isEmpty else { throw CheckFailure.skipped("it logged nothing") }
        let levels = ["debug", "info", "warning", "error"]
        for message in messages {
            let isLeveled =
                message["type"]?.text == "progress"
                || levels.contains(message["level"]?.text ?? "")
            guard message["message"]?.text != nil, isLeveled else {
                throw CheckFailure.failed(
                    seen: "it logged \(Shown.text(message))",
                    expected: "'log' has a message and a level: debug, info, warning or error"
                )
            }
        }
    }

    @Sendable
    private static func prints(_ suite: inout ConformanceSuite) throws {
        // A plugin that writes its messages to the wrong place gives no answer on the right one.
        _ = try? suite.answers(to: suite.plugin.items(1))
        let types = ["hello", "validated", "started", "answer", "log", "progress", "rows"]
        for line in suite.plugin.record.lines where line.hasPrefix("{") {
            let bytes = Array(line.utf8)
            var reader = JSONReader(bytes.span)
            guard let message = try? reader.value(), let type = message["type"]?.text,
                types.contains(type)
            else { continue }
            throw CheckFailure.failed(
                seen: "it printed \(Shown.text(line))",
                expected: "messages are written to descriptor 4; what is printed goes to the log"
            )
        }
    }
}
