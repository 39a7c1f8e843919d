internal import Pipeline
internal import YAML

/// Reading an annotator's options and the dictionary that they name.
enum DictionaryFile {
    /// The version of the dictionaries' format.
    static let version = 1

    /// Reads the options with `read`, then the dictionary's tree; nil after errors were reported.
    static func open<Options>(
        _ node: Node,
        annotator: String,
        _ context: inout StageContext,
        _ read: (inout FieldReader) -> Options
    ) -> (options: Options, root: Node)? {
        var bag = DiagnosticBag()
        var path: Node?
        let name = "annotator \(annotator)"
        let options = FieldReader.read(node, context: name, into: &bag) { reader in
            path = reader.node("dictionary", like: .text)
            if let path, path.text == nil || path.isNull { _ = reader.string("dictionary") }
            return read(&reader)
        }
        context.diagnostics.add(contentsOf: bag)
        guard !bag.hasErrors, let path, let text = path.text else { return nil }
        return context.resource(text, named: path).map { (options, $0) }
    }

    /// Reads the dictionary's top level; nil after errors were reported.
    static func read<Result>(
        _ root: Node,
        annotator: String,
        _ context: inout StageContext,
        _ body: (inout FieldReader) -> Result
    ) -> Result? {
        var bag = DiagnosticBag()
        let name = "the \(annotator) dictionary"
        let result = FieldReader.read(root, context: name, area: "dictionary", into: &bag) {
            reader in
            _ = reader.integer("version", in: version...version)
            return body(&reader)
        }
        context.diagnostics.add(contentsOf: bag)
        return bag.hasErrors ? nil : result
    }
}

/// The ids of one kind of entry, each of which must stand once.
struct DictionaryIDs {
    private let what: String
    private var numbers: [String: Int] = [:]
    private var places: [SourceRange] = []

    /// - Parameter what: the kind of entry, for messages.
    init(_ what: String) { self.what = what }

    /// The ids so far.
    var names: Dictionary<String, Int>.Keys { numbers.keys }

    /// Notes an id, which gets the next number; reports one that was there before.
    mutating func add(_ id: String, at node: Node, _ reader: inout FieldReader) {
        let number = places.count
        places.append(node.range)
        guard let first = numbers[id] else {
            numbers[id] = number
            return
        }
        reader.error(
            "dictionary.duplicate-id",
            "the \(what) \"\(id)\" stands here twice",
            at: node,
            notes: [Diagnostic.Note("the first is here", at: places[first])]
        )
    }

    /// The number of an id that an entry refers to, or nil after it was reported.
    func number(_ id: String, at node: Node, _ reader: inout FieldReader) -> Int? {
        if let number = numbers[id] { return number }
        reader.error(
            "dictionary.unknown-\(what)",
            "there is no \(what) \"\(id)\"",
            at: node,
            hint: Suggestion.hint(for: id, among: numbers.keys.sorted())
                ?? "add it to the dictionary's list of such"
        )
        return nil
    }
}

extension PhraseTable.Builder {
    /// Adds a phrase of a dictionary, or reports why no text can hold it.
    mutating func add(_ phrase: String, payload: Int, at node: Node, _ reader: inout FieldReader) {
        do {
            try add(phrase, payload: payload)
        } catch {
            report(error, phrase, at: node, &reader)
        }
    }

    private func report(
        _ refusal: Refusal,
        _ phrase: String,
        at node: Node,
        _ reader: inout FieldReader
    ) {
        switch refusal {
        case .noWords:
            reader.error(
                "dictionary.empty-term",
                "a term must hold a letter or a digit",
                at: node,
                expected: "a word or words",
                found: "\"\(phrase)\"",
                hint: "remove it"
            )
        case .tooLong:
            reader.error(
                "dictionary.long-term",
                "a term must not have more than \(PhraseTable.wordLimit) words",
                at: node,
                hint: "shorten it"
            )
        case .broken(let word):
            reader.error(
                "dictionary.broken-term",
                "the mark after \"\(word)\" ends a sentence, so the term is found in no text",
                at: node,
                hint: "use spaces, hyphens, apostrophes or commas between words"
            )
        }
    }
}
