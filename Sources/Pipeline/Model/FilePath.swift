/// Paths compared as text, without looking at what stands there.
package enum FilePath {
    /// The path without empty and `.` components, and without what `..` takes back.
    package static func normalised(_ path: String) -> String {
        var components: [Substring] = []
        let isAbsolute = path.hasPrefix("/")
        for component in path.split(separator: "/") where component != "." {
            if component == "..", let last = components.last, last != ".." {
                components.removeLast()
            } else if component != ".." || !isAbsolute {
                components.append(component)
            }
        }
        if components.isEmpty { return isAbsolute ? "/" : "." }
        return (isAbsolute ? "/" : "") + components.joined(separator: "/")
    }

    /// Whether a path is another or lies below it.
    package static func lies(_ path: String, in folder: String) -> Bool {
        let (path, folder) = (normalised(path), normalised(folder))
        if folder == "." { return !path.hasPrefix("/") && !path.hasPrefix("..") }
        return path == folder || path.hasPrefix(folder + "/")
    }
}
