package import YAML

/// A pipeline file with everything that it includes, its templates used, its profile laid over.
///
/// The order is always the same: included files, templates, the profile, and last of all what
/// `${env:…}` and `${file:…}` stand for, so that a profile can replace a variable that is not set.
package struct ComposedPipeline: Sendable {
    /// The pipeline as if it had been written in one file; nothing is substituted yet.
    package let node: Node
    /// Whether it says more or less than the file alone.
    package let isComposed: Bool
    /// The files that it includes.
    package let included: [YAMLSource]
    /// The names of its profiles, where they are declared.
    let profileNodes: [Node]
    /// The names of its profiles.
    package var profiles: [String] { profileNodes.compactMap(\.text) }
    /// The templates that stages come from, by the stages' numbers.
    let uses: [Int: TemplateExpansion.Use]
    /// Whether no stage is missing for an error that was said.
    let isComplete: Bool
    private let regions: [Region]

    /// Who says what stands in a stretch of a file.
    package enum Region: Sendable {
        /// A template, by its name.
        case template(String, SourceRange)
        /// The chosen profile, by its name.
        case profile(String, SourceRange)

        var range: SourceRange {
            switch self {
            case .template(_, let range), .profile(_, let range): range
            }
        }
    }

    /// The template or profile that a value stands in, if it stands in one.
    package func region(of range: SourceRange) -> Region? {
        regions.last { region in
            region.range.source.isSame(as: range.source)
                && region.range.start <= range.start && range.end <= region.range.end
        }
    }

    /// Composes a pipeline of a file's tree.
    package init(_ tree: Node, profile: String?, into diagnostics: inout DiagnosticBag) {
        var includes = IncludeReader()
        includes.read(tree)
        let parts = includes.parts
        var expansion = TemplateExpansion(parts.entries(.templates))
        expansion.expand(tree["stages"]?.sequence ?? [])
        diagnostics.add(contentsOf: expansion.diagnostics)
        var overlay = ProfileOverlay(
            parts.entries(.profiles),
            stages: expansion.stages,
            stagesAreComplete: expansion.isComplete && tree["stages"]?.sequence != nil
        )
        let chosen = profile.flatMap { overlay.profile($0, of: tree) }
        diagnostics.add(contentsOf: overlay.diagnostics)

        included = includes.sources
        profileNodes = parts.entries(.profiles).map(\.key)
        uses = expansion.uses
        isComplete = expansion.isComplete
        isComposed =
            ["include", "templates", "profiles"].contains { tree[$0] != nil }
            || (tree["stages"]?.sequence ?? []).contains(where: TemplateExpansion.isUse)
        // A file that says it all itself is checked by whoever reads it.
        if isComposed { diagnostics.add(contentsOf: includes.diagnostics) }
        var regions = expansion.templates.map { Region.template($0.key, $0.value.range) }
        if let profile, let chosen { regions.append(.profile(profile, chosen.range)) }
        self.regions = regions
        node =
            isComposed
            ? Self.node(tree, parts, stages: expansion.stages, overlay: chosen) : tree
    }

    private static func node(
        _ tree: Node,
        _ parts: ReusableParts,
        stages: [Node],
        overlay: Node?
    ) -> Node {
        var entries: [Mapping.Entry] = []
        for entry in tree.mapping?.entries ?? [] {
            switch entry.key.text {
            case "include", "templates", "profiles", "projections", "tests": continue
            case "stages" where entry.value.sequence != nil:
                let merged = ProfileOverlay.merged(stages: stages, overlay?["stages"])
                entries.append((entry.key, Node(kind: .sequence(merged), range: entry.value.range)))
            default: entries.append(entry)
            }
        }
        let projections = parts.entries(.projections)
        if let first = projections.first {
            let place = tree["projections"]?.range ?? beginning(of: first.value)
            entries.append(
                (
                    key("projections", tree, place),
                    Node(kind: .mapping(Mapping(entries: projections)), range: place)
                )
            )
        }
        if let first = parts.tests.first {
            let place = tree["tests"]?.range ?? beginning(of: first)
            entries.append(
                (key("tests", tree, place), Node(kind: .sequence(parts.tests), range: place))
            )
        }
        let base = Node(kind: .mapping(Mapping(entries: entries)), range: tree.range)
        guard let others = overlay?.mapping?.entries.filter({ $0.key.text != "stages" }),
            let range = overlay?.range
        else { return base }
        return ProfileOverlay.merged(
            base,
            Node(kind: .mapping(Mapping(entries: others)), range: range)
        )
    }

    /// A place of its own for what is made of a node and others.
    private static func beginning(of node: Node) -> SourceRange {
        SourceRange(source: node.range.source, at: node.range.start)
    }

    private static func key(_ name: String, _ tree: Node, _ place: SourceRange) -> Node {
        tree.mapping?.entry(name)?.key
            ?? Node(
                kind: .scalar(Scalar(text: name, isPlain: true)),
                range: SourceRange(source: place.source, at: place.start)
            )
    }
}
