import Foundation
import Testing

@testable import Stages

@Suite("Source files")
struct SourceFilesTests {
    @Test("files come in order of the bytes of their paths, whatever the order of patterns")
    func order() throws {
        let space = try Workspace()
        for name in ["b.txt", "a/z.txt", "a.txt", "a-b.txt", "B.txt", "a/y/1.txt"] {
            try space.write(name, "x")
        }
        let sorted = ["B.txt", "a-b.txt", "a.txt", "a/y/1.txt", "a/z.txt", "b.txt"]
        #expect(space.found(["**"]) == sorted)
        #expect(space.found(["b.txt", "a", "*.txt"]) == sorted)
        #expect(space.found(["."]) == sorted)
    }

    static let globs: [(pattern: String, found: [String])] = [
        ("*.txt", ["a.txt", "b.txt"]), ("?.txt", ["a.txt", "b.txt"]), ("[b-z].txt", ["b.txt"]),
        ("*/*.txt", ["n/c.txt"]), ("**/*.txt", ["a.txt", "b.txt", "n/c.txt", "n/m/d.txt"]),
        ("n/**", ["n/c.txt", "n/m/d.txt"]), ("n/**/d.txt", ["n/m/d.txt"]),
        ("**/m/*.txt", ["n/m/d.txt"]), ("**/**/d.txt", ["n/m/d.txt"]),
        ("*", ["a.txt", "b.txt", "n/c.txt", "n/m/d.txt"]), ("n/*/d.txt", ["n/m/d.txt"]),
        ("n//c.txt", ["n/c.txt"]), ("./n/./c.txt", ["n/c.txt"]), ("n/", ["n/c.txt", "n/m/d.txt"]),
        (".h*", [".hidden"]), (".git/*", [".git/config"]), ("*.csv", ["*.csv!ingest.no-match"]),
        ("x.txt", ["x.txt!ingest.missing"]), ("x/*.txt", ["x!ingest.missing"]),
        ("a.txt/*.txt", ["a.txt!ingest.unreadable"]),
    ]

    @Test("globs and folders find files, hidden ones only when named", arguments: globs)
    func glob(pattern: String, found: [String]) throws {
        let space = try Workspace()
        for name in ["a.txt", "b.txt", "n/c.txt", "n/m/d.txt", ".hidden", ".git/config"] {
            try space.write(name, "x")
        }
        #expect(space.found([pattern]) == found)
    }

    @Test("a file named twice is read once, and its second pattern still matches it")
    func twice() throws {
        let space = try Workspace()
        try space.write("a.txt", "x")
        #expect(space.found(["a.txt", "*.txt", "./a.txt", "."]) == ["a.txt"])
    }

    @Test("a name that reads like a pattern is a name if such a file stands there")
    func literal() throws {
        let space = try Workspace()
        try space.write("a[1].txt", "x")
        #expect(space.found(["a[1].txt"]) == ["a[1].txt"])
    }

    @Test("links that lead back up end", arguments: ["**", ".", "**/*.txt", "*"])
    func loops(pattern: String) throws {
        let space = try Workspace()
        try space.write("d/a.txt", "x")
        try space.link("d/up", to: "..")
        try space.link("d/here", to: ".")
        try space.link("d/again", to: "../d")
        #expect(space.found([pattern]) == ["d/a.txt"])
    }

    @Test("a link to a folder elsewhere is followed; one to nowhere or to itself is reported")
    func links() throws {
        let space = try Workspace()
        try space.write("d/a.txt", "x")
        try space.link("e", to: "d")
        try space.link("gone", to: "nowhere")
        try space.link("self", to: "self")
        #expect(
            space.found(["."]) == [
                "d/a.txt", "e/a.txt", "gone!ingest.missing", "self!ingest.unreadable",
            ]
        )
    }

    @Test("a folder that may not be read is a fault, and costs no other file anything")
    func unreadableFolder() throws {
        let space = try Workspace()
        try space.write("a.txt", "x")
        try space.write("closed/b.txt", "x")
        unsafe chmod(space.path, 0o755)
        unsafe chmod(space.path + "/closed", 0)
        defer { unsafe chmod(space.path + "/closed", 0o755) }
        let found = FileUser.asNobody { space.found(["."]) }
        #expect(found == ["a.txt", "closed!ingest.unreadable"])
    }

    @Test("standard input is a source of its own")
    func standardInput() throws {
        let space = try Workspace()
        try space.write("a.txt", "x")
        #expect(space.found(["-", "a.txt"]) == ["-", "a.txt"])
    }

    @Test("a path inside the working folder is relative to it, however it is written")
    func relative() {
        let folder = FileManager.default.currentDirectoryPath
        let files = SourceFiles(patterns: [folder + "/Package.swift", "./Package.swift"])
        #expect(files.entries.map(\.path) == ["Package.swift"])
    }

    static let formats: [(path: String, format: IngestOptions.Format)] = [
        ("a.txt", .text), ("a.jsonl", .jsonl), ("a.ndjson.gz", .jsonl), ("a.json.zst", .jsonl),
        ("a.gz", .text), ("jsonl", .text), ("a.jsonl.bak", .text),
    ]

    @Test("a file's ending tells its format", arguments: formats)
    func format(path: String, format: IngestOptions.Format) {
        #expect(IngestOptions.Format(path: path) == format)
    }
}
