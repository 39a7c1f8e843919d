/// Builds the tree from events with a stack of its own: depth costs no call stack.
struct TreeBuilder {
    /// What an alias stands for and costs.
    private struct Anchored {
        var node: Node
        var nodeCount: Int
        var height: Int
    }

    /// A list or mapping that is not yet closed.
    private struct Frame {
        let isMapping: Bool
        let isFlow: Bool
        let start: Mark
        let properties: ParserEvent.Properties
        let nodesBefore: Int
        var height = 1
        var items: [Node] = []
        var entries: [Mapping.Entry] = []
        var positions: [String: Int]?
        var key: Key?
        var end: Mark
    }

    /// A key waiting for its value; a refused one takes its value with it.
    private enum Key {
        case accepted(Node)
        case refused
    }

    let source: YAMLSource
    let limits: YAMLLimits
    private var positions: PositionMap
    private var stack: [Frame] = []
    private var anchors: [String: Anchored] = [:]
    private var nodeCount = 0
    private var aliasedCount = 0
    private var hasDocument = false

    /// The top of the tree, once it is complete.
    private(set) var root: Node?
    /// Whether there is nothing more to be learnt from further events.
    private(set) var isFinished = false
    private(set) var diagnostics = DiagnosticBag()

    init(_ source: YAMLSource, limits: YAMLLimits, positions: PositionMap) {
        self.source = source
        self.limits = limits
        self.positions = positions
    }

    /// Adds the next event.
    mutating func add(_ event: ParserEvent) {
        let start = positions.mark(index: event.startIndex)
        let end = positions.mark(index: event.endIndex)
        let range = SourceRange(source: source, start: start, end: end)
        switch event.kind {
        case .streamStart, .documentEnd: break
        case .streamEnd: isFinished = true
        case .documentStart: startDocument(at: range)
        case .alias(let name): addAlias(name, at: range)
        case .scalar(let properties, let text): addScalar(properties, text, at: range)
        case .sequenceStart(let properties, let isFlow):
            open(isMapping: false, isFlow: isFlow, properties, at: range)
        case .mappingStart(let properties, let isFlow):
            open(isMapping: true, isFlow: isFlow, properties, at: range)
        case .sequenceEnd, .mappingEnd: close(at: range)
        }
    }

    /// Adds the syntax error that ends the events.
    mutating func add(_ failure: ParserFailure) {
        let place = SourceRange(source: source, at: positions.mark(index: failure.index))
        let context = SourceRange(source: source, at: positions.mark(index: failure.contextIndex))
        stop(SyntaxError(failure, at: place, context: context).diagnostic)
    }

    private mutating func stop(_ diagnostic: Diagnostic) {
        diagnostics.add(diagnostic)
        isFinished = true
    }

    private mutating func startDocument(at range: SourceRange) {
        if hasDocument { stop(.multipleDocuments(at: range)) }
        hasDocument = true
    }

    // MARK: Nodes

    private mutating func addScalar(
        _ properties: ParserEvent.Properties,
        _ text: ParserEvent.ScalarText,
        at range: SourceRange,
    ) {
        guard count(at: range) else { return }
        var scalar = Scalar(text: "", isPlain: false)
        switch text {
        case .tooLong:
            diagnostics.add(.scalarTooLong(at: range, limits: limits))
        case .text(let text, let isPlain):
            // "\0" in double quotes: C libraries further down would cut the text there.
            if text.utf8.contains(0) { diagnostics.add(.nul(at: range)) }
            let meaning = CoreTag.resolvesPlain(properties.tag)
            scalar = Scalar(text: text, isPlain: meaning ?? isPlain)
        }
        check(properties.tag, fits: .scalar, at: range)
        finish(
            Node(kind: .scalar(scalar), range: range, tag: properties.tag),
            properties.anchor,
            nodesBefore: nodeCount - 1,
            height: 0,
        )
    }

    private mutating func addAlias(_ name: String, at range: SourceRange) {
        guard let anchored = anchors[name] else {
            let isInside = stack.contains { $0.properties.anchor == name }
            diagnostics.add(
                .unknownAlias(name, isInside: isInside, at: range, known: anchors.keys.sorted())
            )
            let nothing = Scalar(text: "", isPlain: true)
            attach(Node(kind: .scalar(nothing), range: range), height: 0)
            return
        }
        aliasedCount += anchored.nodeCount
        nodeCount += anchored.nodeCount
        guard aliasedCount <= limits.aliasedNodes else {
            return stop(.aliasExpansion(name, at: range, limits: limits))
        }
        guard nodeCount <= limits.nodes else { return stop(.tooManyNodes(range, limits)) }
        guard stack.count + anchored.height <= limits.depth else {
            return stop(.tooDeep(range, limits))
        }
        attach(anchored.node, height: anchored.height, place: range)
    }

    private mutating func open(
        isMapping: Bool,
        isFlow: Bool,
        _ properties: ParserEvent.Properties,
        at range: SourceRange,
    ) {
        guard stack.count < limits.depth else { return stop(.tooDeep(range, limits)) }
        guard count(at: range) else { return }
        check(properties.tag, fits: isMapping ? .mapping : .sequence, at: range)
        if let anchor = properties.anchor { anchors[anchor] = nil }
        stack.append(
            Frame(
                isMapping: isMapping,
                isFlow: isFlow,
                start: range.start,
                properties: properties,
                nodesBefore: nodeCount - 1,
                end: range.end,
            )
        )
    }

    private mutating func close(at range: SourceRange) {
        guard let frame = stack.popLast() else { return }
        // libyaml closes a block where the next thing begins; its text ends with its last item.
        let end = frame.isFlow ? range.end : frame.end
        let kind: Node.Kind =
            frame.isMapping
            ? .mapping(Mapping(entries: frame.entries, positions: frame.positions))
            : .sequence(frame.items)
        let node = Node(
            kind: kind,
            range: SourceRange(source: source, start: frame.start, end: end),
            tag: frame.properties.tag,
        )
        finish(
            node,
            frame.properties.anchor,
            nodesBefore: frame.nodesBefore,
            height: frame.height
        )
    }

    /// Remembers a complete node under its anchor and puts it where it belongs.
    private mutating func finish(
        _ node: Node,
        _ anchor: String?,
        nodesBefore: Int,
        height: Int,
    ) {
        if let anchor {
            let count = nodeCount - nodesBefore
            anchors[anchor] = Anchored(node: node, nodeCount: count, height: height)
        }
        attach(node, height: height)
    }

    private mutating func attach(_ node: Node, height: Int, place: SourceRange? = nil) {
        let place = place ?? node.range
        guard let top = stack.indices.last else {
            root = node
            return
        }
        stack[top].height = max(stack[top].height, height + 1)
        stack[top].end = max(stack[top].end, place.end)
        guard stack[top].isMapping else {
            stack[top].items.append(node)
            return
        }
        switch stack[top].key {
        case nil: stack[top].key = accept(node, at: place) ? .accepted(node) : .refused
        case .refused: stack[top].key = nil
        case .accepted(let key):
            stack[top].key = nil
            append((key, node), to: top)
        }
    }

    // MARK: Checks

    /// Counts a node; false when there are too many.
    private mutating func count(at range: SourceRange) -> Bool {
        nodeCount += 1
        if nodeCount > limits.nodes { stop(.tooManyNodes(range, limits)) }
        return nodeCount <= limits.nodes
    }

    private mutating func check(_ tag: String?, fits kind: CoreTag.Kind, at range: SourceRange) {
        guard let tag, !CoreTag.isAllowed(tag, on: kind) else { return }
        diagnostics.add(.tag(tag, on: kind, at: range))
    }

    private mutating func accept(_ key: Node, at place: SourceRange) -> Bool {
        guard let scalar = key.scalar else {
            diagnostics.add(.keyNotScalar(key, at: place))
            return false
        }
        if scalar.isPlain && scalar.text == "<<" {
            diagnostics.add(.mergeKey(at: place))
            return false
        }
        if scalar.isPlain && scalar.text.isEmpty {
            diagnostics.add(.keyEmpty(at: place))
            return false
        }
        return true
    }

    private mutating func append(_ entry: Mapping.Entry, to top: Int) {
        let key = entry.key.text ?? ""
        let first: Int?
        if stack[top].positions != nil {
            first = stack[top].positions?[key]
        } else {
            first = stack[top].entries.firstIndex { $0.key.text == key }
        }
        if let first {
            diagnostics.add(.duplicateKey(entry.key, first: stack[top].entries[first].key))
            return
        }
        stack[top].entries.append(entry)
        let count = stack[top].entries.count
        if stack[top].positions != nil {
            stack[top].positions?[key] = count - 1
        } else if count > Mapping.linearSearchLimit {
            stack[top].positions = Mapping.positions(of: stack[top].entries)
        }
    }
}
