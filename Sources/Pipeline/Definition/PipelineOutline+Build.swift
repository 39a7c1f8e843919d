internal import Events
internal import YAML

extension PipelineOutline.Stage {
    /// A stage that was built from a definition of the log.
    package struct Built {
        /// The stage, with no pipeline around it.
        package let stage: any Stage
        /// The fingerprint that it has now: another than the log's if a file that it reads changed.
        package let fingerprint: String
    }

    /// Builds the stage as it would be built now, to ask it something.
    ///
    /// - Parameters:
    ///   - kinds: the stages that there are.
    ///   - folder: the pipeline file's folder, to which dictionaries are relative.
    ///   - number: its number in the pipeline.
    /// - Returns: nil if something that it needs is not there.
    package func build(kinds: [StageKind], folder: String, number: Int = 1) -> Built? {
        guard let kind = kinds.first(where: { $0.name == self.kind }) else { return nil }
        var context = StageContext(
            name: name,
            number: number,
            folder: folder,
            diagnostics: DiagnosticBag()
        )
        let (stage, fingerprint) = StageFingerprinter.build(kind, options, &context)
        return stage.map { Built(stage: $0, fingerprint: fingerprint.fingerprint) }
    }
}
