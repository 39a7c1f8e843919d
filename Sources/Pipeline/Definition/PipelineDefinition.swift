package import Events

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
    /// How many documents of a run may fail; nil where none should, and none ends the run.
    package internal(set) var errorBudget: ErrorBudget?
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
