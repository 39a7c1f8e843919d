private import Glibc
internal import YAML

/// Reads the files that a pipeline includes, and what those include, each once.
///
/// A path is relative to the file that names it. Files, bytes and depth are bounded, a cycle is
/// told with its places, and whatever is wrong inside a file is told with where it is included.
struct IncludeReader {
    static let filesMax = 100
    static let bytesMax = 4 << 20
    static let depthMax = 10

    private(set) var parts = ReusableParts()
    private(set) var sources: [YAMLSource] = []
    private(set) var diagnostics = DiagnosticBag()
    /// The real paths of files read, or being read.
    private var known: Set<String> = []
    /// The files that lead to the one being read, with the place that names each.
    private var chain: [(path: String, place: Node?)] = []
    private var bytesRead = 0
    private var isFull = false

    /// Reads what a pipeline file includes, then its own parts.
    mutating func read(_ pipeline: Node) {
        let source = pipeline.range.source
        known.insert(Self.realPath(source.name))
        chain.append((Self.realPath(source.name), nil))
        readParts(of: pipeline)
    }

    private mutating func readParts(of file: Node) {
        if let node = file["include"] {
            for path in paths(node) { include(path) }
        }
        parts.add(file, into: &diagnostics)
    }

    private mutating func paths(_ node: Node) -> [Node] {
        let items = node.sequence ?? [node]
        return items.filter { item in
            if let text = item.text, !item.isNull, !text.isEmpty, !text.contains("${") {
                return true
            }
            diagnostics.error(
                "include.path",
                "an include must be the path of a file, not \(item.foundDescription)",
                at: item,
                expected: "a path, or a list of paths",
                found: item.foundDescription,
                hint: "write include: [common/templates.yaml]; a path is relative to this file"
            )
            return false
        }
    }

    private mutating func include(_ place: Node) {
        let path = place.range.source.path(of: place.text ?? "")
        let real = Self.realPath(path)
        if let start = chain.firstIndex(where: { $0.path == real }) {
            return reportCycle(place, from: start)
        }
        guard known.insert(real).inserted, !isFull else { return }
        guard chain.count <= Self.depthMax else {
            return refuse(place, "files include each other more than \(Self.depthMax) deep")
        }
        guard known.count <= Self.filesMax + 1 else {
            return refuse(place, "more than \(Self.filesMax) files are included")
        }
        guard let file = tree(of: path, named: place) else { return }
        chain.append((real, place))
        checkKeys(of: file, place)
        readParts(of: file)
        chain.removeLast()
    }

    private mutating func tree(of path: String, named place: Node) -> Node? {
        do throws(YAMLErrors) {
            let limits = YAMLLimits(inputBytes: Self.bytesMax - bytesRead)
            let source = try YAMLSource.read(path, limits: limits)
            bytesRead += source.bytes.count
            sources.append(source)
            return try YAMLParser.parse(source, limits: limits)
        } catch {
            for diagnostic in error.diagnostics { add(diagnostic, of: path, included: place) }
            return nil
        }
    }

    private mutating func add(_ diagnostic: Diagnostic, of path: String, included place: Node) {
        switch diagnostic.code {
        case YAMLCode.unreadable:
            let found = diagnostic.found ?? "nothing"
            diagnostics.error(
                "include.unreadable",
                "\"\(path.prefix(200))\" cannot be included: \(found)",
                at: place,
                expected: "a readable YAML file",
                found: found,
                hint: "a path is relative to the file that includes it"
            )
        case YAMLCode.tooLarge where diagnostic.range == nil:
            refuse(place, "included files hold more than \(Self.bytesMax >> 20) MiB together")
        default:
            let note = Diagnostic.Note("it is included here", at: place.range)
            diagnostics.add(diagnostic.with(note))
        }
    }

    private mutating func checkKeys(of file: Node, _ place: Node) {
        var problems = DiagnosticBag()
        FieldReader.read(file, context: "an included file", into: &problems) { reader in
            for key in ["include", "templates", "profiles", "projections", "tests"] {
                _ = reader.optionalNode(key)
            }
        }
        let note = Diagnostic.Note("it is included here", at: place.range)
        for problem in problems.diagnostics { diagnostics.add(problem.with(note)) }
    }

    private mutating func reportCycle(_ place: Node, from start: Int) {
        let notes = chain[(start + 1)...].compactMap(\.place).map {
            Diagnostic.Note("by way of this include", at: $0.range)
        }
        diagnostics.error(
            "include.cycle",
            "\(DisplayText.quoted(place.text ?? "")) includes itself",
            at: place,
            expected: "files that do not lead back to themselves",
            found: "a circle of \(chain.count - start) files",
            hint: "move what both need to a file of its own",
            notes: notes
        )
    }

    private mutating func refuse(_ place: Node, _ message: String) {
        guard !isFull else { return }
        isFull = true
        diagnostics.error(
            "include.too-much",
            message,
            at: place,
            expected: "at most \(Self.filesMax) files of \(Self.bytesMax >> 20) MiB together",
            found: message,
            hint: "include only what this pipeline uses"
        )
    }

    private static func realPath(_ path: String) -> String {
        guard let real = unsafe realpath(path, nil) else { return FilePath.normalised(path) }
        defer { unsafe free(real) }
        return unsafe String(cString: real)
    }
}
