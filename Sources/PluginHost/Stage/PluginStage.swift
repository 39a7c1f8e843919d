internal import Bytes
internal import Events
package import Pipeline

/// A stage whose work a plugin does.
package struct PluginStage: Stage {
    package let name: String
    private let number: Int
    private let manifest: PluginManifest
    private let pool: PluginPool

    init(name: String, number: Int, manifest: PluginManifest, pool: PluginPool) {
        self.name = name
        self.number = number
        self.manifest = manifest
        self.pool = pool
    }

    package func measure(_ documents: inout [Document]) async throws {
        let live = documents.indices.filter { documents[$0].isLive }
        guard !live.isEmpty else { return }
        let answers = try await pool.answers(to: live.map { Self.message(documents[$0]) })
        for (index, answer) in zip(live, answers) {
            switch answer {
            case .success(let value): apply(value, to: &documents[index])
            case .failure(let fault): fail(&documents[index], fault.code, fault.message)
            }
        }
    }

    package func close() async { await pool.shutDown() }

    /// A document as a plugin is shown it.
    private static func message(_ document: Document) -> CBORValue {
        let fields = document.fields
        let texts: [(String, String?)] = [
            ("title", fields.title), ("author", fields.byline), ("dateline", fields.dateline),
            ("caption", fields.caption), ("credit", fields.credit), ("agency", fields.agency),
            ("published", fields.published?.description),
        ]
        var known = texts.compactMap { key, text in
            text.map { CBORValue.Pair(key, .text($0)) }
        }
        if !fields.tags.isEmpty {
            known.append(CBORValue.Pair("tags", .array(fields.tags.map { .text($0) })))
        }
        return .map([
            CBORValue.Pair("id", .text(document.id.rawValue)),
            CBORValue.Pair("text", .text(String(decoding: document.body, as: UTF8.self))),
            CBORValue.Pair("fields", .map(known)),
            CBORValue.Pair("metadata", document.metadata),
        ])
    }

    private func apply(_ value: CBORValue, to document: inout Document) {
        let answer: PluginAnswer
        do {
            answer = try PluginAnswer(value, to: document)
        } catch {
            return fail(&document, .wire, "\(error)")
        }
        if let failure = answer.failure {
            let text = "\(failure.message) [\(failure.code)]"
            return fail(&document, .document, text, isRetryable: failure.isRetryable)
        }
        if manifest.kind == .clean { clean(&document, answer) }
        if let annotations = answer.annotations {
            let found = DocumentEnriched(
                annotator: manifest.name,
                annotations: annotations,
                unresolved: []
            )
            document.record(found, stage: number)
            document.enrichments.append(found)
        }
        if let drop = answer.drop { document.drop(drop, stage: number) }
    }

    private func clean(_ document: inout Document, _ answer: PluginAnswer) {
        if let text = answer.text { document.body = text }
        for (key, value) in answer.fields {
            switch key {
            case "title": document.fields.title = value
            case "author": document.fields.byline = value
            case "dateline": document.fields.dateline = value
            case "caption": document.fields.caption = value
            case "credit": document.fields.credit = value
            case "agency": document.fields.agency = value
            case "published": document.fields.published = CalendarDate(iso: value)
            default: break
            }
        }
        document.tokenize()
        let event = DocumentCleaned(
            fields: document.fields,
            rules: [],
            removed: answer.removed,
            measurements: []
        )
        document.record(event, stage: number, content: document.body)
    }

    private func fail(
        _ document: inout Document,
        _ code: PluginFault.Code,
        _ message: String,
        isRetryable: Bool = false
    ) {
        document.fail(
            DocumentFailed(
                code: code.rawValue,
                message: "plugin \(manifest.name): \(message)",
                file: document.origin.source,
                offset: document.origin.offset,
                attempt: 1,
                retryable: isRetryable || code == .timeout || code == .memory,
                sha256: document.revision
            ),
            stage: number
        )
    }
}
