package import Bytes

/// A plugin answered to a document, in a way that asking again might not give: the answer is the
/// event's content, CBOR, and is taken from there ever after.
package struct PluginAnswered: EventPayload, Equatable {
    package static let type = EventType.pluginAnswered

    /// The plugin's name.
    package var plugin: String
    /// SHA-256, in hexadecimal, of all that determines the answer: the plugin's digest, its options,
    /// the document as it was shown.
    package var question: String

    /// States an answer.
    package init(plugin: String, question: String) {
        self.plugin = plugin
        self.question = question
    }

    package func encode(into writer: inout CBORWriter) {
        writer.map(2)
        writer.text("plugin")
        writer.text(plugin)
        writer.text("question")
        writer.text(question)
    }

    package init(cbor: Span<UInt8>) throws(CBORError) {
        var reader = CBORReader(cbor)
        var plugin: String?
        var question: String?
        try reader.eachKey { (key, reader) throws(CBORError) in
            switch key {
            case "plugin": plugin = try reader.text()
            case "question": question = try reader.text()
            default: try reader.skip()
            }
        }
        self.plugin = try required(plugin, "plugin")
        self.question = try required(question, "question")
    }
}
