internal import Events
internal import Pipeline
internal import Stages
internal import YAML

/// What a definition of the log asked of documents, as far as its text can still be read.
struct DefinitionInForce {
    let pipeline: PipelineDefined
    let outline: PipelineOutline?

    init(_ pipeline: PipelineDefined) {
        self.pipeline = pipeline
        outline = PipelineOutline(pipeline, environment: PipelineFile.environment)
    }

    /// The stages in order.
    var stages: [String] { pipeline.stages.map(\.stage) }

    /// The bounds within which a stage keeps documents; none where it has none, or they cannot be
    /// read.
    func bounds(of stage: String) -> [QualityRequirements.Bound] {
        guard let stage = outline?.stage(stage), stage.kind == CleanStage.kind.name,
            let built = stage.build(kinds: [CleanStage.kind], folder: ""),
            let clean = built.stage as? CleanStage
        else { return [] }
        return clean.options.requirements.bounds
    }

    /// The stages of a kind.
    func stages(ofKind kind: String) -> [PipelineOutline.Stage] {
        outline?.stages.filter { $0.kind == kind } ?? []
    }

    /// The similarity from which a deduplicate stage takes documents for the same; nil where it does
    /// not look for near-duplicates.
    func threshold(of stage: PipelineOutline.Stage) -> Double? {
        if stage.option("near") == "false" { return nil }
        return stage.option("near.threshold").flatMap(Double.init) ?? 0.8
    }

    /// Whether a stage comes after another.
    func stage(_ stage: String, comesAfter other: String) -> Bool {
        guard let one = stages.firstIndex(of: stage), let two = stages.firstIndex(of: other) else {
            return false
        }
        return one > two
    }
}
