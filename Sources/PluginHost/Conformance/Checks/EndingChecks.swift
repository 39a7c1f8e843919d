internal import Bytes

/// How a process ends (PROTOCOL.md §2, §6).
extension ConformanceCheck {
    static let endingChecks = [
        ConformanceCheck(
            id: "shutdown",
            title: "exits with status 0 within 5 seconds when it is asked to",
            section: "§6",
            body: shutdown
        ),
        ConformanceCheck(
            id: "end",
            title: "exits within 5 seconds when descriptor 3 ends",
            section: "§2"
        ) { suite in
            let probe = try suite.started()
            _ = try probe.answers(to: suite.plugin.items(1), suite.plugin)
            probe.endMessages()
            try gone(probe, "after descriptor 3 had ended")
        },
        ConformanceCheck(
            id: "cancel",
            title: "exits within 5 seconds when descriptor 3 ends in the middle of a batch",
            section: "§2"
        ) { suite in
            let plugin = suite.plugin
            let probe = try suite.started()
            probe.sendBatch(plugin.items(plugin.manifest.needs.batch), as: plugin.member)
            try probe.flush(seconds: plugin.manifest.needs.seconds)
            probe.endMessages()
            try gone(probe, "after descriptor 3 had ended in the middle of a batch")
        },
        ConformanceCheck(
            id: "cut",
            title: "exits within 5 seconds when descriptor 3 ends in the middle of a message",
            section: "§2"
        ) { suite in
            let probe = try suite.started()
            probe.send(bytes: Array("{\"type\":\"batch\",\"batch\":1,\"documents\":[{\"id\"".utf8))
            try probe.flush(seconds: Limits.endSeconds)
            probe.endMessages()
            try gone(probe, "after descriptor 3 had ended in the middle of a message")
        },
    ]

    @Sendable
    private static func shutdown(_ suite: inout ConformanceSuite) throws {
        let probe = try suite.started()
        _ = try probe.answers(to: suite.plugin.items(1), suite.plugin)
        probe.send("shutdown")
        try probe.flush(seconds: Limits.endSeconds)
        let expected = "it exits with status 0 within 5 seconds, or is killed"
        switch probe.ending(within: Limits.endSeconds) {
        case .exit(0): return
        case let ending?:
            throw CheckFailure.failed(seen: "it \(ending.words)", expected: expected)
        case nil:
            throw CheckFailure.failed(
                seen: "it was still there 5 seconds after 'shutdown'",
                expected: expected
            )
        }
    }

    private static func gone(_ probe: Probe, _ when: String) throws {
        guard probe.ending(within: Limits.endSeconds) == nil else { return }
        throw CheckFailure.failed(
            seen: "it was still there 5 seconds \(when)",
            expected: "when descriptor 3 ends, it must exit"
        )
    }
}
