import Glibc
import Testing

/// What a person sees, and invariant 8: text from outside never acts on a terminal.
@Suite("On a terminal")
struct TerminalTests {
    private static let escape = "\u{1B}]0;owned\u{07}\u{1B}[31m"

    @Test("no command prints a control character that a document or a file's name holds")
    func escapes() throws {
        let folder = try TestFolder()
        try PipelineText.write(into: folder, from: "[news]", words: "5..1000")
        let text = (0..<30).map { "word\($0)" }.joined(separator: " ")
        let name = "news/a\(Self.escape)b.txt"
        try folder.write(name, "Title \(Self.escape)\n\n\(text) \(Self.escape) Syria Syria.\n")
        try folder.write("news/bad\(Self.escape).txt", bytes: [0x41, 0xFF, 0x00])
        try folder.write("news/copy\(Self.escape).txt", "Title\n\n\(text) Syria Syria.\n")
        let json =
            "{\"id\":\"x\\u001b[2J\",\"title\":\"t\\u001b[2J\",\"text\":\"\(text)\\u001b[2J\"}\n"
        try folder.write("news/c.jsonl", json + "{\"id\":\"\\u001b[2J\",\"text\":[]}\n")
        var commands = [
            ["run", "news.yaml"], ["log", "list"], ["log", "tail"], ["explain", "x\u{1B}[2J"],
        ]
        for projection in PipelineText.projections + ["runs"] {
            for format in ["table", "json", "csv"] {
                commands.append(["show", projection, "--format", format])
            }
        }
        commands += (0..<12).map { ["log", "show", "\($0)"] }
        for command in commands {
            let store = command[0] == "run" ? [] : ["--store", "store"]
            let outcome = try AnnalsProcess(command + store, in: folder).wait()
            for byte in (outcome.output + outcome.messages).utf8 where byte != 0x0A && byte != 0x0D
            {
                guard byte < 0x20 || byte == 0x7F else { continue }
                Issue.record("\(command) prints byte \(byte)")
                break
            }
        }
    }

    @Test("a run shows its progress, a line for each stage, on lines that fit, and takes them away")
    func progress() throws {
        let store = try Store(documents: 1500)
        let command = "stty cols 60; ANNALS_GROUP_DOCUMENTS=100 \(Binary.path) run news.yaml"
        let outcome = try store.folder.shell("script -qec '\(command)' /dev/null </dev/null")
        let drawn = outcome.output.split(separator: "\r\u{1B}[K").dropFirst()
        #expect(!drawn.isEmpty, "progress is drawn")
        #expect(drawn.contains { $0.contains("  clean: ") && $0.contains(" kept") })
        #expect(drawn.contains { $0.contains(" documents") && $0.contains("/s") })
        for line in drawn.dropLast() {
            #expect(line.prefix { $0 != "\r\n" && $0 != "\n" }.count < 60)
        }
    }

    @Test("a takedown asks, and takes no for an answer")
    func confirmation() throws {
        let store = try RetractStore()
        _ = try store.run()
        let command =
            "\(Binary.path) retract secret --reason \\\"no \u{1B}[31m\\\" --pipeline news.yaml"
        for answer in ["n", "", "perhaps"] {
            let asked = try store.folder.shell(
                "(echo '\(answer)') | script -qec \"\(command)\" /dev/null"
            )
            #expect(asked.output.contains("Withdraw? [y/N]"), "\(asked.output)")
            #expect(asked.output.contains("nothing was changed"))
            #expect(!asked.output.contains("\u{1B}[31m"))
            #expect(try store.status(of: "secret") == "kept")
        }
        let done = try store.folder.shell(
            "(echo y) | script -qec \"\(command)\" /dev/null"
        )
        #expect(done.output.contains("withdrawn: secret"), "\(done.output)")
        #expect(try store.status(of: "secret") == "retracted")
    }

    @Test("without a terminal there is neither progress nor colour")
    func plain() throws {
        let store = try Store(documents: 300)
        let outcome = try store.folder.annals("run", "news.yaml", environment: ["NO_COLOR": ""])
        #expect(!(outcome.output + outcome.messages).contains("\u{1B}"))
        #expect(!(outcome.output + outcome.messages).contains("\r"))
    }

    @Test("a reader that goes away ends the output without a complaint")
    func closedPipe() throws {
        let store = try Store(documents: 1000)
        _ = try store.run()
        let outcome = try store.folder.shell(
            "\(Binary.path) log list --store store --format json | head -n 1"
        )
        #expect(outcome.output.split(separator: "\n").count == 1)
        #expect(outcome.messages.isEmpty)
    }
}
