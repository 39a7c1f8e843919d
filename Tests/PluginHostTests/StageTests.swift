import Bytes
import Events
import Glibc
import Pipeline
import Testing

@testable import PluginHost

@Suite("A stage whose plugin misbehaves")
struct StageTests {
    private static func document(_ number: Int) -> Document {
        Document(
            id: DocumentID(rawValue: "\(number).txt"),
            fields: DocumentFields(),
            metadata: .map([]),
            body: Array("A text.".utf8),
            revision: String(repeating: "0", count: 64),
            origin: Document.Origin(source: "\(number).txt", offset: 0, record: nil)
        )
    }

    private static let annotate = "a['annotations'] = [{'id': d['id']}]"

    @Test(
        "fails the document that it fell over, and no other",
        arguments: [
            "sys.exit(0)", "raw(b'no\\n')", "a['index'] = 9", "a['annotations'] = 3",
            "a['annotations'] = [{'label': 'no id'}]",
            "a['annotations'] = [{'id': 'x', 'spans': [[-1, 2]]}]",
            "a['annotations'] = [{'id': 'x', 'spans': [[0, 1 << 62]]}]",
            "a['annotations'] = [{'id': 'x' * 2000}]", "a['text'] = 3", "a['drop'] = {}",
            "a['events'] = [{'type': 'other'}]",
            "a['error'] = {'code': 'no', 'message': '\\x1b[31m<script>'}",
        ]
    )
    func documents(behaviour: String) async throws {
        let place = "\nif d['id'] == '3.txt': " + behaviour
        let probe = try Probe(document: Self.annotate + place)
        let stage = PluginStage(
            name: "plugin",
            number: 1,
            manifest: probe.manifest,
            pool: probe.pool()
        )
        var documents = (0..<8).map(Self.document)
        try await stage.measure(&documents)
        await stage.close()
        #expect(documents.map(\.id.rawValue) == (0..<8).map { "\($0).txt" })
        #expect(documents.indices.filter { !documents[$0].isLive } == [3])
        #expect(documents[3].fate == .settled(stage: 1, outcome: .failed))
        for (index, document) in documents.enumerated() where index != 3 {
            #expect(document.enrichments.first?.annotations.map(\.id) == ["\(index).txt"])
        }
    }

    @Test("keeps what it is told as data, escapes and all")
    func data() async throws {
        let text = "\u{1B}]0;title\u{07}<script>alert(1)</script>\u{202E}\n"
        let behaviour = """
            text = '\\x1b]0;title\\x07<script>alert(1)</script>\\u202e\\n'
            a['annotations'] = [{'id': text, 'label': text, 'fields': {text: text}}]
            print(text, end='')
            say({'type': 'log', 'level': text, 'message': text})
            """
        let probe = try Probe(document: behaviour)
        let stage = PluginStage(
            name: "plugin",
            number: 1,
            manifest: probe.manifest,
            pool: probe.pool()
        )
        var documents = [Self.document(0)]
        try await stage.measure(&documents)
        await stage.close()
        let annotation = try #require(documents[0].enrichments.first?.annotations.first)
        #expect(annotation.id == text)
        #expect(annotation.label == text)
        #expect(probe.log.contains { $0.level == "info" && $0.text == text })
        let shown = TerminalText.escaped(text)
        #expect(shown == "\\u{1b}]0;title\\u{7}<script>alert(1)</script>\\u{202e}\\u{a}")
    }
}
