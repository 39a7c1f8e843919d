internal import Bytes

/// What a host should not do, or may do later (PROTOCOL.md §2, §3).
extension ConformanceCheck {
    static let disturbanceChecks = [
        ConformanceCheck(
            id: "unknown-message",
            title: "survives messages of types that it does not know",
            section: "§3",
            body: unknownMessage
        ),
        ConformanceCheck(
            id: "unknown-members",
            title: "passes over members of documents that it does not know",
            section: "§3"
        ) { suite in
            let more = [CBORValue.Pair("later", .array([.map([]), .null, .bool(true)]))]
            try suite.ask(suite.plugin.items(1).map { .map($0.pairs + more) })
        },
        ConformanceCheck(
            id: "garbage",
            title: "exits, or goes on, after a line that is no message",
            section: "§3",
            body: garbage
        ),
        ConformanceCheck(
            id: "two-processes",
            title: "works as two processes at a time",
            section: "§2"
        ) { suite in
            let plugin = suite.plugin
            let one = try suite.started()
            let other = try suite.started()
            let items = plugin.items(min(2, plugin.manifest.needs.batch))
            one.sendBatch(items, as: plugin.member)
            try one.flush(seconds: plugin.manifest.needs.seconds)
            _ = try other.answers(to: items, plugin)
            _ = try one.answers(
                plugin.expected(items.count),
                of: one.batch,
                seconds: plugin.manifest.needs.seconds
            )
        },
    ]

    @Sendable
    private static func unknownMessage(_ suite: inout ConformanceSuite) throws {
        let plugin = suite.plugin
        let probe = try suite.started()
        probe.send("weather", [CBORValue.Pair("of", .text("tomorrow"))])
        probe.sendBatch(plugin.items(1), as: plugin.member)
        let deadline = Probe.deadline(plugin.manifest.needs.seconds)
        var message = CBORValue.null
        repeat {
            message = try probe.next(by: deadline)
        } while message["type"]?.text != "answer" || message["batch"]?.integer != probe.batch
    }

    @Sendable
    private static func garbage(_ suite: inout ConformanceSuite) throws {
        let plugin = suite.plugin
        let probe = try suite.started()
        probe.send(bytes: Array("this is no message {\"type\"\n".utf8))
        probe.sendBatch(plugin.items(1), as: plugin.member)
        do {
            _ = try probe.answers(
                plugin.expected(1),
                of: probe.batch,
                seconds: plugin.manifest.needs.seconds
            )
        } catch let fault where fault.code == .crashed {
            guard probe.ending(within: Limits.endSeconds) == .exit(0) else { return }
            throw CheckFailure.failed(
                seen: "it exited with status 0, as if it had been asked to",
                expected: "it exits with another status, or goes on"
            )
        } catch let fault where fault.code == .timeout {
            throw CheckFailure.failed(
                seen: "it neither exited nor answered to the batch that came next",
                expected: "what is no JSON ends a conversation; it exits, or goes on"
            )
        }
    }
}
