internal import Bytes

/// One answer a document, in order (PROTOCOL.md §3, §5).
extension ConformanceCheck {
    static let answerChecks = [
        ConformanceCheck(
            id: "answers",
            title: "answers to a batch of one",
            section: "§5",
            needs: ["start"]
        ) { try $0.ask($0.plugin.items(1)) },
        ConformanceCheck(
            id: "batch-two",
            title: "answers to a batch of two, in order",
            section: "§5"
        ) { try $0.ask($0.plugin.items(2)) },
        ConformanceCheck(
            id: "batch-maximum",
            title: "answers to a batch of its maximum, in order",
            section: "§5"
        ) { try $0.ask($0.plugin.items($0.plugin.manifest.needs.batch)) },
        ConformanceCheck(
            id: "batch-none",
            title: "answers to an empty batch with nothing",
            section: "§5",
            kinds: [.clean, .enrich, .reader, .exporter]
        ) { suite in
            let plugin = suite.plugin
            try suite.conversation { probe in
                probe.sendBatch([], as: plugin.member)
                _ = try probe.answers(to: plugin.items(1), plugin)
            }
        },
        ConformanceCheck(
            id: "batches",
            title: "takes batches before it has answered the last",
            section: "§5",
            body: batches
        ),
        ConformanceCheck(
            id: "encodings",
            title: "says the same in CBOR as in JSON",
            section: "§3",
            body: encodings
        ),
        ConformanceCheck(
            id: "pure",
            title: "answers the same to the same document, in another process too",
            section: "§1",
            kinds: [.clean, .enrich, .reader],
            body: pure
        ),
    ]

    @Sendable
    private static func batches(_ suite: inout ConformanceSuite) throws {
        let plugin = suite.plugin
        try suite.conversation { probe in
            let first = probe.batch + 1
            let counts = [1, min(2, plugin.manifest.needs.batch), 1, 1]
            for count in counts { probe.sendBatch(plugin.items(count), as: plugin.member) }
            for (number, count) in counts.enumerated() {
                _ = try probe.answers(
                    plugin.expected(count),
                    of: first + number,
                    seconds: plugin.manifest.needs.seconds * Double(number + 1)
                )
            }
        }
    }

    @Sendable
    private static func encodings(_ suite: inout ConformanceSuite) throws {
        let plugin = suite.plugin
        let probe = try suite.started(WireEncoding.allCases)
        guard probe.encoding == .cbor else {
            throw CheckFailure.skipped("it speaks JSON only")
        }
        let items = plugin.items(2) + ProbedPlugin.unicode.map { plugin.item("u", $0.text) }
        let answers = try probe.answers(to: items, plugin)
        try check(answers, to: items, plugin)
        guard plugin.manifest.determinism == .pure else { return }
        try compare(answers, try suite.answers(to: items), "in JSON", "in CBOR")
    }

    @Sendable
    private static func pure(_ suite: inout ConformanceSuite) throws {
        let plugin = suite.plugin
        guard plugin.manifest.determinism == .pure else {
            throw CheckFailure.skipped("its manifest says that it is not pure")
        }
        let items = plugin.items(min(3, plugin.manifest.needs.batch))
        let first = try suite.answers(to: items)
        let again = try suite.answers(to: items.reversed())
        try compare(again.reversed(), first, "at first", "asked again, in another order")
        let other = try suite.started()
        let elsewhere = try other.answers(to: items, plugin)
        try compare(elsewhere, first, "at first", "in another process")
    }

    private static func compare(
        _ answers: [CBORValue],
        _ others: [CBORValue],
        _ one: String,
        _ other: String
    ) throws {
        for (mine, theirs) in zip(answers, others) {
            let (mine, theirs) = (mine.unnumbered, theirs.unnumbered)
            guard !mine.means(theirs) else { continue }
            throw CheckFailure.failed(
                seen: "\(one) it said \(Shown.text(theirs)), \(other) \(Shown.text(mine))",
                expected: "the same document and options give the same answer (determinism: pure)"
            )
        }
    }

    /// Fails for the first answer that is none.
    static func check(_ answers: [CBORValue], to items: [CBORValue], _ plugin: ProbedPlugin) throws
    {
        guard plugin.manifest.kind != .projection else { return }
        for (item, answer) in zip(items, answers) {
            let shape = AnswerShape(manifest: plugin.manifest, item: item, answer: answer)
            guard let problem = shape.problem else { continue }
            throw CheckFailure.failed(
                seen: "to \(Shown.text(item["id"])): \(problem)",
                expected: "an answer holds what PROTOCOL.md §5 has, with these names and shapes"
            )
        }
    }
}

extension ConformanceSuite {
    /// Asks in the conversation that checks share, and looks at the answers.
    mutating func ask(_ items: [CBORValue]) throws {
        try ConformanceCheck.check(try answers(to: items), to: items, plugin)
    }
}
