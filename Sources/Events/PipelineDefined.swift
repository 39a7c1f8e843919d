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
        /// The same without the options by which it decides on what it measured; "" if not stated.
        package var measurement: String
        /// The files that it was built with.
        package var resources: [Resource]

        /// Joins a stage and its fingerprint.
        package init(
            stage: String,
            fingerprint: String,
            measurement: String = "",
            resources: [Resource] = []
        ) {
            self.stage = stage
            self.fingerprint = fingerprint
            self.measurement = measurement
            self.resources = resources
        }
    }

    /// A file that determines a stage's results, such as a dictionary.
    package struct Resource: Sendable, Equatable {
        /// Its path as the pipeline names it.
        package var path: String
        /// SHA-256 of its bytes, in hexadecimal.
        package var sha256: String
        /// A short hash of each of its entries, by the entry's id, so that two of them can be
        /// compared; empty for a file that is no list of entries.
        package var entries: [String: String]

        /// States a file.
        package init(path: String, sha256: String, entries: [String: String]) {
            self.path = path
            self.sha256 = sha256
            self.entries = entries
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
        for stage in stages { stage.encode(into: &writer) }
    }

    package init(cbor: Span<UInt8>) throws(CBORError) {
        let tree = try CBORValue(decoding: cbor)
        name = try required(tree["name"]?.text, "name")
        yaml = try required(tree["yaml"]?.text, "yaml")
        stages = []
        for item in try required(tree["stages"]?.array, "stages") {
            stages.append(try StageFingerprint(item))
        }
    }
}

extension PipelineDefined.StageFingerprint {
    fileprivate func encode(into writer: inout CBORWriter) {
        writer.map(2 + (measurement.isEmpty ? 0 : 1) + (resources.isEmpty ? 0 : 1))
        writer.text("stage")
        writer.text(stage)
        if !resources.isEmpty {
            writer.text("resources")
            writer.array(resources.count)
            for resource in resources { resource.encode(into: &writer) }
        }
        writer.text("fingerprint")
        writer.text(fingerprint)
        if !measurement.isEmpty {
            writer.text("measurement")
            writer.text(measurement)
        }
    }

    fileprivate init(_ value: CBORValue) throws(CBORError) {
        stage = try required(value["stage"]?.text, "stage")
        fingerprint = try required(value["fingerprint"]?.text, "fingerprint")
        measurement = value["measurement"]?.text ?? ""
        resources = []
        for item in value["resources"]?.array ?? [] {
            resources.append(try PipelineDefined.Resource(item))
        }
    }
}

extension PipelineDefined.Resource {
    fileprivate func encode(into writer: inout CBORWriter) {
        writer.map(3)
        writer.text("path")
        writer.text(path)
        writer.text("sha256")
        writer.text(sha256)
        writer.text("entries")
        let pairs = entries.map { CBORValue.Pair($0.key, .text($0.value)) }
        CBORValue.map(pairs.inCBOROrder()).encode(into: &writer)
    }

    fileprivate init(_ value: CBORValue) throws(CBORError) {
        path = try required(value["path"]?.text, "path")
        sha256 = try required(value["sha256"]?.text, "sha256")
        entries = [:]
        for pair in value["entries"]?.pairs ?? [] { entries[pair.key] = pair.value.text ?? "" }
    }
}
