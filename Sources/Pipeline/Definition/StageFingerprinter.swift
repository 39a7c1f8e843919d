internal import Bytes
internal import Events
internal import YAML

/// Hashes everything that determines a stage's result.
enum StageFingerprinter {
    /// Builds a stage, and hashes what its results follow from: SHA-256, in hexadecimal, over kind,
    /// version, options and the digests of resource files.
    ///
    /// Options count as they take effect: comments, order of keys, way of quoting and defaults that
    /// are written do not matter. Of a secret its path counts, never what it is: another key to the
    /// same service does the same work, and nothing about it can be guessed from the log.
    static func build(
        _ kind: StageKind,
        _ options: Node,
        _ context: inout StageContext
    ) -> (stage: (any Stage)?, fingerprint: PipelineDefined.StageFingerprint) {
        let recorder = FieldRecorder()
        let stage = recorder.recording { kind.build(options, &context) }
        for reading in recorder.readings { FieldRecorder.current?.add(reading) }
        let readings = FieldReadings(recorder.readings)
        let incidental = kind.incidentalOptions
        let all = EffectiveOptions(readings, ignoring: incidental)
        let measured = EffectiveOptions(
            readings,
            ignoring: incidental.union(kind.decisionOptions)
        )
        let fingerprint = PipelineDefined.StageFingerprint(
            stage: context.name,
            fingerprint: digest(kind, all.value(of: options), context),
            measurement: digest(kind, measured.value(of: options), context),
            resources: context.resources
        )
        return (stage, fingerprint)
    }

    private static func digest(
        _ kind: StageKind,
        _ options: CBORValue,
        _ context: StageContext
    ) -> String {
        let value = CBORValue.map([
            CBORValue.Pair("kind", .text(kind.name)),
            CBORValue.Pair("options", options),
            CBORValue.Pair("version", .integer(kind.version)),
            CBORValue.Pair("resources", .array(context.resourceDigests.map { .text($0) })),
        ])
        return SHA256.hash(value.encoded.span).description
    }
}
