/// What a new plugin in Swift does, and its tests.
extension PluginTemplate {
    var swiftWork: String {
        switch kind {
        case .reader: Self.swiftReader
        case .clean: Self.swiftClean
        case .enrich: Self.swiftEnrich
        case .exporter: Self.swiftExporter
        case .projection: Self.swiftProjection
        }
    }

    var swiftTest: String {
        switch kind {
        case .reader: Self.swiftReaderTest
        case .clean: Self.swiftCleanTest
        case .enrich: Self.swiftEnrichTest
        case .exporter: Self.swiftExporterTest
        case .projection: Self.swiftProjectionTest
        }
    }

    private static let swiftReader = """
        import PluginKit

        /// The one document of a file; its title is the first line.
        func read(_ source: Source, _ options: Plugin.Options) throws -> [ReadDocument] {
            guard let text = String(validating: source.bytes, as: UTF8.self) else {
                throw Failure("not-utf-8", "this is no text in UTF-8")
            }
            let title = text.split(separator: "\\n", maxSplits: 1).first.map { String($0) }
            return [ReadDocument(text: text, title: title)]
        }

        """

    private static let swiftReaderTest = """
            @Test("reads text, and nothing else")
            func text() throws {
                let source = Source(id: "a.txt", bytes: Array("A title\\nText".utf8))
                #expect(try read(source, [:]) == [ReadDocument(text: "A title\\nText", title: "A title")])
                #expect(throws: Failure.self) { try read(Source(id: "a", bytes: [0xFF]), [:]) }
            }
        """

    private static let swiftClean = """
        import PluginKit

        /// The text without the lines that begin with the mark, and what they were.
        func clean(_ document: Document, _ options: Plugin.Options) -> Answer {
            let mark = Array((options["mark"]?.text ?? ">").utf8)
            let lines = document.text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
            let marked = lines.filter { $0.starts(with: mark) }
            guard !marked.isEmpty else { return Answer() }
            let kept = lines.filter { !$0.starts(with: mark) }
            return Answer(
                text: String(decoding: Array(kept.joined(separator: [0x0A])), as: UTF8.self),
                removed: marked.map { Removal(rule: "marked", text: String(Substring($0))) }
            )
        }

        """

    private static let swiftCleanTest = """
            @Test("takes out marked lines")
            func marked() {
                let answer = clean(Document(id: "a", text: "one\\n> two\\nthree"), [:])
                #expect(answer.text == "one\\nthree")
                #expect(answer.removed == [Removal(rule: "marked", text: "> two")])
                #expect(clean(Document(id: "a", text: "one"), [:]).text == nil)
            }
        """

    private static let swiftEnrich = """
        import PluginKit

        /// Where the word stands for the first time.
        func find(_ document: Document, _ options: Plugin.Options) -> Answer {
            let word = options["word"]?.text ?? "annals"
            // Offsets of spans are bytes, at boundaries of characters.
            guard let range = document.text.firstRange(of: word) else { return Answer(annotations: []) }
            return Answer(annotations: [Annotation(word, spans: [document.span(range)])])
        }

        """

    private static let swiftEnrichTest = """
            @Test("finds the word")
            func found() {
                let found = find(Document(id: "a", text: "Über annals"), ["word": "annals"]).annotations
                #expect(found == [Annotation("annals", spans: [Span(start: 6, end: 12)])])
                #expect(find(Document(id: "a", text: ""), [:]).annotations == [])
            }
        """

    private static let swiftExporter = """
        import Foundation
        import PluginKit

        /// A file for each document, by its position: the same position again writes the same file again.
        struct Files {
            let folder: String

            func take(_ document: Document, _ options: Plugin.Options) throws {
                let record = ["id": document.id, "title": document.title, "text": document.text]
                let json = try JSONSerialization.data(withJSONObject: record, options: .sortedKeys)
                try json.write(to: file(document.position ?? 0), options: .atomic)
            }

            /// Makes durable what was taken.
            func flush() { sync() }

            func withdraw(_ positions: [Int]) throws {
                for file in positions.map(file) where FileManager.default.fileExists(atPath: file.path) {
                    try FileManager.default.removeItem(at: file)
                }
            }

            private func file(_ position: Int) -> URL {
                URL(fileURLWithPath: folder).appendingPathComponent("\\(position).json")
            }
        }

        """

    private static let swiftExporterTest = """
            @Test("writes a file for each position, and takes it back")
            func positions() throws {
                let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
                defer { try? FileManager.default.removeItem(at: folder) }
                let files = Files(folder: folder.path)
                for _ in 0..<2 { try files.take(Document(id: "a", text: "Text", position: 7), [:]) }
                #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["7.json"])
                try files.withdraw([7, 8])
                #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
            }
        """

    private static let swiftProjection = """
        import Foundation
        import PluginKit

        /// How much was found in each document; a class, as it is one file.
        final class Counts {
            private let file: URL
            private var found: [String: Int] = [:]

            init(folder: String) throws {
                file = URL(fileURLWithPath: folder).appendingPathComponent("counts.json")
                guard FileManager.default.fileExists(atPath: file.path) else { return }
                found = try JSONDecoder().decode([String: Int].self, from: Data(contentsOf: file))
            }

            /// Counts the annotations of each document; it is durable when this returns.
            func fold(_ events: [Event], _ options: Plugin.Options) throws {
                for event in events { count(event.facts["annotations"]?.array?.count ?? 0, in: event.stream) }
                try JSONEncoder().encode(found).write(to: file, options: .atomic)
                sync()
            }

            func count(_ annotations: Int, in document: String) { found[document, default: 0] += annotations }

            /// The documents with the most, or those that are named.
            func query(_ arguments: [String], _ options: Plugin.Options) throws -> Rows {
                let rows = found.filter { arguments.isEmpty || arguments.contains($0.key) }
                    .sorted { ($1.value, $0.key) < ($0.value, $1.key) }
                if rows.isEmpty, let name = arguments.first {
                    throw Failure("unknown", "there is no document \\(name)")
                }
                return Rows(
                    columns: ["document", "found"],
                    rows: rows.map { [.text($0.key), .integer($0.value)] }
                )
            }
        }

        """

    private static let swiftProjectionTest = """
            @Test("counts, and knows what it does not know")
            func counts() throws {
                let counts = try Counts(folder: "/no/such/folder")
                counts.count(2, in: "a")
                counts.count(2, in: "a")
                #expect(try counts.query([], [:]).rows == [["a", 4]])
                #expect(throws: Failure.self) { try counts.query(["b"], [:]) }
            }
        """
}
