package import Bytes
package import Events
package import Pipeline
package import YAML

/// A plugin that makes documents of what lies in files (PROTOCOL.md §5.3).
package struct PluginReader: Sendable {
    private let reference: PluginReference
    private let pool: PluginPool
    private let recorded: RecordedAnswers?

    /// What a source holds.
    package struct Finding: Sendable {
        /// Tells documents of one source from each other.
        package let key: String?
        package let text: [UInt8]
        package let fields: DocumentFields
        package let metadata: CBORValue
    }

    /// What came of a source.
    package struct Outcome: Sendable {
        package let findings: Result<[Finding], SourceFault>
        /// The answer to record, where it is new and to be recorded.
        package let answered: PendingEvent?
    }

    package init(_ reference: PluginReference) {
        self.reference = reference
        pool = reference.pool()
        recorded =
            reference.keepsAnswers
            ? RecordedAnswers(of: reference.manifest.name, fingerprint: reference.fingerprint) : nil
    }

    package var memories: [any StageMemory] { recorded.map { [$0] } ?? [] }

    package func check() -> [Diagnostic] { reference.check() }

    package func close() async { await pool.shutDown() }

    /// Reads sources, each a file's bytes.
    package func read(_ sources: [RawRecord]) async throws -> [Outcome] {
        let messages = sources.map { source in
            CBORValue.map([
                CBORValue.Pair("id", .text(source.origin.id.rawValue)),
                CBORValue.Pair("path", .text(source.origin.source)),
                CBORValue.Pair("bytes", .bytes(source.bytes)),
            ])
        }
        let questions = recorded.map { recorded in messages.map { recorded.question($0) } }
        let known = try questions.flatMap { try recorded?.answers(to: $0) } ?? [:]
        let unknown = messages.indices.filter { known[questions?[$0] ?? ""] == nil }
        var asked = try await pool.answers(to: unknown.map { messages[$0] }, as: "sources")[...]
        return sources.indices.map { index in
            let question = questions?[index]
            if let question, let answer = known[question] {
                return Outcome(findings: findings(answer), answered: nil)
            }
            switch asked.popFirst() {
            case .success(let answer)?:
                let found = findings(answer)
                guard let question, case .success = found else {
                    return Outcome(findings: found, answered: nil)
                }
                let event = PluginAnswered(plugin: reference.manifest.name, question: question)
                return Outcome(
                    findings: found,
                    answered: PendingEvent(event, stage: 0, content: answer.encoded)
                )
            case .failure(let fault)?:
                let isRetryable = fault.code == .timeout || fault.code == .memory
                return Outcome(
                    findings: .failure(self.fault(fault.code, fault.message, isRetryable)),
                    answered: nil
                )
            case nil: return Outcome(findings: .success([]), answered: nil)
            }
        }
    }

    private func findings(_ answer: CBORValue) -> Result<[Finding], SourceFault> {
        if let error = answer["error"] {
            let code = (error["code"]?.text ?? "error").clipped(to: 1024)
            let message = (error["message"]?.text ?? "no reason given").clipped(to: 4096)
            return .failure(
                fault(.document, "\(message) [\(code)]", error["retryable"] == .bool(true))
            )
        }
        do throws(WireError) {
            return .success(try Self.findings(in: answer))
        } catch {
            return .failure(fault(.wire, error.description, false))
        }
    }

    private static func findings(in answer: CBORValue) throws(WireError) -> [Finding] {
        guard let items = answer["documents"]?.array else {
            throw WireError("the answer has no list of documents")
        }
        guard !items.isEmpty else { throw WireError("it found no document in it") }
        var keys: Set<String> = []
        var findings: [Finding] = []
        for item in items {
            guard let text = item["text"]?.text else { throw WireError("a document has no text") }
            let key = item["key"]?.text
            guard items.count == 1 || key != nil, keys.insert(key ?? "").inserted else {
                throw WireError("of several documents each needs a key of its own")
            }
            var fields = DocumentFields()
            fields.title = item["title"]?.text
            try fields.apply(item["fields"]?.pairs ?? [])
            findings.append(
                Finding(
                    key: key,
                    text: Array(text.utf8),
                    fields: fields,
                    metadata: .map((item["metadata"]?.pairs ?? []).inCBOROrder())
                )
            )
        }
        return findings
    }

    private func fault(
        _ code: PluginFault.Code,
        _ message: String,
        _ isRetryable: Bool
    ) -> SourceFault {
        SourceFault(
            code: code.rawValue,
            message: "plugin \(reference.manifest.name): \(message)",
            retryable: isRetryable
        )
    }
}

extension PluginReader {
    /// What `format:` names: `plugin:NAME`, or `{plugin: {name: NAME, options: …}}`; nil where it
    /// names no plugin, or after what is wrong was said.
    package static func read(_ node: Node, in context: inout StageContext) -> PluginReader? {
        if let text = node.text, text.hasPrefix("plugin:") {
            let name = String(text.dropFirst("plugin:".count))
            let reference = PluginReference.named(name, at: node, kinds: [.reader], in: &context)
            return reference.map(PluginReader.init)
        }
        guard let options = node["plugin"] else { return nil }
        return PluginReference.read(options, kinds: [.reader], in: &context).map(PluginReader.init)
    }
}
