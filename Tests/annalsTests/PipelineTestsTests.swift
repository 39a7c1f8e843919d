import Foundation
import Testing

/// `annals test`: a pipeline's own tests, as a user runs, blesses and records them.
@Suite("Pipeline tests")
struct PipelineTestsTests {
    private static let long =
        "One fine morning the quick brown fox jumped over the lazy dog that slept near the gate."

    /// A pipeline with tests; `first` is what is expected of the first document.
    private static func pipeline(_ first: String) -> String {
        """
        # The fox.
        pipeline: fox
        stages:
          - ingest: {from: [in/*.txt]}
          - clean: {require: {words: 5..100}}
          - deduplicate
          - export: {to: out/fox.jsonl}
        tests:
          - name: "the fox & the <dog>"
            documents:
              - {id: a, text: "\(long)"}
              - {id: b, text: "\(long)"}
              - {id: c, text: Too short.}
            expect:
              a: \(first) # what is kept
              b: {duplicate: {of: a, kind: exact, similarity: 0.9..1}}
              c: {dropped: {rule: words, value: 2}}
            projections:
              documents: [{document: a, status: kept}, {document: c}, {document: b}]
        """
    }

    @Test("all pass: one line, and nothing of the user's is touched")
    func passes() throws {
        let folder = try TestFolder()
        try folder.write("fox.yaml", Self.pipeline("kept"))
        let outcome = try folder.annals("test", "fox.yaml")
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.messages)")
        #expect(outcome.output == "✓ fox.yaml: 1 test passed\n")
        #expect(!folder.exists(".annals") && !folder.exists("out"))
    }

    @Test("what differs is shown with its place, and fails")
    func fails() throws {
        let folder = try TestFolder()
        let text = Self.long.replacingOccurrences(of: "lazy dog", with: "old cat")
        try folder.write("fox.yaml", Self.pipeline("{text: \"\(text)\", fields: {title: x}}"))
        let outcome = try folder.annals("test", "fox.yaml", "--junit", "report.xml")
        #expect(outcome.status == 65)
        #expect(outcome.output.contains("fox.yaml:15:17: a: text\n"), "\(outcome.output)")
        #expect(outcome.output.contains("[-old-]{+lazy+} [-cat-]{+dog+}"), "\(outcome.output)")
        #expect(outcome.output.contains("    expected  x\n    got       nothing\n"))
        let xml = try folder.shell(
            "python3 -c 'import xml.etree.ElementTree as e; t = e.parse(\"report.xml\").getroot();"
                + " print(t.get(\"failures\"), t.find(\".//testcase\").get(\"name\"))'"
        )
        #expect(xml.output == "1 the fox & the <dog>\n", "\(xml.messages)")
        let json = try folder.annals("test", "fox.yaml", "--format", "json")
        #expect(json.status == 65 && json.output.contains("\"path\":\"fields.title\""))
    }

    @Test("a file that is missing, a filter that nothing matches: 66, never a pass")
    func nothing() throws {
        let folder = try TestFolder()
        try folder.write("fox.yaml", Self.pipeline("kept"))
        #expect(try folder.annals("test", "none.yaml").status == 66)
        #expect(try folder.annals("test", "fox.yaml", "--filter", "wolf").status == 66)
        #expect(try folder.annals("test", "fox.yaml", "--filter", "FOX").status == 0)
    }

    @Test(
        "check reports what is wrong with a test, at its place",
        arguments: [
            ("kep", "fox.yaml:15:10", "did you mean \"kept\"?"),
            ("{droped: true}", "fox.yaml:15:11", "did you mean \"dropped\"?"),
            ("{duplicate: {of: aa}}", "fox.yaml:15:27", "the documents are a, b, c"),
            ("{dropped: {value: many}}", "fox.yaml:15:28", "a number"),
            ("{kept: true, failed: true}", "fox.yaml:15:23", "one end"),
            ("{annotations: {leadrs: []}}", "fox.yaml:15:25", "no stage annotates"),
        ]
    )
    func syntax(_ text: String, _ place: String, _ word: String) throws {
        let folder = try TestFolder()
        try folder.write("fox.yaml", Self.pipeline(text))
        let outcome = try folder.annals("check", "fox.yaml")
        #expect(outcome.status == 65)
        #expect(outcome.messages.contains(place), "\(outcome.messages)")
        #expect(outcome.messages.contains(word), "\(outcome.messages)")
    }

    @Test("blessing writes what came, keeps the rest byte for byte, and passes afterwards")
    func bless() throws {
        let folder = try TestFolder()
        try folder.write("fox.yaml", Self.pipeline("{dropped: {rule: words}}"))
        try folder.shell("chmod 640 fox.yaml")
        let outcome = try folder.annals("test", "fox.yaml", "--bless")
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.messages)")
        #expect(folder.read("fox.yaml") == Self.pipeline("{kept: true}"))
        #expect(try folder.shell("stat -c %a fox.yaml").output == "640\n")
        #expect(try folder.annals("test", "fox.yaml").status == 0)
        #expect(try folder.shell("ls -A | grep -c '[.]fox'").output == "0\n")
    }

    @Test("every seed becomes a test that passes; a duplicate brings its original along")
    func record() throws {
        let folder = try TestFolder()
        for name in ["seeds", "Pipelines"] { try folder.copy(repository: name) }
        try folder.shell("for s in seeds/0*; do cp $s seeds/x-$(basename $s); done")
        #expect(try folder.annals("run", "Pipelines/leaders.yaml").status == 0)
        let seeds = try folder.shell("ls seeds").output.split(separator: "\n")
        #expect(seeds.count == 4)
        for seed in seeds {
            for from in ["clean", "deduplicate"] {
                let outcome = try folder.annals(
                    "test",
                    "record",
                    "seeds/\(seed)",
                    "--pipeline",
                    "Pipelines/leaders.yaml",
                    "--from",
                    from
                )
                #expect(outcome.status == 0, "\(outcome.messages)")
                #expect(outcome.output.contains("duplicate: {of: seeds/0") == seed.hasPrefix("x"))
            }
        }
        let outcome = try folder.annals("test", "Pipelines/leaders.yaml")
        #expect(outcome.output == "✓ Pipelines/leaders.yaml: 12 tests passed\n")
    }

    @Test("changing nothing but tests makes no run do anything again")
    func fingerprints() throws {
        let folder = try TestFolder()
        try folder.write("in/a.txt", Self.long)
        try folder.write("fox.yaml", Self.pipeline("kept"))
        try folder.annals("run", "fox.yaml")
        try folder.write("fox.yaml", Self.pipeline("{exported: true}"))
        let again = try folder.annals("run", "fox.yaml", "--format", "json")
        #expect(again.output.contains("\"unchanged\":1"), "\(again.output)\(again.messages)")
    }

    @Test("a file is read as ingest reads it, and named as the test names it")
    func files() throws {
        let folder = try TestFolder()
        try folder.write("p/records.jsonl", "{\"id\":\"r\",\"text\":\"\(Self.long)\"}\nbroken\n")
        try folder.write("p/bad.txt", bytes: [0xFF, 0xFE, 0x00])
        let more = [
            "- name: files", "  documents: [{file: records.jsonl}, {id: bad, file: bad.txt}]",
            "  expect: {r: kept, records.jsonl#2: {failed: {stage: ingest}}, bad: failed}",
        ]
        let text = Self.pipeline("kept") + more.map { "\n  " + $0 }.joined() + "\n"
        try folder.write("p/fox.yaml", text)
        let outcome = try folder.annals("test", "p/fox.yaml")
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.messages)")
    }

    @Test("the tests of the pipelines that come along pass")
    func shipped() throws {
        let folder = try TestFolder()
        try folder.copy(repository: "Pipelines")
        let outcome = try folder.annals("test", "Pipelines/leaders.yaml")
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.messages)")
    }
}
