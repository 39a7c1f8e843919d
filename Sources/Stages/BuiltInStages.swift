package import Pipeline
internal import PluginHost

/// The kinds of stages that Annals brings along.
package enum BuiltInStages {
    /// Every kind, in the order in which a document usually meets them.
    package static let kinds: [StageKind] = [
        IngestStage.kind,
        CleanStage.kind,
        DeduplicateStage.kind,
        EnrichStage.kind,
        PluginStage.kind,
        ExportKind.kind,
    ]
}
