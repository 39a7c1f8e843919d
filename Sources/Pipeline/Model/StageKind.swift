package import Events
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
    /// Options by which it decides on what it measured, such as thresholds: where these alone have
    /// changed, what was recorded is decided on anew.
    package let decisionOptions: Set<String>
    /// What its options look like as a whole.
    package let form: OptionForm
    /// Builds the stage from its options, or reports why not.
    package let build: @Sendable (Node, inout StageContext) -> (any Stage)?

    /// What the options of a kind look like as a whole; the rest is told by what is asked for
    /// while they are read.
    package enum OptionForm: Sendable {
        /// A mapping.
        case fields
        /// A list of items, each one name with its options; and plugins of a kind.
        case list([Item], plugins: String)
        /// What names a plugin of one of these kinds.
        case plugin([String])
    }

    /// A part that a stage's list may name.
    package struct Item: Sendable {
        /// The key in YAML.
        package let name: String
        /// Reads its options, whatever they are.
        package let read: @Sendable (Node, inout StageContext) -> Void

        /// Declares a part.
        package init(
            name: String,
            read: @escaping @Sendable (Node, inout StageContext) -> Void
        ) {
            self.name = name
            self.read = read
        }
    }

    /// Declares a kind.
    package init(
        name: String,
        summary: String,
        version: Int,
        form: OptionForm = .fields,
        incidentalOptions: Set<String> = [],
        decisionOptions: Set<String> = [],
        build: @escaping @Sendable (Node, inout StageContext) -> (any Stage)?
    ) {
        self.name = name
        self.summary = summary
        self.version = version
        self.form = form
        self.incidentalOptions = incidentalOptions
        self.decisionOptions = decisionOptions
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
    /// The resource files read, in order.
    package private(set) var resources: [PipelineDefined.Resource] = []
    /// The paths of the files that were to be read, also where they could not.
    package private(set) var files: [String] = []
    /// The files that the pipeline includes, by name: what they name is relative to them.
    package var included: Set<String> = []
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

    /// Reads a YAML file that a stage's option names, relative to the pipeline's folder, or to the
    /// included file that names it.
    ///
    /// - Returns: its tree, or nil after the reason was reported.
    package mutating func resource(_ path: String, named node: Node) -> Node? {
        let source = node.range.source
        let near = path.hasPrefix("/") || folder.isEmpty ? path : folder + "/" + path
        let full = included.contains(source.name) ? source.path(of: path) : near
        files.append(full)
        do {
            let source = try YAMLSource.read(full)
            let digest = ResourceDigest.of(source.bytes)
            resourceDigests.append(digest)
            let tree = try YAMLParser.parse(source)
            resources.append(
                PipelineDefined.Resource(
                    path: path,
                    sha256: digest,
                    entries: ResourceDigest.entries(of: tree)
                )
            )
            return tree
        } catch {
            diagnostics.add(error)
            diagnostics.error(
                "stage.resource",
                "\(name) cannot use '\(path)'",
                at: node,
                hint: "the path is relative to the file that names it"
            )
        }
        return nil
    }
}
