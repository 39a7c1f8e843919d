internal import Pipeline
internal import YAML

/// Reads the topics dictionary and everything that is wrong with it.
struct TopicDictionaryReader {
    private struct Entry {
        var topic: TopicDictionary.Topic
        var broader: Node?
        var terms: [Mapping.Entry]
    }

    private var dictionary = TopicDictionary()
    private var table = PhraseTable.Builder()
    private var ids = DictionaryIDs("topic")

    /// Reads an annotator's options and its dictionary; nil after errors were reported.
    static func read(_ node: Node, _ context: inout StageContext) -> TopicDictionary? {
        let file = DictionaryFile.open(node, annotator: TopicsAnnotator.name, &context) { reader in
            reader.optionalDouble("threshold", in: 0...1_000)
        }
        return file.flatMap { read(root: $0.root, threshold: $0.options, &context) }
    }

    /// Reads a dictionary's tree, with a threshold in place of its own; nil after errors were
    /// reported.
    static func read(
        root: Node,
        threshold: Double? = nil,
        _ context: inout StageContext
    ) -> TopicDictionary? {
        DictionaryFile.read(root, annotator: TopicsAnnotator.name, &context) { reader in
            var topics = TopicDictionaryReader()
            return topics.read(&reader, threshold: threshold)
        }
    }

    private mutating func read(
        _ reader: inout FieldReader,
        threshold: Double?
    ) -> TopicDictionary {
        let declared = reader.double("threshold", in: 0...1_000)
        dictionary.threshold = threshold ?? declared
        dictionary.longText = reader.quantity(
            "long_text",
            unit: "words",
            in: 0...1_000_000,
            default: 0
        )
        let entries = reader.nodes("topics").map { node in
            reader.nested(node, context: "topic \"\(node["id"]?.text ?? "?")\"") { entry in
                self.entry(node, &entry)
            }
        }
        for entry in entries {
            guard let node = entry.broader, let id = entry.topic.broader else { continue }
            _ = ids.number(id, at: node, &reader)
        }
        for entry in entries.sorted(by: { $0.topic.id < $1.topic.id }) {
            add(entry.terms, topic: dictionary.topics.count, &reader)
            dictionary.topics.append(entry.topic)
        }
        dictionary.table = table.build()
        table = PhraseTable.Builder()
        return dictionary
    }

    private mutating func entry(_ node: Node, _ reader: inout FieldReader) -> Entry {
        let id = reader.string("id")
        ids.add(id, at: node["id"] ?? node, &reader)
        let topic = TopicDictionary.Topic(
            id: id,
            label: reader.string("label"),
            broader: reader.optionalString("broader")
        )
        _ = reader.optionalString("iptc")
        _ = reader.choice("kind", of: ["place", "subject"])
        let terms = reader.mapping("terms") { $0.entries() } ?? []
        if let node = node["terms"], terms.isEmpty, node.mapping != nil {
            reader.error(
                "dictionary.empty",
                "the topic \"\(id)\" has no terms and is found in no text",
                at: node,
                hint: "add a term and its weight, or remove the topic"
            )
        }
        return Entry(topic: topic, broader: node["broader"], terms: terms)
    }

    private mutating func add(
        _ entries: [Mapping.Entry],
        topic: Int,
        _ reader: inout FieldReader
    ) {
        for (key, value) in entries {
            let term = key.text ?? ""
            let weight = reader.scalar(
                value,
                subject: "the weight of \"\(term)\"",
                .double(in: 0...1_000)
            )
            table.add(term, payload: dictionary.terms.count, at: key, &reader)
            dictionary.terms.append(TopicDictionary.Term(topic: topic, weight: weight ?? 0))
        }
    }
}
