import Glibc
import Testing

@testable import PluginHost

@Suite("The digest of a plugin's folder")
struct PluginDigestTests {
    private static let files = ["plugin.yaml": "plugin: a", "main.py": "pass", "lib/b.py": "1"]

    private func digest(_ folder: PluginFolder) throws -> String {
        try PluginDigest.of(folder.path).description
    }

    @Test("is that of the paths, kinds and bytes of its files, as PROTOCOL.md has it")
    func known() throws {
        let folder = try PluginFolder(["a": "hello", "b/run": "#!/bin/sh\n"])
        #expect(unsafe chmod(folder.path + "/b/run", 0o755) == 0)
        #expect(unsafe symlink("../a", folder.path + "/b/link") == 0)
        // printf 'f %s a\0l %s b/link\0x %s b/run\0' of the SHA-256 of each | sha256sum
        #expect(
            try digest(folder) == "0d1cfc78ed11948d35286f87bcfc4e0523f76c0acd3f369a46df9313a2979073"
        )
    }

    @Test("is the same wherever the folder is, and in whatever order it was written")
    func same() throws {
        let one = try PluginFolder(Self.files)
        let other = try PluginFolder()
        for (name, text) in Self.files.sorted(by: { $0.key > $1.key }) {
            try other.write(name, text)
        }
        #expect(try digest(one) == digest(other))
    }

    @Test("does not count what an install step or a program makes")
    func made() throws {
        let folder = try PluginFolder(Self.files)
        let before = try digest(folder)
        for name in [
            ".venv/bin/python", ".build/x", ".installed/model", "__pycache__/main.cpython.pyc",
            "lib/b.pyc", ".git/HEAD", "Package.resolved", "lib/__pycache__/c",
        ] {
            try folder.write(name, "made")
        }
        #expect(try digest(folder) == before)
    }

    @Test(
        "differs with each change",
        arguments: [
            "echo >> main.py", "chmod +x main.py", "mv main.py Main.py", "touch new",
            "ln -s main.py link", "rm lib/b.py", "mv lib/b.py b.py", "echo > .hidden",
        ]
    )
    func changed(command: String) throws {
        let folder = try PluginFolder(Self.files)
        let before = try digest(folder)
        #expect(Shell.run("cd '\(folder.path)' && \(command)") == 0)
        #expect(try digest(folder) != before)
    }

    @Test("differs with what a link points to, and does not follow it")
    func links() throws {
        let folder = try PluginFolder(Self.files)
        #expect(unsafe symlink("/nowhere", folder.path + "/link") == 0)
        let one = try digest(folder)
        #expect(unsafe unlink(folder.path + "/link") == 0)
        #expect(unsafe symlink("/elsewhere", folder.path + "/link") == 0)
        #expect(try digest(folder) != one)
    }

    @Test("takes names that are no UTF-8")
    func names() throws {
        let folder = try PluginFolder(Self.files)
        let before = try digest(folder)
        #expect(Shell.run("cd '\(folder.path)' && touch \"$(printf 'a\\377b')\"") == 0)
        #expect(try digest(folder) != before)
    }

    @Test("is refused where a file cannot be read or is none, by its path")
    func refused() throws {
        let folder = try PluginFolder(Self.files)
        #expect(unsafe mkfifo(folder.path + "/pipe", 0o600) == 0)
        #expect(throws: PluginLockError(.neither, folder.path + "/pipe")) {
            try PluginDigest.of(folder.path)
        }
        #expect(throws: PluginLockError(.unreadable, "/no/such/folder", ENOENT)) {
            try PluginDigest.of("/no/such/folder")
        }
    }
}
