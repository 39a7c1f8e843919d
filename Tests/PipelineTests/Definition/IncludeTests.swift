internal import Pipeline
internal import Testing
internal import YAML

@Suite("Includes")
struct IncludeTests {
    fileprivate static let stages = """
        pipeline: news
        stages:
          - ingest: {from: [news]}
          - export: {to: out/news.jsonl}

        """

    @Test("an included file brings what it declares, and the log can tell without it")
    func brings() throws {
        let folder = try DefinitionFolder([
            "p.yaml": "include: [lib/a.yaml]\n"
                + Self.stages.replacing(
                    "  - export",
                    with: "  - use: tidy\n  - export"
                ),
            "lib/a.yaml": "include: more/b.yaml\ntemplates: {tidy: {stages: [clean]}}\n",
            "lib/more/b.yaml": "include: ../a2.yaml\nprofiles: {prod: {store: /srv/x}}\n",
            "lib/a2.yaml": """
            tests: [{name: a, documents: [{id: b, text: b}], expect: {b: kept}}]
            projections: {alike: {plugin: similar}}
            """,
        ])
        let result = folder.load(profile: "prod")
        let pipeline = try #require(result.pipeline, "\(folder.complaint(profile: "prod"))")
        #expect(pipeline.stages.map(\.name) == ["ingest", "clean", "export"])
        #expect(pipeline.store == "/srv/x")
        #expect(PipelineLoader.projections(in: pipeline.yaml).map(\.name) == ["alike"])
        #expect(!pipeline.yaml.contains("include") && !pipeline.yaml.contains("use"))
    }

    @Test("a file that includes nothing is kept as it is written")
    func alone() throws {
        let text = "# mine\n" + Self.stages
        let folder = try DefinitionFolder(["p.yaml": text])
        #expect(folder.load().pipeline?.yaml == text)
    }

    @Test("a file that two others include is read once")
    func diamond() throws {
        let folder = try DefinitionFolder([
            "p.yaml": "include: [a.yaml, ./b.yaml]\n" + Self.stages,
            "a.yaml": "include: c.yaml\n", "b.yaml": "include: ./x/../c.yaml\n",
            "c.yaml": "templates: {tidy: {stages: [clean]}}\n", "x/y": "",
        ])
        #expect(folder.complaint() == "")
    }

    @Test("what is wrong in an included file is shown there, and where it is included")
    func positions() throws {
        let folder = try DefinitionFolder([
            "p.yaml": "include: [lib/a.yaml, lib/none.yaml, lib/bad.yaml]\n" + Self.stages,
            "lib/a.yaml": "templates:\n  tidy: {stages: [clean], parametrs: {}}\nstages: []\n",
            "lib/bad.yaml": "a: [\n",
        ])
        #expect(
            folder.complaint() == """
                lib/a.yaml:2:27: error: unknown key "parametrs" in template "tidy" \
                [pipeline.unknown-key]
                  2 |   tidy: {stages: [clean], parametrs: {}}
                    |                           ^~~~~~~~~
                  hint: did you mean "parameters"?
                lib/a.yaml:3:1: error: unknown key "stages" in an included file \
                [pipeline.unknown-key]
                  3 | stages: []
                    | ^~~~~~
                  hint: the keys are "include", "templates", "profiles", "projections", "tests"
                p.yaml:1:11: note: it is included here
                  1 | include: [lib/a.yaml, lib/none.yaml, lib/bad.yaml]
                    |           ^~~~~~~~~~
                lib/bad.yaml:2:1: error: a value was expected here, not the end of the file \
                [yaml.syntax]
                  2 |
                    | ^
                  hint: give the value, or close what is open
                p.yaml:1:38: note: it is included here
                  1 | include: [lib/a.yaml, lib/none.yaml, lib/bad.yaml]
                    |                                      ^~~~~~~~~~~~
                p.yaml:1:23: error: "lib/none.yaml" cannot be included: No such file or directory \
                [include.unreadable]
                  1 | include: [lib/a.yaml, lib/none.yaml, lib/bad.yaml]
                    |                       ^~~~~~~~~~~~~
                  hint: a path is relative to the file that includes it
                """
        )
    }

    @Test("a name that two files declare is an error that names both places")
    func conflicts() throws {
        let folder = try DefinitionFolder([
            "p.yaml": "include: a.yaml\ntemplates: {tidy: {stages: [clean]}}\n" + Self.stages,
            "a.yaml": "templates:\n  tidy: {stages: [clean]}\n",
        ])
        let complaint = folder.complaint()
        #expect(complaint.contains("p.yaml:2:13: error: the template \"tidy\" is declared twice"))
        #expect(complaint.contains("a.yaml:2:3: note: the first is here"))
    }

    @Test(
        "files that include themselves end with the way they take",
        arguments: [
            (["a.yaml": "include: a.yaml"], "a.yaml:1:10: error: \"a.yaml\" includes itself"),
            (
                ["a.yaml": "include: b.yaml", "b.yaml": "include: ../\(Self.placeholder)/a.yaml"],
                "b.yaml:1:10: error:"
            ), (["a.yaml": "include: p.yaml"], "a.yaml:1:10: error: \"p.yaml\" includes itself"),
        ]
    )
    func cycles(files: [String: String], expected: String) throws {
        let folder = try DefinitionFolder(["p.yaml": "include: a.yaml\n" + Self.stages])
        let name = String(folder.path.split(separator: "/").last ?? "")
        for (file, text) in files {
            try folder.write(file, text.replacing(Self.placeholder, with: name))
        }
        let complaint = folder.complaint()
        #expect(
            complaint.contains(expected) && complaint.contains("[include.cycle]"),
            "\(complaint)"
        )
        #expect(folder.load().diagnostics.count == 1)
    }

    private static let placeholder = "FOLDER"

    @Test("depth, number and bytes of included files are bounded, each with its place")
    func bounds() throws {
        let deep = try DefinitionFolder(["p.yaml": "include: f0.yaml\n" + Self.stages])
        for number in 0..<20 {
            try deep.write("f\(number).yaml", "include: f\(number + 1).yaml\n")
        }
        #expect(
            deep.complaint().contains("f9.yaml:1:10: error: files include each other more than")
        )

        let many = try DefinitionFolder(["p.yaml": "include: all.yaml\n" + Self.stages])
        let names = (0..<300).map { "g\($0).yaml" }
        for name in names { try many.write(name, "tests: []\n") }
        try many.write("all.yaml", "include: [\(names.joined(separator: ", "))]\n")
        #expect(many.complaint().contains("more than 100 files are included [include.too-much]"))
        #expect(many.load().diagnostics.count == 1)

        let large = try DefinitionFolder(["p.yaml": "include: [h1.yaml, h2.yaml]\n" + Self.stages])
        let text = "tests: []\n" + String(repeating: "# nothing\n", count: 300_000)
        for name in ["h1.yaml", "h2.yaml"] { try large.write(name, text) }
        #expect(
            large.complaint().contains("p.yaml:1:20: error: included files hold more than 4 MiB")
        )
    }

    @Test(
        "what names no file is refused",
        arguments: ["{a: b}", "[[a]]", "~", "[1, ~]", "\"\"", "${env:HOME}/x.yaml", "."]
    )
    func wrong(include: String) throws {
        let folder = try DefinitionFolder(["p.yaml": "include: \(include)\n" + Self.stages])
        let complaint = folder.complaint()
        #expect(complaint.contains("p.yaml:1:1"), "\(complaint)")
        #expect(complaint.contains("[include."), "\(complaint)")
    }

    @Test("a dictionary that an included template names lies beside the template")
    func resources() throws {
        let topics = """
            version: 1
            threshold: 1.0
            topics: [{id: syria, label: Syria, kind: place, terms: {Syria: 2}}]

            """
        let folder = try DefinitionFolder([
            "p.yaml": "include: lib/a.yaml\n"
                + Self.stages.replacing(
                    "  - export",
                    with: "  - use: {template: find, with: {mine: mine.yaml}}\n  - export"
                ),
            "lib/a.yaml": """
            templates:
              find:
                parameters: {mine: {}}
                stages:
                  - enrich: [{topics: {dictionary: theirs.yaml}}]
                  - enrich: [{leaders: {dictionary: "${param:mine}"}}]

            """,
            "lib/theirs.yaml": topics,
            "mine.yaml": "version: 1\ncountries: []\noffices: []\nleaders: []\n",
        ])
        #expect(folder.complaint() == "")
        #expect(folder.load().pipeline?.stages.count == 4)
    }
}

extension IncludeTests {
    @Test("the path of a secret is relative to the file that names it, also in the log")
    func secrets() throws {
        let folder = try DefinitionFolder([
            "p.yaml": "include: lib/a.yaml\n" + Self.stages,
            "lib/a.yaml":
                "projections: {x: {plugin: {name: y, options: {key: \"${file:key}\"}}}}\n",
            "lib/key": "hunter2\n",
        ])
        let result = folder.load()
        let yaml = try #require(result.pipeline, "\(folder.complaint())").yaml
        #expect(result.secrets == ["hunter2"])
        #expect(yaml.contains("\"${file:lib/key}\"") && !yaml.contains("hunter2"))
        var secrets = SecretFiles()
        let declared = PipelineLoader.projections(
            in: yaml,
            folder: folder.path,
            environment: [:],
            secrets: &secrets
        )
        #expect(declared.first?.plugin?["options"]?["key"]?.text == "hunter2")
        #expect(secrets.values == ["hunter2"])
    }
}
