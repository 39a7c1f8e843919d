import Glibc
import Testing

/// The interpreter that probe plugins run in: any machine's own.
enum Python {
    /// The path of a `python3` that is a program, not a script that looks for one.
    static func path() throws -> String {
        let folders = ["/usr/bin", "/usr/local/bin"] + searchPath + versions
        let found = folders.map { $0 + "/python3" }.first { isProgram($0) }
        return try #require(found, "the tests of plugins need a python3")
    }

    private static var searchPath: [String] {
        guard let path = unsafe getenv("PATH") else { return [] }
        return unsafe String(cString: path).split(separator: ":").map(String.init)
    }

    /// Where pyenv has its interpreters, whose `python3` in the path is a script.
    private static var versions: [String] {
        guard let home = unsafe getenv("HOME") else { return [] }
        let folder = unsafe String(cString: home) + "/.pyenv/versions"
        return TestFolder.names(in: folder).map { "\(folder)/\($0)/bin" }
    }

    private static func isProgram(_ path: String) -> Bool {
        unsafe access(path, X_OK) == 0
            && TestFolder.bytes(path, most: 4) == [0x7F, 0x45, 0x4C, 0x46]
    }
}
