import Testing

/// A secret of a plugin turns up nowhere but with the plugin.
@Suite("Secrets in a pipeline")
struct SecretTests {
    private static let secret = "hunter2-correct \"horse\""

    /// A plugin that tells its secret to whoever listens.
    private static let babbling = """
        @plugin.document
        def babble(document, options):
            key = options["key"]
            print("my key is " + key)
            print("in the environment: " + str(key in str(dict(os.environ)) or key in str(sys.argv)))
            plugin.log("it is " + key)
            if "bears" in document.text: raise Failure("denied", "the key " + key + " was refused")
            return {"annotations": [{"id": "key", "label": "with " + key, "spans": [], "fields": {"key": key}}],
                    "events": [{"type": "used", "facts": {"key": key, "length": len(key)}}]}

        @plugin.validate
        def validate(options):
            return [{"severity": "warning", "path": "/key", "code": "weak", "message": options["key"] + " is weak",
                     "hint": "not " + options["key"]}]
        """

    private static func folder(determinism: String = "recorded") throws -> TestFolder {
        let folder = try PluginStageTests.folder(
            stages: """
                  - plugin:
                      name: babble
                      options: {key: "${file:keys/api}", count: 3}
                  - export: {to: out/news.jsonl}
                """
        )
        try folder.plugin(
            "babble",
            kind: "enrich",
            determinism: determinism,
            manifest: """
                options:
                  type: object
                  properties: {key: {type: string}, count: {type: integer}}
                  required: [key]
                  additionalProperties: false
                """,
            events: "used",
            babbling
        )
        try folder.write("keys/api", Self.secret + "\n")
        _ = try folder.shell("chmod 600 keys/api")
        return folder
    }

    @Test("it is masked in every output and is in no file of the store or of an export")
    func nowhere() throws {
        let folder = try Self.folder()
        var said = ""
        for arguments in [
            ["check", "news.yaml"], ["check", "news.yaml", "--format", "json"],
            ["check", "news.yaml", "--effective"],
            ["check", "news.yaml", "--effective", "--format", "json"], ["run", "news.yaml"],
            ["run", "news.yaml"], ["show", "failures"], ["show", "documents", "--format", "json"],
            ["explain", "news/b.txt"], ["log", "list", "--format", "json"], ["log", "export"],
            ["graph", "news.yaml"], ["plugin", "lock", "news.yaml"],
        ] {
            let outcome = try AnnalsProcess(arguments, in: folder).wait()
            said += outcome.output + outcome.messages
        }
        #expect(said.contains("plugin babble info: it is ••••"), "\(said)")
        #expect(said.contains("my key is ••••"))
        #expect(said.contains("in the environment: False"))
        #expect(said.contains("•••• is weak") && said.contains("not ••••"))
        #expect(said.contains("the key •••• was refused"))
        #expect(said.contains("# secret keys/api, news.yaml:"))
        for form in [Self.secret, "hunter2"] {
            #expect(!said.contains(form), "\(said)")
            let found = try folder.shell(
                "grep -rlaF '\(form)' . --exclude-dir=keys --exclude='.output-*' --exclude='.messages-*'"
            )
            #expect(found.output.isEmpty, "\(found.output)")
        }
        // Packed batches would hide it from grep: the log's events are read as text, too.
        let log = try folder.annals("log", "list", "--format", "json").output
        #expect(log.contains("with ••••") && !log.contains("hunter2"))
        #expect(folder.read("out/news.jsonl").contains("with ••••"))
    }

    @Test("another key does the same work: nothing runs again for it")
    func rotated() throws {
        let folder = try Self.folder()
        #expect(try folder.annals("run", "news.yaml").status == 65)
        let before = try folder.annals("log", "list", "--format", "json").output
        try folder.write("keys/api", "another-key-altogether\n")
        let again = try folder.annals("run", "news.yaml", "--format", "json")
        #expect(again.output.contains("\"stage\":\"plugin\",\"in\":0"), "\(again.output)")
        let after = try folder.annals("log", "list", "--format", "json").output
        #expect(!after.contains("another-key") && after.hasPrefix(before.prefix(200)))
        let definitions = after.split(separator: "\n").filter {
            $0.contains("\"pipeline.defined\"")
        }
        #expect(definitions.count == 1 && after.contains("${file:keys/api}"))
    }

    @Test("a projection of a plugin gets its secret when it is shown, by way of the pipeline")
    func projection() throws {
        let folder = try Self.folder()
        try folder.plugin(
            "ledger",
            kind: "projection",
            manifest: """
                consumes: [plugin:babble/used]
                options: {type: object, properties: {key: {type: string}}}
                """,
            """
            @plugin.fold
            def fold(events, options): pass

            @plugin.query
            def query(arguments, options):
                return {"columns": ["length", "key"], "rows": [[len(options["key"]), options["key"]]]}
            """
        )
        try folder.append(
            "news.yaml",
            "projections:\n  ledger: {plugin: {name: ledger, options: {key: \"${file:keys/api}\"}}}\n"
        )
        #expect(try folder.annals("run", "news.yaml").status == 65)
        for format in ["json", "csv", "table"] {
            let shown = try folder.annals(
                "show",
                "ledger",
                "--pipeline",
                "news.yaml",
                "--format",
                format
            )
            #expect(shown.status == 0, "\(shown.messages)")
            #expect(shown.output.contains("\(Self.secret.utf8.count)"), "\(shown.output)")
            #expect(shown.output.contains("••••") && !shown.output.contains("hunter2"))
        }
        folder.delete("keys")
        let without = try folder.annals("show", "ledger", "--store", ".annals/news")
        #expect(without.status == 65 && without.messages.contains("name its pipeline"))
    }

    @Test("without its file a pipeline does not run, and says where and why")
    func missing() throws {
        let folder = try Self.folder()
        folder.delete("keys")
        let outcome = try folder.annals("run", "news.yaml")
        #expect(outcome.status == 65)
        #expect(
            outcome.messages.contains(
                "news.yaml:6:23: error: ${file:keys/api} cannot be read: No such file or directory"
            ),
            "\(outcome.messages)"
        )
    }

    @Test("a key of the wrong type is refused without being shown")
    func wrongType() throws {
        let folder = try Self.folder()
        try folder.write(
            "news.yaml",
            folder.read("news.yaml").replacing("count: 3", with: "count: \"${file:keys/api}\"")
        )
        let outcome = try folder.annals("check", "news.yaml")
        #expect(outcome.status == 65 && outcome.messages.contains("must be an integer"))
        #expect(!outcome.messages.contains("hunter2"))
    }
}
