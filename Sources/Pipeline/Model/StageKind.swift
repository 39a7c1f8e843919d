package import YAML

/// A kind of stage as pipelines name it: declared once, from which checks and help are derived.
package struct StageKind: Sendable {
    /// The key in YAML.
    package let name: String
    /// What it does, in a sentence.
    package let summary: String
    /// Counts up when the same options would give other results.
    package let version: Int
    /// Options that do not determine what a stage says of a document, such as where it is read;
    /// `plugin/instances` is the option `instances` below `plugin`, in whatever lists that stands.
    package let incidentalOptions: Set<String>
    /// Builds the stage from its options, or reports why not.
    package let build: @Sendable (Node, inout StageContext) -> (any Stage)?

    /// Declares a kind.
    package init(
        name: String,
        summary: String,
        version: Int,
        incidentalOptions: Set<String> = [],
        build: @escaping @Sendable (Node, inout StageContext) -> (any Stage)?
    ) {
        self.name = name
        self.summary = summary
        self.version = version
        self.incidentalOptions = incidentalOptions
        self.build = build
    }
}

/// What a stage is built with, besides its options.
package struct StageContext: Sendable {
    /// The stage's name in this pipeline.
    package let name: String
    /// The stage's number in this pipeline, from 0.
    package let number: Int
    /// The pipeline file's folder: dictionaries are relative to it.
    package let folder: String
    /// The annotators of the stages so far, in order; an enriching stage adds its own.
    package var annotators: [String] = []
    /// The fields of what an annotator of this stage finds, where they are known; a plugin's are not.
    package var annotationFields: [String: [String]] = [:]
    /// What is wrong so far.
    package var diagnostics: DiagnosticBag
    /// SHA-256 of each resource file read, in order: part of the stage's fingerprint.
    package private(set) var resourceDigests: [String] = []
    /// Takes what a part of the stage has to say while it works: who, how much it matters, what.
    package let log: Log

    /// Where lines of the run's log go.
    package typealias Log = @Sendable (_ source: String, _ level: String?, _ text: String) -> Void

    /// Makes a context.
    package init(
        name: String,
        number: Int,
        folder: String,
        diagnostics: DiagnosticBag,
        log: @escaping Log = { _, _, _ in }
    ) {
        self.name = name
        self.number = number
        self.folder = folder
        self.diagnostics = diagnostics
        self.log = log
    }

    /// Adds the digest of something else that determines the stage's results.
    package mutating func dependsOn(digest: String) {
        resourceDigests.append(digest)
    }

    /// Reads a YAML file that a stage's option names, relative to the pipeline's folder.
    ///
    /// - Returns: its tree, or nil after the reason was reported.
    package mutating func resource(_ path: String, named node: Node) -> Node? {
        let full = path.hasPrefix("/") ? path : folder.isEmpty ? path : folder + "/" + path
        do {
            let source = try YAMLSource.read(full)
            resourceDigests.append(ResourceDigest.of(source.bytes))
            return try YAMLParser.parse(source)
        } catch {
            diagnostics.add(error)
            diagnostics.error(
                "stage.resource",
                "\(name) cannot use '\(path)'",
                at: node,
                hint: "the path is relative to the pipeline file"
            )
        }
        return nil
    }
}
