package import Bytes

/// A pipeline's definition, appended when it differs from the store's last one.
package struct PipelineDefined: EventPayload, Equatable {
    package static let type = EventType.pipelineDefined

    /// A stage and what determines its results.
    package struct StageFingerprint: Sendable, Equatable {
        /// The stage's name in this pipeline.
        package var stage: String
        /// SHA-256 over its kind, version, options and resource files, in hexadecimal.
        package var fingerprint: String

        /// Joins a stage and its fingerprint.
        package init(stage: String, fingerprint: String) {
            self.stage = stage
            self.fingerprint = fingerprint
        }
    }

    /// The pipeline's name.
    package var name: String
    /// The file's text.
    package var yaml: String
    /// The stages in order.
    package var stages: [StageFingerprint]

    /// States a definition.
    package init(name: String, yaml: String, stages: [StageFingerprint]) {
        self.name = name
        self.yaml = yaml
        self.stages = stages
    }

    package func encode(into writer: inout CBORWriter) {
        writer.map(3)
        writer.text("name")
        writer.text(name)
        writer.text("yaml")
        writer.text(yaml)
        writer.text("stages")
        writer.array(stages.count)
        for stage in stages {
            writer.map(2)
            writer.text("stage")
            writer.text(stage.stage)
            writer.text("fingerprint")
            writer.text(stage.fingerprint)
        }
    }

    package init(cbor: Span<UInt8>) throws(CBORError) {
        let tree = try CBORValue(decoding: cbor)
        name = try required(tree["name"]?.text, "name")
        yaml = try required(tree["yaml"]?.text, "yaml")
        stages = []
        for item in try required(tree["stages"]?.array, "stages") {
            stages.append(
                StageFingerprint(
                    stage: try required(item["stage"]?.text, "stage"),
                    fingerprint: try required(item["fingerprint"]?.text, "fingerprint")
                )
            )
        }
    }
}
