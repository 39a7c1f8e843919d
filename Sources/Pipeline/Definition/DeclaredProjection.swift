package import YAML

/// A projection that a pipeline declares: over documents, over an annotator's findings, a plugin's.
package struct DeclaredProjection: Sendable {
    /// What it answers.
    package enum Kind: String, Sendable, CaseIterable {
        /// Which documents hold each thing.
        case index
        /// How many documents hold each thing.
        case count
        /// Which things most documents hold.
        case top
        /// Which two things stand in one document.
        case pairs
        /// What a plugin says.
        case plugin
    }

    /// A name of an annotator or a field, and where it stands.
    package struct Name: Sendable {
        /// The name.
        package let text: String
        /// Its place.
        package let node: Node
    }

    /// A value, as written and as what it means.
    package struct Literal: Sendable {
        /// As it is written.
        package let text: String
        /// The number that it is, if it is one.
        package let number: Double?
    }

    /// What must hold of a field.
    package indirect enum Test: Sendable {
        /// It has one of these values.
        case equals([Literal])
        /// It is on these sides of these values: `>=`, `>`, `<=`, `<`.
        case compares([(side: String, literal: Literal)])
        /// It has a value.
        case exists
        /// It has none.
        case missing
        /// The other test does not hold.
        case not(Test)
    }

    /// A field, and what must hold of it.
    package struct Condition: Sendable {
        /// The field.
        package let field: Name
        /// What must hold.
        package let test: Test
    }

    /// Its name.
    package let name: String
    /// What it answers.
    package let kind: Kind
    /// The annotators whose findings it reads, or `documents`.
    package var subjects: [Name] = []
    /// The fields that it is grouped by.
    package var fields: [Name] = []
    /// The fields of which each value has an answer of its own.
    package var per: [Name] = []
    /// What must hold of documents and findings.
    package var conditions: [Condition] = []
    /// How many groups it shows, where that is said.
    package var top: Int?
    /// How many documents a group has at least.
    package var atLeast = 1
    /// Where it is declared.
    package let place: Node
    /// What a plugin is named and told by, where it is one.
    package var plugin: Node?
    /// The pipeline's annotators and the fields of what they find, nil where any can be; no
    /// annotators at all where the stages were not built.
    package var vocabulary: [String: [String]?]?

    /// What stands for all documents in the place of an annotator.
    package static let documents = "documents"

    /// The same, of which the plugin is not known.
    var withoutPlugin: DeclaredProjection {
        var projection = self
        projection.plugin = nil
        return projection
    }

    init(name: String, kind: Kind, place: Node) {
        self.name = name
        self.kind = kind
        self.place = place
    }

    /// The annotator whose findings it reads; the plugin's name, where it is a plugin.
    package var annotator: String {
        plugin.map { $0.text ?? $0["name"]?.text ?? "" } ?? subjects.first?.text ?? ""
    }

    /// What it is grouped by.
    package var by: [String] { fields.map(\.text) }
}
