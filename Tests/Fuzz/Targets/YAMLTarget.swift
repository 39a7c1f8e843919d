internal import YAML

/// A YAML file, read as a pipeline would be.
struct YAMLTarget: FuzzTarget {
    let hasFields = false

    func test(_ input: [UInt8]) {
        let source = YAMLSource(name: "p.yaml", bytes: input)
        do throws(YAMLErrors) {
            // Every fourth length with limits that small files meet.
            let limits = input.count % 4 == 3 ? Self.tight : .default
            read(try YAMLParser.parse(source, limits: limits), in: source)
        } catch {
            check(error.diagnostics, in: source)
        }
    }

    private static let tight = YAMLLimits(
        inputBytes: 2000,
        depth: 6,
        nodes: 40,
        aliasedNodes: 20,
        scalarBytes: 60
    )

    /// Substitution, then the fields of each mapping.
    private func read(_ root: Node, in source: YAMLSource) {
        var bag = DiagnosticBag()
        let environment = ["HOME": "/home/\u{1B}[31m", "EMPTY": ""]
        let node = Substitution.apply(to: root, environment: environment, into: &bag)
        var left = 50
        readFields(node, into: &bag, left: &left)
        check(node.range, in: source)
        check(bag.sorted(), in: source)
    }

    private func readFields(_ node: Node, into bag: inout DiagnosticBag, left: inout Int) {
        left -= 1
        guard left > 0 else { return }
        let options = bag.variant(node, noun: "stage")?.options ?? node
        FieldReader.read(options, context: "the file", into: &bag) { reader in
            let keys = (options.mapping?.entries ?? []).prefix(12).map { $0.key.text ?? "" }
            for (index, key) in keys.enumerated() { readField(key, index, with: &reader) }
            use(reader.string("pipeline"))
        }
        let children = options.sequence ?? options.mapping?.entries.map(\.value) ?? []
        for child in children { readFields(child, into: &bag, left: &left) }
    }

    /// Each key as another type.
    private func readField(_ key: String, _ index: Int, with reader: inout FieldReader) {
        switch (index + key.utf8.count) % 10 {
        case 0: use(reader.optionalString(key))
        case 1: use(reader.integer(key, in: -5...1000))
        case 2: use(reader.optionalDouble(key, in: 0...1))
        case 3: use(reader.range(key))
        case 4: use(reader.optionalDoubleRange(key))
        case 5: use(reader.quantity(key, unit: "words", default: 5))
        case 6: use(reader.quantity(key, units: ["s": 1, "min": 60], default: 30))
        case 7: use(reader.bool(key))
        case 8: use(reader.choice(key, of: ["exact", "near"], default: "exact"))
        default: use(reader.optionalList(key, of: .integer(in: 0...9)))
        }
    }

    private func check(_ diagnostics: [Diagnostic], in source: YAMLSource) {
        for diagnostic in diagnostics {
            let text = diagnostic.rendered()
            let isPrintable = text.unicodeScalars.allSatisfy(Self.isPrintable)
            require(isPrintable, "control characters in \(text.debugDescription)")
            require(text.hasPrefix("p.yaml:"), "a diagnostic without its file: \(text)")
            if let range = diagnostic.range { check(range, in: source) }
            for note in diagnostic.notes { check(note.range, in: source) }
        }
    }

    private func check(_ range: SourceRange, in source: YAMLSource) {
        require(range.start.line >= 1 && range.start.column >= 1, "a place before the file")
        require(range.start <= range.end, "a range that ends before it begins")
        require(range.end.offset <= source.bytes.count, "a place after the file")
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        if (0x20..<0x7F).contains(scalar.value) || scalar == "\n" { return true }
        return ![.control, .format].contains(scalar.properties.generalCategory)
    }
}
