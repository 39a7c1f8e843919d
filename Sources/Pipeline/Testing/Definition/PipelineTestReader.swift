internal import Bytes
internal import Events
internal import YAML

/// Reads `tests:` of a pipeline file, and reports everything that is wrong with it.
struct PipelineTestReader {
    /// The names of the stages in order; nil where not all of them could be built.
    let stages: [String]?
    /// The annotators of the stages.
    let annotators: [String]
    /// The projections that the pipeline declares.
    let projections: [String]
    var diagnostics = DiagnosticBag()

    /// The projections of every store, which a test may ask as well.
    static let everyStore = ["documents", "duplicates", "failures", "runs"]

    init(stages: [String]?, annotators: [String], projections: [String]) {
        self.stages = stages
        self.annotators = annotators
        self.projections = projections
    }

    /// The tests of the list.
    mutating func read(_ node: Node) -> [PipelineTest] {
        guard let items = node.sequence else {
            diagnostics.error(
                "pipeline.type",
                "\"tests\" must be a list, not \(node.foundDescription)",
                at: node,
                expected: "a list of tests",
                found: node.foundDescription,
                hint: "begin each test with \"- name: …\""
            )
            return []
        }
        var tests: [PipelineTest] = []
        var names: [String: Node] = [:]
        for item in items {
            guard let test = test(item) else { continue }
            if let first = names[test.name] {
                diagnostics.error(
                    "pipeline.duplicate-test",
                    "another test is called \(DisplayText.quoted(test.name))",
                    at: item["name"] ?? item,
                    hint: "say what makes this one different",
                    notes: [Diagnostic.Note("the first is here", at: first.range)]
                )
            }
            names[test.name] = item["name"] ?? item
            tests.append(test)
        }
        return tests
    }

    private mutating func test(_ node: Node) -> PipelineTest? {
        let errors = diagnostics.errors.count
        var reader = FieldReader(node, context: "a test")
        let name = reader.string("name")
        if name.isEmpty, let place = reader.optionalNode("name"), place.text != nil {
            reader.error("pipeline.type", "a test must have a name", at: place)
        }
        let documents = reader.nodes("documents").compactMap { document($0, &reader) }
        if let place = reader.optionalNode("documents"), place.sequence?.isEmpty == true {
            reader.error(
                "pipeline.test-empty",
                "a test without documents tests nothing",
                at: place,
                hint: "write \"- {id: a, text: …}\" below it"
            )
        }
        let from = stage("from", &reader)
        let to = stage("to", &reader)
        let expect = expectations("expect", &reader)
        let projections = expectations("projections", &reader)
        if expect.isEmpty && projections.isEmpty, reader.node.mapping != nil {
            reader.error(
                "pipeline.test-empty",
                "a test without expectations passes whatever comes of its documents",
                at: node["name"] ?? node,
                hint: "add \"expect:\" with what must come of each document, such as a: kept"
            )
        }
        checkDocuments(documents, from: from, &reader)
        checkSubjects(expect, among: documents, &reader)
        reader.finish(into: &diagnostics)
        for expectation in expect { check(expectation, among: documents) }
        for projection in projections { checkProjection(projection) }
        let first = from?.number ?? 1
        let last = to?.number ?? max(0, (stages?.count ?? 1) - 1)
        if let from, let to, to.number < from.number {
            diagnostics.error(
                "pipeline.test-stages",
                "\"from\" names a stage after that of \"to\"",
                at: from.node,
                hint: "the stages are " + (stages ?? []).joined(separator: ", ")
            )
        }
        guard diagnostics.errors.count == errors else { return nil }
        return PipelineTest(
            name: name,
            place: node,
            documents: documents,
            firstStage: max(1, first),
            lastStage: last,
            expectations: expect,
            projections: projections
        )
    }

    private func stage(
        _ key: String,
        _ reader: inout FieldReader
    ) -> (number: Int, node: Node)? {
        guard let name = reader.optionalString(key), let node = reader.optionalNode(key),
            let stages
        else { return nil }
        if let number = stages.firstIndex(of: name) { return (number, node) }
        reader.error(
            "pipeline.unknown-stage",
            "the pipeline has no stage \(DisplayText.quoted(name))",
            at: node,
            expected: "one of " + stages.joined(separator: ", "),
            hint: Suggestion.hint(for: name, among: stages)
                ?? "the stages are " + stages.joined(separator: ", ")
        )
        return nil
    }

    private func expectations(
        _ key: String,
        _ reader: inout FieldReader
    ) -> [PipelineTest.Expectation] {
        guard let node = reader.optionalNode(key) else { return [] }
        return reader.nested(node, context: "\"\(key)\" of a test") { nested in
            nested.entries().map { entry in
                PipelineTest.Expectation(
                    subject: entry.key.text ?? "",
                    key: entry.key,
                    value: entry.value,
                    slot: ExpectationSlot(entry, of: node)
                )
            }
        }
    }

    private func checkSubjects(
        _ expectations: [PipelineTest.Expectation],
        among documents: [TestDocument],
        _ reader: inout FieldReader
    ) {
        let ids = documents.compactMap(\.id)
        // A file names its documents itself: which they are is known when it is read.
        guard ids.count == documents.count else { return }
        for expectation in expectations where !ids.contains(expectation.subject) {
            reader.error(
                "pipeline.unknown-document",
                "the test has no document \(DisplayText.quoted(expectation.subject))",
                at: expectation.key,
                expected: ids.isEmpty
                    ? nil : "one of " + DisplayText.escaped(ids.joined(separator: ", ")),
                hint: Suggestion.hint(for: expectation.subject, among: ids)
                    ?? "the documents are " + ids.joined(separator: ", ")
            )
        }
    }

    private mutating func checkProjection(_ expectation: PipelineTest.Expectation) {
        let names = projections + Self.everyStore
        if !names.contains(expectation.subject) {
            diagnostics.error(
                "pipeline.unknown-projection",
                "there is no projection \(DisplayText.quoted(expectation.subject))",
                at: expectation.key,
                expected: "one of " + names.joined(separator: ", "),
                hint: Suggestion.hint(for: expectation.subject, among: names)
                    ?? "the projections are " + names.joined(separator: ", ")
            )
        }
        var check = ExpectationSyntax(annotators: annotators, ids: nil)
        check.rows(expectation.value)
        diagnostics.add(contentsOf: check.diagnostics)
    }

    private mutating func check(
        _ expectation: PipelineTest.Expectation,
        among documents: [TestDocument]
    ) {
        let ids = documents.compactMap(\.id)
        var check = ExpectationSyntax(
            annotators: stages == nil ? nil : annotators,
            ids: ids.count == documents.count ? ids : nil
        )
        check.document(expectation)
        diagnostics.add(contentsOf: check.diagnostics)
    }
}
