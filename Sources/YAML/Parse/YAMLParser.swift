/// Parses YAML into a tree whose every node knows its place.
///
/// The syntax is libyaml's (YAML 1.1), the meaning of plain scalars the core schema of YAML 1.2.
/// Refused, each with its place: more than one document, duplicate keys, keys that are not
/// scalars or empty, merge keys (`<<`: not part of YAML 1.2; alias the value as a whole), tags
/// outside the core schema, NUL, bytes that are not UTF-8, and whatever exceeds the limits.
/// Aliases are allowed; they share the anchor's nodes, and what they stand for is counted.
package enum YAMLParser {
    /// The tree of the one document; an empty source is a node that `isNull`.
    ///
    /// Linear in the size of the source.
    ///
    /// - Parameters:
    ///   - source: What to parse.
    ///   - limits: How much of everything there may be.
    /// - Returns: The top of the tree.
    /// - Throws: Everything wrong up to the first syntax error or exceeded limit, in order.
    package static func parse(
        _ source: YAMLSource,
        limits: YAMLLimits = .default,
    ) throws(YAMLErrors) -> Node {
        let scan = SourceScan(source, limits: limits)
        if let problem = scan.wholeProblem() { throw YAMLErrors([problem]) }
        var positions = PositionMap(source.bytes, contentStart: scan.contentStart)
        let problems = scan.problems(&positions)
        if !problems.isEmpty { throw YAMLErrors(problems) }
        var builder = TreeBuilder(source, limits: limits, positions: positions)
        build(&builder, from: scan.contentStart)
        try builder.diagnostics.throwIfErrors()
        return builder.root ?? nothing(in: source)
    }

    /// Feeds the builder until the end, the first syntax error, or until it has had enough.
    private static func build(_ builder: inout TreeBuilder, from contentStart: Int) {
        // The parser keeps a pointer to the bytes, so it lives inside the closure only.
        unsafe builder.source.bytes.withUnsafeBufferPointer { bytes in
            let content = unsafe UnsafeBufferPointer(rebasing: bytes[contentStart...])
            let limit = builder.limits.scalarBytes
            guard var events = unsafe LibYAMLEvents(content, scalarLimit: limit) else {
                return builder.add(.outOfMemory)
            }
            do throws(ParserFailure) {
                while !builder.isFinished {
                    builder.add(try events.next())
                }
            } catch {
                builder.add(error)
            }
        }
    }

    private static func nothing(in source: YAMLSource) -> Node {
        let range = SourceRange(source: source, at: .start)
        return Node(kind: .scalar(Scalar(text: "", isPlain: true)), range: range)
    }
}

extension ParserFailure {
    static let outOfMemory = ParserFailure(
        problem: "out of memory",
        index: 0,
        context: nil,
        contextIndex: 0,
        isOutOfMemory: true
    )
}
