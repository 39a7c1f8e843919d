package import YAML

/// What a plugin's `plugin.yaml` says (PROTOCOL.md §1).
package struct PluginManifest: Sendable {
    /// The protocol that we speak.
    package static let protocolVersion = 1
    /// The manifest's name in a plugin's folder.
    package static let fileName = "plugin.yaml"

    /// What a plugin is for.
    package enum Kind: String, Sendable, CaseIterable {
        /// It makes documents of sources.
        case reader
        /// It changes or drops documents.
        case clean
        /// It finds something in them.
        case enrich
        /// It brings them elsewhere.
        case exporter
        /// It answers questions about events.
        case projection
    }

    /// Whether asking again gives the same.
    package enum Determinism: String, Sendable, CaseIterable {
        /// The same document and options give the same answer.
        case pure
        /// Not so: an answer is recorded, and never asked for twice.
        case recorded
    }

    /// What it asks of the host.
    package struct Needs: Sendable, Equatable {
        /// Whether it asks for the network.
        package var network = false
        /// Files and folders that it asks to read, beside its own.
        package var read: [String] = []
        /// Memory of all its processes, in MiB.
        package var mebibytes = 512
        /// The time for a batch.
        package var seconds = 30.0
        /// Documents a batch, at most.
        package var batch = 64
    }

    /// The plugin's folder.
    package let folder: String
    /// Its name.
    package let name: String
    /// Counts up whenever its answers change.
    package let version: String
    /// What it is for.
    package let kind: Kind
    /// What it does, in a sentence.
    package let summary: String
    /// The program and its arguments.
    package let command: [String]
    /// Whether asking again gives the same.
    package let determinism: Determinism
    /// The types of the events that it appends.
    package let events: [String]
    /// The types of the events that it folds.
    package let consumes: [String]
    /// The JSON Schema of its options, as it stands in the file; nil if it takes none.
    package let options: Node?
    /// What it asks of the host.
    package let needs: Needs

    /// Reads a plugin's manifest, or says everything that is wrong with it.
    package static func read(
        _ folder: String,
        into diagnostics: inout DiagnosticBag
    ) -> PluginManifest? {
        do {
            let source = try YAMLSource.read(folder + "/" + fileName)
            let tree = try YAMLParser.parse(source)
            var problems = DiagnosticBag()
            let manifest = FieldReader.read(tree, context: "plugin.yaml", into: &problems) {
                PluginManifest(folder, &$0)
            }
            diagnostics.add(contentsOf: problems)
            return problems.hasErrors ? nil : manifest
        } catch {
            diagnostics.add(error)
            return nil
        }
    }

    private init(_ folder: String, _ reader: inout FieldReader) {
        self.folder = folder
        name = reader.string("plugin")
        version = reader.string("version")
        let number = reader.integer("protocol", in: 1...1_000_000)
        kind = Kind(rawValue: reader.choice("kind", of: Kind.allCases.map(\.rawValue))) ?? .enrich
        summary = reader.string("summary", default: "")
        command = reader.strings("command")
        determinism = reader.choice("determinism", default: .recorded)
        events = reader.strings("events", default: [])
        consumes = reader.strings("consumes", default: [])
        options = reader.optionalNode("options")
        needs = reader.optionalMapping("needs") { Self.needs(&$0) } ?? Needs()
        check(number, &reader)
    }

    private func check(_ number: Int, _ reader: inout FieldReader) {
        if let place = reader.optionalNode("plugin"), !Self.isName(name) {
            reader.error(
                "plugin.name",
                "this cannot name a plugin",
                at: place,
                expected: "at most 64 lower-case letters, digits and hyphens, a letter first"
            )
        }
        if let place = reader.optionalNode("protocol"), number != Self.protocolVersion {
            reader.error(
                "plugin.protocol",
                "the plugin speaks protocol \(number)",
                at: place,
                expected: "\(Self.protocolVersion)",
                hint: "use a version of the plugin, or of annals, that fits"
            )
        }
        if let place = reader.optionalNode("command"), command.isEmpty {
            reader.error(
                "plugin.command",
                "the command is empty",
                at: place,
                expected: "a program and its arguments"
            )
        }
    }

    private static func needs(_ reader: inout FieldReader) -> Needs {
        var needs = Needs()
        needs.network = reader.bool("network", default: needs.network)
        needs.read = reader.strings("read", default: needs.read)
        needs.mebibytes = reader.quantity(
            "memory",
            unit: "MiB",
            in: 1...1_048_576,
            default: needs.mebibytes
        )
        needs.seconds = reader.double("seconds", in: 0.01...86_400, default: needs.seconds)
        needs.batch = reader.integer("batch", in: 1...256, default: needs.batch)
        return needs
    }

    /// Whether a text can name a plugin: it is a part of event types, paths and messages.
    static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, (0x61...0x7A).contains(first) else { return false }
        return text.utf8.count <= 64
            && text.utf8.allSatisfy {
                (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D
            }
    }
}
