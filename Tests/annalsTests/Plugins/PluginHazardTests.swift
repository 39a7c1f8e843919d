import Testing

/// What a pipeline or a plugin could do to what is not its own.
@Suite("A plugin that could do harm")
struct PluginHazardTests {
    private func exporting(to path: String, store: String = "st") throws -> TestFolder {
        let folder = try PluginStageTests.folder(stages: "  - plugin: {name: shelf, to: \(path)}")
        try folder.write("news.yaml", "store: \(store)\n" + folder.read("news.yaml"))
        try folder.plugin("shelf", kind: "exporter", PluginExportTests.keeping)
        return folder
    }

    @Test(
        "gets no folder in which the store, the pipeline or a source lies",
        arguments: ["st", ".", "out/..", "news", "..", "st/../st"]
    )
    func folders(path: String) throws {
        let folder = try exporting(to: path, store: "st/inner")
        let said = try folder.annals("check", "news.yaml")
        #expect(said.status == 65, "\(said.messages)")
        #expect(said.messages.contains("give the exporter a folder of its own"), "\(said.messages)")
    }

    @Test("gets no folder that leads to the store by a link")
    func links() throws {
        let folder = try exporting(to: "out", store: "st/inner")
        _ = try folder.shell("mkdir st; ln -s st out")
        let said = try folder.annals("run", "news.yaml")
        #expect(said.status == 74)
        #expect(said.messages.contains("the store lies in it"), "\(said.messages)")
    }

    @Test("names no projection after a path", arguments: ["../../victim", "a/b", "documents", "."])
    func names(name: String) throws {
        let folder = try PluginStageTests.folder(
            stages: "  - plugin: {name: count}",
            projections: "  \"\(name)\": {plugin: lengths}"
        )
        try folder.plugin("count", kind: "enrich", events: "counted", PluginStageTests.counting)
        try folder.plugin(
            "lengths",
            kind: "projection",
            manifest: "consumes: [plugin:count/counted]",
            PluginExportTests.folding
        )
        let said = try folder.annals("run", "news.yaml")
        #expect(said.status == 65, "\(said.messages)")
        #expect(said.messages.contains("news.yaml:6:"), "\(said.messages)")
    }

    @Test("keeps what lay in its folder before the store, under another name")
    func foreign() throws {
        let folder = try exporting(to: "out/shelf")
        try folder.write("out/shelf/precious.txt", "mine")
        let run = try folder.annals("run", "news.yaml")
        #expect(run.status == 0, "\(run.messages)")
        #expect(
            run.messages.contains(
                "out/shelf was there before this store; it is now out/shelf.previous"
            ),
            "\(run.messages)"
        )
        #expect(folder.read("out/shelf.previous/precious.txt") == "mine")
        // Another store numbers its positions anew: what the old one brought is not its own.
        folder.delete("st")
        folder.delete("news/b.txt")
        #expect(try folder.annals("run", "news.yaml").status == 0)
        #expect(!folder.read("out/shelf/rows.json").contains("news/b.txt"))
        #expect(folder.read("out/shelf.previous-2/rows.json").contains("news/b.txt"))
        folder.delete("out/shelf")
        try folder.write("out/shelf", "a file")
        let refused = try folder.annals("run", "news.yaml")
        #expect(refused.status == 74)
        #expect(
            refused.messages.contains("something that is no folder lies there"),
            "\(refused.messages)"
        )
    }

    @Test("may read what the pipeline grants, relative to its file, wherever annals runs")
    func reads() throws {
        let folder = try PluginStageTests.folder(
            stages: "  - plugin: {name: count, allow: {read: [../models/]}}"
        )
        _ = try folder.shell(
            "mkdir -p sub && sed -i 's/news.yaml/x/' news.yaml && mv news.yaml sub/ && mv plugins sub/plugins; true"
        )
        try folder.write("models/m.txt", "12")
        try folder.plugin(
            "count",
            kind: "enrich",
            manifest: "needs: {read: [../models/]}",
            "@plugin.document\ndef f(d, o): return {'annotations': [{'id': open('../../models/m.txt').read()}]}"
        )
        let run = try folder.annals("run", "sub/news.yaml", "--format", "json")
        #expect(run.status == 0, "\(run.messages)")
        #expect(run.output.contains("\"kept\":3,\"dropped\":0,\"duplicates\":0,\"failed\":0"))
    }

    @Test("puts no escape and no line of its own on the terminal")
    func escapes() throws {
        let folder = try PluginStageTests.folder(stages: "  - plugin: {name: tidy}")
        try folder.plugin(
            "tidy",
            kind: "clean",
            """
            @plugin.document
            def f(d, o): return {"drop": {"rule": "\\x1b[31mred\\nforged: 1", "measured": 1, "threshold": 2}}
            @plugin.validate
            def v(o): return [{"severity": "warning", "path": "", "code": "\\x1b[31mc", "message": "\\x1b[32mm"}] * 20000
            """
        )
        let run = try folder.annals("run", "news.yaml")
        #expect(run.status == 0, "\(run.messages.prefix(300))")
        #expect(run.messages.components(of: "warning:") == 100)
        let story = try folder.annals("explain", "news/a.txt").output
        for text in [run.output, run.messages, story] {
            #expect(!text.contains("\u{1B}"))
            #expect(!text.split(separator: "\n").contains { $0.hasPrefix("forged") })
        }
        #expect(run.output.contains("dropped by \\u{1b}[31mred\\u{a}forged: 1: 3"), "\(run.output)")
    }

    @Test("annotates under a name of its own only")
    func annotators() throws {
        let folder = try PluginStageTests.folder(
            stages: "  - plugin: {name: count}\n  - enrich: [{plugin: {name: count}}]"
        )
        try folder.plugin("count", kind: "enrich", events: "counted", PluginStageTests.counting)
        let said = try folder.annals("check", "news.yaml")
        #expect(said.status == 65)
        #expect(
            said.messages.contains("another stage annotates as \"count\" already"),
            "\(said.messages)"
        )
    }
}
