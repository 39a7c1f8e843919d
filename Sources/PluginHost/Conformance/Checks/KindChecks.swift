internal import Bytes

/// What only some kinds of plugins are asked (PROTOCOL.md §5.3 to §5.5).
extension ConformanceCheck {
    static let kindChecks = [
        ConformanceCheck(
            id: "reader-garbage",
            title: "says of bytes that are no source that they are none",
            section: "§5.3",
            kinds: [.reader]
        ) { suite in
            let bytes = (0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ $0 >> 3) }
            let items = [".pdf", ".html", ""].map { suite.plugin.source("garbage" + $0, bytes) }
            try suite.ask(items + [suite.plugin.source("none", [])])
        },
        ConformanceCheck(
            id: "exporter-again",
            title: "takes the same positions again",
            section: "§5.4",
            kinds: [.exporter]
        ) { suite in
            let items = suite.plugin.items(2)
            try suite.ask(items)
            try suite.ask(items)
        },
        ConformanceCheck(
            id: "exporter-flush",
            title: "makes durable what it took",
            section: "§5.4",
            kinds: [.exporter]
        ) { suite in
            let seconds = suite.plugin.manifest.needs.seconds
            try suite.conversation { probe in
                probe.send("flush")
                _ = try probe.receive("flushed", seconds: seconds)
            }
        },
        ConformanceCheck(
            id: "exporter-withdraw",
            title: "withdraws positions, also those that are not there",
            section: "§5.4",
            kinds: [.exporter]
        ) { suite in
            let seconds = suite.plugin.manifest.needs.seconds
            let items = suite.plugin.items(2)
            try suite.ask(items)
            let positions = items.compactMap { $0["position"] } + [.integer(1 << 40)]
            try suite.conversation { probe in
                for positions in [positions, positions, []] {
                    probe.send("withdraw", [CBORValue.Pair("positions", .array(positions))])
                    _ = try probe.receive("withdrawn", seconds: seconds)
                }
            }
        },
        ConformanceCheck(
            id: "projection-query",
            title:
                "answers questions with rows, and says of those without sense that they have none",
            section: "§5.5",
            kinds: [.projection],
            body: query
        ),
    ]

    @Sendable
    private static func query(_ suite: inout ConformanceSuite) throws {
        let seconds = suite.plugin.manifest.needs.seconds
        let questions: [[String]] = [
            [], ["sample-0"], ["\u{1F9EA} no such thing"], ["a", "b", "c"],
        ]
        try suite.conversation { probe in
            for question in questions {
                let arguments = CBORValue.array(question.map { .text($0) })
                probe.send("query", [CBORValue.Pair("arguments", arguments)])
                let rows = try probe.receive("rows", seconds: seconds)
                guard let problem = problem(rows) else { continue }
                throw CheckFailure.failed(
                    seen: "to \(Shown.text(arguments)): \(problem): \(Shown.text(rows))",
                    expected: "'rows' has 'columns' and 'rows', a cell for each column; or 'error'"
                )
            }
        }
    }

    private static func problem(_ answer: CBORValue) -> String? {
        if let error = answer["error"] {
            return error.text == nil ? "its 'error' is no string" : nil
        }
        guard let columns = answer["columns"]?.array, columns.allSatisfy({ $0.text != nil }) else {
            return "'columns' is no list of names"
        }
        guard let rows = answer["rows"]?.array else { return "'rows' is no list" }
        let wrong = rows.first { $0.array?.count != columns.count }
        return wrong.map { "a row is \(Shown.text($0))" }
    }
}
