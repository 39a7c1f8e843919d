internal import YAML

/// Lays the chosen profile over a pipeline: mappings merge, lists and scalars replace.
///
/// ```yaml
/// profiles:
///   prod:
///     store: /srv/annals/leaders
///     stages:
///       ingest: {from: [/data/news/*.jsonl]}
///       clean: {require: {words: 50..}}
/// ```
struct ProfileOverlay {
    private let profiles: [Mapping.Entry]
    private(set) var diagnostics = DiagnosticBag()

    /// Profiles, each of which is checked whether it is chosen or not.
    init(_ profiles: [Mapping.Entry], stages: [Node], stagesAreComplete: Bool) {
        self.profiles = profiles
        let names = StageNames.names(of: stages)
        for profile in profiles {
            check(profile, stagesAreComplete ? names : nil)
        }
    }

    /// The names of the profiles.
    var names: [String] { profiles.compactMap(\.key.text) }

    /// What a profile says; nil after it was reported as unknown.
    mutating func profile(_ name: String, of pipeline: Node) -> Node? {
        if let profile = profiles.first(where: { $0.key.text == name }) { return profile.value }
        let place = SourceRange(source: pipeline.range.source, at: pipeline.range.start)
        let list = names.joined(separator: ", ")
        diagnostics.add(
            Diagnostic(
                code: "profile.unknown",
                "the pipeline has no profile \(DisplayText.quoted(name))",
                at: profiles.first?.key.range ?? place,
                expected: names.isEmpty ? "no profile" : "one of \(list)",
                found: DisplayText.quoted(name),
                hint: Suggestion.hint(for: name, among: names)
                    ?? (names.isEmpty
                        ? "declare it under profiles:, or leave --profile (ANNALS_PROFILE) out"
                        : "the profiles are \(list)")
            )
        )
        return nil
    }

    private mutating func check(_ entry: Mapping.Entry, _ stageNames: [String?]?) {
        let context = "profile \(DisplayText.quoted(entry.key.text ?? ""))"
        FieldReader.read(entry.value, context: context, into: &diagnostics) { reader in
            _ = reader.optionalNode("description")
            _ = reader.optionalNode("store")
            _ = reader.optionalNode("max_failed")
            reader.optionalMapping("projections") { _ = $0.entries() }
            reader.optionalMapping("stages") { stages in
                let entries = stages.entries()
                guard let known = stageNames?.compactMap(\.self) else { return }
                let names = Set(known)
                for stage in entries where !stages.diagnostics.isFull {
                    guard let name = stage.key.text, !names.contains(name) else { continue }
                    stages.error(
                        "profile.unknown-stage",
                        "the pipeline has no stage \(DisplayText.quoted(name))",
                        at: stage.key,
                        expected: "one of " + known.joined(separator: ", "),
                        found: DisplayText.quoted(name),
                        hint: Suggestion.hint(for: name, among: known)
                            ?? "the stages are " + known.joined(separator: ", ")
                    )
                }
            }
        }
    }

    /// A node with another laid over it.
    static func merged(_ base: Node, _ overlay: Node) -> Node {
        guard let below = base.mapping, let above = overlay.mapping else { return overlay }
        var entries = below.entries.map { entry -> Mapping.Entry in
            guard let key = entry.key.text, let over = above.entry(key) else { return entry }
            return (over.key, merged(entry.value, over.value))
        }
        for entry in above.entries where below[entry.key.text ?? ""] == nil {
            entries.append(entry)
        }
        return Node(kind: .mapping(Mapping(entries: entries)), range: base.range, tag: base.tag)
    }

    /// The stages with what a profile says of them, by name.
    static func merged(stages: [Node], _ overlay: Node?) -> [Node] {
        let names = StageNames.names(of: stages)
        return zip(stages, names).map { stage, name in
            guard let name, let over = overlay?.mapping?.entry(name)?.value else { return stage }
            let (key, options) = stage.mapping?.entries.first ?? (stage, over)
            let value = options.isNull ? over : merged(options, over)
            return Node(kind: .mapping(Mapping(entries: [(key, value)])), range: stage.range)
        }
    }
}

/// The names that stages have in a pipeline: their kind, with a number from the second on.
enum StageNames {
    /// The name of each item of a list of stages; nil for what is no stage.
    static func names(of items: [Node]) -> [String?] {
        var counts: [String: Int] = [:]
        return items.map { item in
            let key = item.scalar == nil ? item.mapping.flatMap { $0.entries.first?.key } : item
            guard let kind = key?.text, item.mapping?.count ?? 1 == 1 else { return nil }
            counts[kind, default: 0] += 1
            let count = counts[kind, default: 1]
            return count == 1 ? kind : "\(kind)-\(count)"
        }
    }
}
