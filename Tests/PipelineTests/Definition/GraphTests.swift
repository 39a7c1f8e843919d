internal import Pipeline
internal import Testing
internal import YAML

@Suite("Pipelines drawn")
struct GraphTests {
    /// What would end a label, begin HTML or a directive, act on a terminal, or be Markdown.
    private static let hostile = #"a"]; click x "javascript:1" %%{init: {}}%% <b>&amp;`# \N"#

    private func graph(_ source: String) throws -> PipelineGraph {
        let folder = try DefinitionFolder([
            "p.yaml": """
            pipeline: news
            stages:
              - ingest: {from: [\(source)]}
              - clean
              - export: {to: out/news.jsonl}
            """
        ])
        return PipelineGraph(try #require(folder.load().pipeline), counts: nil)
    }

    @Test("labels are text in Mermaid, whatever they hold")
    func mermaid() throws {
        let drawn = try graph("'" + Self.hostile + "', \"\\e[31m\\u202E\"").mermaid
        let line = try #require(drawn.split(separator: "\n").first { $0.contains("source[") })
        #expect(
            line == """
                    source[/"a#34;#93;#59; click x #34;javascript:1#34; #37;#37;#123;init: \
                #123;#125;#125;#37;#37; #60;b#62;#38;amp#59;#96;#35; #92;N<br/>\
                #92;u#123;1b#125;#91;31m#92;u#123;202e#125;"/]
                """
        )
    }

    @Test("labels are text in DOT, whatever they hold")
    func dot() throws {
        let drawn = try graph("'" + Self.hostile + "'").dot
        #expect(
            drawn.contains(
                #"source [label="a\"]; click x \"javascript:1\" %%{init: {}}%% <b>&amp;`# \\N", shape=note];"#
            )
        )
    }

    @Test("a pipeline that never ran is drawn without counts")
    func bare() throws {
        #expect(
            try graph("news").mermaid == """
                ---
                title: "news"
                ---
                flowchart TD
                    source[/"news"/]
                    stage0["ingest"]
                    stage1["clean"]
                    stage2["export"]
                    export2[("out/news.jsonl")]
                    source --> stage0
                    stage0 --> stage1
                    stage1 --> stage2
                    stage2 --> export2

                """
        )
    }
}
