import Foundation

/// A working folder with plugins written for the test, and the SDK that they use.
extension TestFolder {
    /// Writes a plugin in Python; `body` registers its functions with `plugin`.
    func plugin(
        _ name: String,
        kind: String,
        version: String = "1.0.0",
        determinism: String = "pure",
        manifest: String = "",
        events: String = "",
        _ body: String
    ) throws {
        if !exists("plugins/sdk") {
            try copy(repository: "Plugins/sdk")
            _ = try shell("mkdir -p plugins; mv sdk plugins/sdk")
        }
        try write(
            "plugins/\(name)/plugin.yaml",
            """
            plugin: \(name)
            version: \(version)
            protocol: 1
            kind: \(kind)
            command: [python3, main.py]
            determinism: \(determinism)
            events: [\(events)]
            \(manifest)

            """
        )
        let list = events.split(separator: ",").map { "'\($0.drop { $0 == " " })'" }
        try write(
            "plugins/\(name)/main.py",
            """
            import json, os, sys
            from annals_plugin import Plugin, Failure
            plugin = Plugin("\(name)", "\(version)", kind="\(kind)", determinism="\(determinism)",
                            events=[\(list.joined(separator: ", "))])
            \(body)
            plugin.run()

            """
        )
    }

    /// Writes a document of three paragraphs that no other resembles.
    func document(_ name: String, about word: String) throws {
        try write(
            "news/\(name).txt",
            "\(word.capitalized) in the news\n\nOf \(word) much is said, and \(word) \(name) is \(word) again.\n"
        )
    }
}
