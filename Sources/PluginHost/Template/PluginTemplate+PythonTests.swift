/// The tests of a new plugin in Python.
extension PluginTemplate {
    var pythonTestHead: String {
        let modules =
            switch kind {
            case .exporter, .projection: "import os\nimport sys\nimport tempfile\nimport unittest"
            case .reader, .clean, .enrich: "import os\nimport sys\nimport unittest"
            }
        let shape =
            switch kind {
            case .reader: "Failure, Source"
            case .projection: "Event, Failure"
            case .clean, .enrich, .exporter: "Document"
            }
        return """
            \(modules)

            sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))

            import main
            from annals_plugin import \(shape)


            class Tests(unittest.TestCase):

            """
    }

    var pythonTestEnd: String {
        """


        if __name__ == "__main__":
            unittest.main()

        """
    }

    var pythonTests: String {
        switch kind {
        case .reader: Self.pythonReaderTests
        case .clean: Self.pythonCleanTests
        case .enrich: Self.pythonEnrichTests
        case .exporter: Self.pythonExporterTests
        case .projection: Self.pythonProjectionTests
        }
    }

    private static let pythonReaderTests = """
            def test_text(self):
                answer = main.read(Source({"id": "a.txt", "bytes": "A title\\nText".encode()}), {})
                self.assertEqual(answer["documents"], [{"text": "A title\\nText", "title": "A title"}])

            def test_no_text(self):
                with self.assertRaises(Failure):
                    main.read(Source({"id": "a.txt", "bytes": b"\\xff"}), {})
        """

    private static let pythonCleanTests = """
            def test_marked(self):
                answer = main.clean(Document({"id": "a", "text": "one\\n> two\\nthree"}), {})
                self.assertEqual(answer["text"], "one\\nthree")
                self.assertEqual(answer["removed"], [{"rule": "marked", "text": "> two"}])

            def test_nothing_marked(self):
                self.assertEqual(main.clean(Document({"id": "a", "text": "one"}), {}), {})
        """

    private static let pythonEnrichTests = """
            def test_found(self):
                answer = main.find(Document({"id": "a", "text": "Über ANNALS"}), {"word": "annals"})
                self.assertEqual(answer["annotations"][0]["spans"], [[6, 12]])

            def test_not_found(self):
                self.assertEqual(main.find(Document({"id": "a", "text": ""}), {}), {"annotations": []})
        """

    private static let pythonExporterTests = """
            def test_positions(self):
                with tempfile.TemporaryDirectory() as folder:
                    main.plugin.folder = folder
                    for _ in range(2):
                        main.take(Document({"id": "a", "text": "Text", "position": 7}), {})
                    main.flush()
                    self.assertEqual(os.listdir(folder), ["7.json"])
                    main.withdraw([7, 8])
                    self.assertEqual(os.listdir(folder), [])
        """

    private static let pythonProjectionTests = """
            def test_counts(self):
                with tempfile.TemporaryDirectory() as folder:
                    main.plugin.folder = folder
                    main.start({})
                    event = {"position": 1, "type": "document.enriched", "stream": "a", "facts": {"annotations": [1, 2]}}
                    main.fold([Event(event)] * 2, {})
                    self.assertEqual(main.query([], {})["rows"], [["a", 4]])
                    with self.assertRaises(Failure):
                        main.query(["b"], {})
                    main.plugin.table.close()
        """
}
