import Foundation
import Testing

/// The README's session, run as it stands there.
///
/// `UPDATE_GOLDEN=1` writes what the commands print now into the README.
@Suite("README")
struct ReadmeTests {
    private static let root =
        "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

    @Test("every command of the README prints what the README says")
    func session() throws {
        let folder = try TestFolder()
        try folder.copy(repository: "seeds")
        try folder.copy(repository: "Pipelines")
        for file in ["broken", "find", "stricter", "typo", "views"] {
            try folder.copy(repository: "Tests/annalsTests/Fixtures/\(file).yaml")
        }
        for file in ["word-count/main.py", "word-count-swift/Sources/word-count-swift/main.swift"] {
            try folder.copy(repository: "Plugins/" + file, to: "Plugins/" + file)
        }
        try folder.annals("run", "Pipelines/leaders.yaml")
        let path = Self.root + "/README.md"
        let text = TestFolder.read(path)
        let session = ReadmeSession(text)
        #expect(session.commands.count >= 5)
        var actual: [String] = []
        for command in session.commands {
            let outcome = try folder.shell(
                "annals() { '\(Binary.path)' \"$@\"; }; \(command.line) 2>&1"
            )
            actual.append(outcome.output)
            #expect(
                ReadmeSession.steady(outcome.output) == ReadmeSession.steady(command.output),
                "README: \(command.line)"
            )
        }
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            try session.text(with: actual).write(toFile: path, atomically: true, encoding: .utf8)
        }
    }

    @Test("the README names every command that there is, and no other")
    func commands() throws {
        let folder = try TestFolder()
        let help = try folder.annals("--help").output
        let listed = help.split(separator: "\n").compactMap { line -> String? in
            let words = line.split(separator: " ")
            guard line.hasPrefix("  "), line.dropFirst(2).first?.isLowercase == true else {
                return nil
            }
            return words.first.map(String.init)
        }
        let readme = TestFolder.read(Self.root + "/README.md")
        let table = readme.split(separator: "\n").filter { $0.hasPrefix("| `annals ") }
        let named = table.compactMap {
            $0.split(whereSeparator: { " `|\\".contains($0) }).dropFirst().first
        }
        #expect(Set(named.map(String.init)) == Set(listed).subtracting(["help"]))
    }
}

/// The console blocks of a README: lines that begin with `$ annals`, and what stands below them.
struct ReadmeSession {
    struct Command {
        let line: String
        let output: String
        /// The lines of the README that hold the output.
        let range: Range<Int>
    }

    private let lines: [String]
    private(set) var commands: [Command] = []

    init(_ text: String) {
        lines = text.components(separatedBy: "\n")
        var index = 0
        while index < lines.count {
            defer { index += 1 }
            guard lines[index].hasPrefix("$ annals ") || lines[index].hasPrefix("$ cat ") else {
                continue
            }
            let line = String(lines[index].dropFirst(2))
            let start = index + 1
            var end = start
            while end < lines.count, !lines[end].hasPrefix("```"), !lines[end].hasPrefix("$ ") {
                end += 1
            }
            let output = lines[start..<end].map { $0 + "\n" }.joined()
            commands.append(Command(line: line, output: output, range: start..<end))
            index = end - 1
        }
    }

    /// The README with other outputs.
    func text(with outputs: [String]) -> String {
        var lines = lines
        for (command, output) in zip(commands, outputs).reversed() {
            var printed = output.components(separatedBy: "\n")
            if printed.last == "" { printed.removeLast() }
            lines.replaceSubrange(command.range, with: printed)
        }
        return lines.joined(separator: "\n")
    }

    /// Without what differs from run to run: run ids, times, durations, rates.
    static func steady(_ text: String) -> String {
        var text = text
        let patterns = [
            (#"r[0-9a-f]{13}-[0-9a-f]{6}"#, "RUN"),
            (#"\d{4}-\d\d-\d\dT[0-9:.]+Z"#, "TIME"),
            (#"[0-9,]+ ms \([0-9,]+/s\)"#, "DURATION"),
            (#"[0-9.]+ seconds"#, "DURATION"),
            (#"(?m)\b[0-9a-f]{12}$"#, "DIGEST"),
        ]
        for (pattern, name) in patterns {
            text = text.replacingOccurrences(of: pattern, with: name, options: .regularExpression)
        }
        return text
    }
}
