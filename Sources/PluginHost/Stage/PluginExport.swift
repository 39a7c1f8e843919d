internal import Bytes
package import EventLog
internal import Events
package import Pipeline
package import YAML

/// An export that a plugin brings where it belongs (PROTOCOL.md §5.4).
package struct PluginExport: DeliveringExport {
    package let name: String
    package let path: String
    private let number: Int
    private let reference: PluginReference
    private let conversation: PluginConversation

    init(name: String, number: Int, reference: PluginReference) {
        self.name = name
        self.number = number
        self.reference = reference
        path = reference.folder ?? ""
        conversation = PluginConversation(with: reference)
    }

    package func measure(_ documents: inout [Document]) {
        for index in documents.indices where documents[index].isLive {
            documents[index].exports.append(RenderedRecord(stage: number, head: [], tail: []))
        }
    }

    package func check() async -> [Diagnostic] { reference.check() }

    package func close() async { await conversation.end() }

    package func deliver(_ documents: [Delivery]) async throws {
        let messages = documents.map(Self.message)
        let ids = documents.map { $0.document.id.rawValue }
        let (size, name) = (reference.manifest.needs.batch, reference.manifest.name)
        try await conversation.step { (session) throws(PluginFault) in
            for first in stride(from: 0, to: messages.count, by: size) {
                let part = first..<min(messages.count, first + size)
                let outcome = session.answers(to: Array(messages[part]), as: "documents")
                if let fault = outcome.fault {
                    let id = ids[first + outcome.answers.count]
                    throw PluginFault(fault.code, name, "document \(id): \(fault.message)")
                }
                for (offset, answer) in outcome.answers.enumerated() {
                    guard let error = answer["error"] else { continue }
                    throw PluginFault(
                        .document,
                        name,
                        "it refuses document \(ids[first + offset]):"
                            + " \(error["message"]?.text ?? "no reason given")"
                    )
                }
            }
            _ = try session.ask([CBORValue.Pair("type", .text("flush"))], for: "flushed")
        }
    }

    package func withdraw(_ positions: [EventPosition]) async throws {
        let list = positions.map { CBORValue.integer(Int($0.rawValue)) }
        try await conversation.step { (session) throws(PluginFault) in
            let message = [
                CBORValue.Pair("type", .text("withdraw")),
                CBORValue.Pair("positions", .array(list)),
            ]
            _ = try session.ask(message, for: "withdrawn")
            _ = try session.ask([CBORValue.Pair("type", .text("flush"))], for: "flushed")
        }
    }

    private static func message(_ delivery: Delivery) -> CBORValue {
        let found = delivery.document.enrichments.map { enrichment in
            CBORValue.Pair(enrichment.annotator, .array(enrichment.annotations.map(value)))
        }
        return .map(
            [CBORValue.Pair("position", .integer(Int(delivery.position.rawValue)))]
                + delivery.document.message
                + [
                    CBORValue.Pair("source", .text(delivery.document.origin.source)),
                    CBORValue.Pair("annotations", .map(found)),
                ]
        )
    }

    private static func value(_ annotation: Annotation) -> CBORValue {
        .map([
            CBORValue.Pair("id", .text(annotation.id)),
            CBORValue.Pair("label", .text(annotation.label)),
            CBORValue.Pair("spans", spans(annotation.spans)),
            CBORValue.Pair("title_spans", spans(annotation.titleSpans)),
            CBORValue.Pair("fields", .map(annotation.fields)),
        ])
    }

    private static func spans(_ spans: [ByteSpan]) -> CBORValue {
        .array(spans.map { .array([.integer($0.start), .integer($0.end)]) })
    }
}
