/// What a new plugin has in every language.
extension PluginTemplate {
    /// The plugin's first version.
    static let version = "0.1.0"

    var manifest: File {
        let command =
            switch language {
            case .python: "[python3, main.py]"
            case .swift: "[.build/release/\(name)]"
            case .shell: "[main.sh]"
            }
        return File(
            path: "plugin.yaml",
            text: """
                plugin: \(name)
                version: \(Self.version)        # counts up whenever its answers change
                protocol: 1
                kind: \(kind.rawValue)
                summary: \(summary)
                command: \(command)
                determinism: pure     # the same document and options give the same answer; else: recorded

                """ + consumes + options + needs
        )
    }

    var readme: File {
        let install =
            language == .swift
            ? "    annals plugin install \(name)            # builds it\n" : ""
        return File(
            path: "README.md",
            text: """
                # \(name)

                \(summary).

                \(install)    annals plugin test \(name)               # tries it against the protocol
                    \(tests)

                A pipeline names it like this:

                ```yaml
                \(usage)
                ```

                `annals plugin lock PIPELINE` pins its version and its digest. `plugin.yaml` says what it is and what it \
                needs; count up `version` there and in the program whenever its answers change.

                """
        )
    }

    /// What the example does, for the manifest.
    var summary: String {
        switch kind {
        case .reader: "Reads text files"
        case .clean: "Takes out lines that begin with a mark"
        case .enrich: "Finds the first place of a word"
        case .exporter: "Writes each document to a file of its own"
        case .projection: "Counts what was found in each document"
        }
    }

    private var consumes: String {
        kind == .projection ? "consumes: [document.enriched]\n" : ""
    }

    private var options: String {
        switch kind {
        case .clean: option("mark", "What the lines begin with", "'>'")
        case .enrich: option("word", "The word to find", "annals")
        case .reader, .exporter, .projection: ""
        }
    }

    /// A shell starts several programs a document.
    private var needs: String {
        "needs: {memory: 512 MiB, seconds: 60\(language == .shell ? ", batch: 8" : "")}\n"
    }

    private func option(_ name: String, _ description: String, _ fallback: String) -> String {
        """
        options:
          type: object
          properties:
            \(name): {description: \(description), type: string, minLength: 1, default: \(fallback)}
          additionalProperties: false

        """
    }

    private var tests: String {
        switch language {
        case .python: "python3 -m unittest discover -s tests    # in this folder: its own tests"
        case .swift: "swift test                               # in this folder: its own tests"
        case .shell: "tests/test.sh                            # in this folder: its own tests"
        }
    }

    private var usage: String {
        switch kind {
        case .reader:
            "stages:\n  - ingest: {from: [sources/*], format: plugin:\(name)}"
        case .clean:
            "stages:\n  - plugin: {name: \(name), options: {mark: '>'}}"
        case .enrich:
            "stages:\n  - plugin: {name: \(name), options: {word: annals}}"
        case .exporter:
            "stages:\n  - plugin: {name: \(name), to: out/\(name)}"
        case .projection:
            "projections:\n  \(name): {plugin: \(name)}"
        }
    }
}
