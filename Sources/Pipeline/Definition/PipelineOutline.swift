package import Events
package import YAML

/// What the text of a definition says of its stages, read without building them: a definition of the
/// log may name files and plugins that are no longer there.
package struct PipelineOutline: Sendable {
    /// A stage as the text has it.
    package struct Stage: Sendable {
        /// Its name in the pipeline: its kind, with a number where a kind occurs twice.
        package let name: String
        /// Its kind.
        package let kind: String
        /// Its options.
        package let options: Node

        /// States a stage.
        package init(name: String, kind: String, options: Node) {
            self.name = name
            self.kind = kind
            self.options = options
        }
    }

    /// An option of a stage, by the keys that lead to it: `require.words`.
    package struct Option: Sendable, Equatable {
        /// The keys with points between them.
        package let path: String
        /// What stands there.
        package let value: String
    }

    /// The stages in order.
    package let stages: [Stage]

    /// Reads a definition's text.
    ///
    /// - Returns: nil if it is no YAML, or its stages are not those that the definition names, as
    ///   when they came from other files.
    package init?(_ definition: PipelineDefined, environment: [String: String] = [:]) {
        let source = YAMLSource(name: "pipeline", text: definition.yaml)
        guard let tree = try? YAMLParser.parse(source) else { return nil }
        var ignored = DiagnosticBag()
        let root = Substitution.apply(
            to: tree,
            environment: environment,
            into: &ignored
        )
        var stages: [Stage] = []
        var counts: [String: Int] = [:]
        for node in root["stages"]?.sequence ?? [] {
            guard let mapping = node.mapping, mapping.count == 1, let entry = mapping.entries.first,
                let kind = entry.key.text
            else { return nil }
            counts[kind, default: 0] += 1
            let count = counts[kind, default: 1]
            let name = count == 1 ? kind : "\(kind)-\(count)"
            stages.append(Stage(name: name, kind: kind, options: entry.value))
        }
        guard stages.map(\.name) == definition.stages.map(\.stage) else { return nil }
        self.stages = stages
    }

    /// The stage of a name.
    package func stage(_ name: String) -> Stage? { stages.first { $0.name == name } }
}

extension PipelineOutline.Stage {
    /// Its options one by one.
    package var list: [PipelineOutline.Option] {
        var list: [PipelineOutline.Option] = []
        Self.collect(options, "", into: &list)
        return list
    }

    /// What stands at a path such as `near.threshold`.
    package func option(_ path: String) -> String? { list.first { $0.path == path }?.value }

    private static func collect(
        _ node: Node,
        _ path: String,
        into list: inout [PipelineOutline.Option]
    ) {
        func below(_ key: String) -> String { path.isEmpty ? key : path + "." + key }
        switch node.kind {
        case .scalar(let scalar):
            // What the environment put in may be a secret.
            let value = scalar.isSubstituted ? "…" : scalar.text
            list.append(PipelineOutline.Option(path: path, value: value))
        case .mapping(let mapping):
            for entry in mapping.entries {
                collect(entry.value, below(entry.key.text ?? "?"), into: &list)
            }
        case .sequence(let items):
            let texts = items.compactMap(\.text)
            if texts.count == items.count {
                let value = "[" + texts.joined(separator: ", ") + "]"
                list.append(PipelineOutline.Option(path: path, value: value))
                return
            }
            for (number, item) in items.enumerated() {
                // A list of one-key mappings reads as the mapping that it stands for.
                let isNamed = item.mapping?.count == 1
                collect(item, isNamed ? path : below("\(number + 1)"), into: &list)
            }
        }
    }
}

/// What is another in one definition than in an earlier one.
package struct StageChange: Sendable, Equatable {
    /// How a stage changed.
    package enum Kind: Sendable, Equatable {
        /// It was not there before.
        case added
        /// It is no longer there.
        case left
        /// Other options: each with what it was and what it is, nil for none.
        case options([Change])
        /// The same options: a dictionary, a plugin or the program itself is another.
        case resources
        /// One of the texts cannot be read.
        case unknown
    }

    /// An option that is another.
    package struct Change: Sendable, Equatable {
        /// The keys that lead to it.
        package let path: String
        /// What it was.
        package let before: String?
        /// What it is.
        package let after: String?
    }

    /// The stage.
    package let stage: String
    /// How it changed.
    package let kind: Kind

    /// Compares two definitions, stage by stage, by their fingerprints.
    package static func between(
        _ before: PipelineDefined,
        _ after: PipelineDefined
    ) -> [StageChange] {
        guard before.stages != after.stages else { return [] }
        let (old, new) = (PipelineOutline(before), PipelineOutline(after))
        var changes: [StageChange] = []
        for stage in after.stages {
            guard let earlier = before.stages.first(where: { $0.stage == stage.stage }) else {
                changes.append(StageChange(stage: stage.stage, kind: .added))
                continue
            }
            guard earlier.fingerprint != stage.fingerprint else { continue }
            let kind = kind(old?.stage(stage.stage), new?.stage(stage.stage))
            changes.append(StageChange(stage: stage.stage, kind: kind))
        }
        for stage in before.stages
        where !after.stages.contains(where: { $0.stage == stage.stage }) {
            changes.append(StageChange(stage: stage.stage, kind: .left))
        }
        return changes
    }

    private static func kind(
        _ before: PipelineOutline.Stage?,
        _ after: PipelineOutline.Stage?
    ) -> Kind {
        guard let before, let after else { return .unknown }
        let (old, new) = (before.list, after.list)
        var changes: [Change] = []
        for option in new {
            let was = old.first { $0.path == option.path }?.value
            if was != option.value {
                changes.append(Change(path: option.path, before: was, after: option.value))
            }
        }
        for option in old where !new.contains(where: { $0.path == option.path }) {
            changes.append(Change(path: option.path, before: option.value, after: nil))
        }
        return changes.isEmpty ? .resources : .options(changes)
    }
}
