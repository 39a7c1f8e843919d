internal import PluginSDK

/// A plugin in Python: a program, its tests, and the SDK beside it.
extension PluginTemplate {
    var python: [File] {
        [
            File(path: "main.py", text: pythonHead + pythonBody + pythonEnd),
            File(path: "annals_plugin.py", text: PluginSDK.python),
            File(path: "tests/test_main.py", text: pythonTestHead + pythonTests + pythonTestEnd),
        ]
    }

    private var pythonHead: String {
        let modules =
            switch kind {
            case .exporter: "import json\nimport os\n\n"
            case .projection: "import os\nimport sqlite3\n\n"
            case .enrich: "import re\n\n"
            case .reader, .clean: ""
            }
        let names = kind == .reader || kind == .projection ? "Failure, Plugin" : "Plugin"
        return """
            \"""\(summary).\"""

            \(modules)from annals_plugin import \(names)

            plugin = Plugin("\(name)", "\(Self.version)", kind="\(kind.rawValue)", determinism="pure")


            """
    }

    private var pythonEnd: String {
        """


        if __name__ == "__main__":
            plugin.run()

        """
    }

    private var pythonBody: String {
        switch kind {
        case .reader: Self.pythonReader
        case .clean: Self.pythonClean
        case .enrich: Self.pythonEnrich
        case .exporter: Self.pythonExporter
        case .projection: Self.pythonProjection
        }
    }

    private static let pythonReader = """
        @plugin.source
        def read(source, options):
            \"""The one document of a file; its title is the first line.\"""
            try:
                text = source.bytes.decode("utf-8")
            except UnicodeDecodeError as error:
                raise Failure("not-utf-8", f"this is no text in UTF-8: {error.reason}") from error
            title = text.strip().partition("\\n")[0]
            return {"documents": [{"text": text, "title": title}]}
        """

    private static let pythonClean = """
        @plugin.document
        def clean(document, options):
            \"""The text without the lines that begin with the mark, and what they were.\"""
            mark = options.get("mark", ">")
            lines = document.text.split("\\n")
            removed = [{"rule": "marked", "text": line} for line in lines if line.startswith(mark)]
            if not removed:
                return {}
            return {"text": "\\n".join(line for line in lines if not line.startswith(mark)), "removed": removed}
        """

    private static let pythonEnrich = """
        @plugin.document
        def find(document, options):
            \"""Where the word stands for the first time, in whatever case.\"""
            word = options.get("word", "annals")
            found = re.search(re.escape(word), document.text, re.IGNORECASE)
            if not found:
                return {"annotations": []}
            # Offsets of spans are bytes; `span` makes them of characters.
            span = document.span(found.start(), found.end())
            return {"annotations": [{"id": word, "spans": [span], "fields": {"found": found.group()}}]}
        """

    private static let pythonExporter = """
        @plugin.document
        def take(document, options):
            \"""Writes a document; the same position again writes the same file again.\"""
            record = {"id": document.id, "title": document.title, "text": document.text}
            with open(path(document.position), "w", encoding="utf-8") as file:
                json.dump(record, file, ensure_ascii=False)
                file.flush()
                os.fsync(file.fileno())


        @plugin.flush
        def flush():
            \"""Makes durable which files there are; what is in them is.\"""
            folder = os.open(plugin.folder, os.O_RDONLY)
            os.fsync(folder)
            os.close(folder)


        @plugin.withdraw
        def withdraw(positions):
            \"""Deletes the files that are there.\"""
            for position in positions:
                if os.path.exists(path(position)):
                    os.remove(path(position))


        def path(position):
            \"""The file of a position.\"""
            return os.path.join(plugin.folder, f"{position}.json")
        """

    private static let pythonProjection = """
        @plugin.start
        def start(options):
            \"""Opens the table, which stays from run to run.\"""
            plugin.table = sqlite3.connect(os.path.join(plugin.folder, "counts.sqlite"))
            with plugin.table:
                plugin.table.execute("create table if not exists counts (document text primary key, found integer)")


        @plugin.fold
        def fold(events, options):
            \"""Counts the annotations of each document; it is durable when this returns.\"""
            with plugin.table:
                for event in events:
                    plugin.table.execute(
                        "insert into counts values (?, ?) on conflict do update set found = found + excluded.found",
                        (event.stream, len(event.facts.get("annotations", []))),
                    )


        @plugin.query
        def query(arguments, options):
            \"""The documents with the most, or those that are named.\"""
            rows = plugin.table.execute("select document, found from counts order by found desc, document").fetchall()
            if arguments:
                rows = [row for row in rows if row[0] in arguments]
                if not rows:
                    raise Failure("unknown", f"there is no document {arguments[0]}")
            return {"columns": ["document", "found"], "rows": [list(row) for row in rows]}
        """
}
