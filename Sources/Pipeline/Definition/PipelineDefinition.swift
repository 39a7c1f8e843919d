package import Events
package import YAML

/// A pipeline that was read, checked and built.
package struct PipelineDefinition: Sendable {
    /// Its name.
    package let name: String
    /// The file's folder: plugins and dictionaries are relative to it.
    package let folder: String
    /// What it is for.
    package let description: String?
    /// The store's folder relative to the working folder.
    package let store: String
    /// The file's text.
    package let yaml: String
    /// The stage that reads.
    package internal(set) var source: any SourceStage
    /// All stages in order, the reading one first.
    package internal(set) var stages: [any Stage]
    /// The fingerprint of each stage.
    package let fingerprints: [PipelineDefined.StageFingerprint]
    /// The declared projections.
    package let projections: [DeclaredProjection]
    /// The tests that the file brings along.
    package let tests: [PipelineTest]

    /// The stages that write files, with their numbers.
    package var exports: [(number: Int, stage: any ExportStage)] {
        stages.enumerated().compactMap { number, stage in
            (stage as? any ExportStage).map { (number, $0) }
        }
    }
}

/// A projection that a pipeline declares over an annotator's findings.
package struct DeclaredProjection: Sendable {
    /// What it answers.
    package enum Kind: String, Sendable {
        /// Which documents hold each thing.
        case index
        /// How many documents hold each thing.
        case count
        /// What a plugin says.
        case plugin
    }

    /// Its name.
    package let name: String
    /// What it answers.
    package let kind: Kind
    /// The annotator whose findings it reads; the plugin's name, where it is a plugin.
    package let annotator: String
    /// What it is grouped by.
    package let by: [String]
    /// Where it is declared.
    package let place: Node
    /// What a plugin is named and told by, where it is one.
    package let plugin: Node?

    init(
        name: String,
        kind: Kind,
        annotator: String,
        by: [String],
        place: Node,
        plugin: Node? = nil
    ) {
        self.name = name
        self.kind = kind
        self.annotator = annotator
        self.by = by
        self.place = place
        self.plugin = plugin
    }
}
