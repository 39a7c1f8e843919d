internal import Glibc
internal import Pipeline

/// A pattern of `from`, compared with paths that need not exist.
struct SourcePattern {
    private let pattern: String

    init(_ pattern: String) {
        self.pattern = FilePath.normalised(pattern)
    }

    /// Whether a file of this path is named: by the pattern, or by a folder that it names.
    func names(_ path: String) -> Bool {
        guard pattern != "-" else { return false }
        if FilePath.lies(path, in: pattern) {
            return pattern == path || !Self.isHidden(path, below: pattern)
        }
        let parts = FilePath.normalised(path).split(separator: "/").map(String.init)
        return matches(pattern.split(separator: "/").map(String.init)[...], parts[...])
    }

    private func matches(_ pattern: ArraySlice<String>, _ path: ArraySlice<String>) -> Bool {
        guard let component = pattern.first else { return true }
        guard let name = path.first else { return false }
        if component == "**" {
            return matches(pattern.dropFirst(), path)
                || (!name.hasPrefix(".") && matches(pattern, path.dropFirst()))
        }
        return unsafe fnmatch(component, name, FNM_PERIOD) == 0
            && matches(pattern.dropFirst(), path.dropFirst())
    }

    private static func isHidden(_ path: String, below folder: String) -> Bool {
        let depth = folder == "." ? 0 : folder.split(separator: "/").count
        return path.split(separator: "/").dropFirst(depth).contains { $0.hasPrefix(".") }
    }
}
