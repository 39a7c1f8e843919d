internal import Bytes

/// Documents of all kinds (PROTOCOL.md §5).
extension ConformanceCheck {
    static let documentChecks = [
        ConformanceCheck(
            id: "unicode",
            title: "takes every character, and cuts none",
            section: "§5.1",
            body: unicode
        ),
        ConformanceCheck(
            id: "empty",
            title: "takes a document without text",
            section: "§5"
        ) { try $0.ask([$0.plugin.item("empty", ""), $0.plugin.item("blank", " \n\t ")]) },
        ConformanceCheck(
            id: "no-title",
            title: "takes a document without a title",
            section: "§5",
            kinds: [.clean, .enrich, .exporter]
        ) { try $0.ask([$0.plugin.item("untitled", ProbedPlugin.plain, title: nil)]) },
        ConformanceCheck(
            id: "names",
            title: "takes identifiers of all kinds",
            section: "§5"
        ) { suite in
            let names = ["../../etc/passwd", "-rf", "a b\nc", "\u{1F4C4}", "http://x/?q=1#2", ""]
            try suite.ask(names.map { suite.plugin.item($0, ProbedPlugin.plain) })
        },
        ConformanceCheck(
            id: "huge",
            title: "takes a document of 10 MB within its seconds and its memory",
            section: "§1",
            body: huge
        ),
    ]

    @Sendable
    private static func unicode(_ suite: inout ConformanceSuite) throws {
        for (name, text) in ProbedPlugin.unicode {
            do {
                try suite.ask([
                    suite.plugin.item(name, text, title: text),
                    suite.plugin.item(name, text + ProbedPlugin.plain + text),
                ])
            } catch let fault as PluginFault {
                throw PluginFault(fault.code, fault.plugin, "\(name): \(fault.message)")
            }
        }
    }

    @Sendable
    private static func huge(_ suite: inout ConformanceSuite) throws {
        let part = ProbedPlugin.plain + " Füße.\n"
        let text = String(repeating: part, count: 10_000_000 / part.utf8.count + 1)
        let needs = suite.plugin.manifest.needs
        do {
            try suite.ask([suite.plugin.item("huge", text)])
        } catch let fault as PluginFault where fault.code == .timeout {
            throw CheckFailure.failed(
                seen: "it had not answered after \(needs.seconds) seconds",
                expected:
                    "a batch takes at most the 'seconds' of its manifest, here of one document"
                    + " of \(text.utf8.count) bytes"
            )
        }
    }
}
