internal import Bytes
internal import Events
package import Pipeline
package import YAML

/// A stage whose work a plugin does.
package struct PluginStage: Stage {
    package let name: String
    private let number: Int
    private let manifest: PluginManifest
    private let pool: PluginPool
    private let recorded: RecordedAnswers?
    private let reference: PluginReference?

    /// The stage that a pipeline names.
    package init(name: String, number: Int, reference: PluginReference) {
        self.name = name
        self.number = number
        self.reference = reference
        manifest = reference.manifest
        pool = reference.pool()
        recorded =
            reference.keepsAnswers
            ? RecordedAnswers(of: reference.manifest.name, fingerprint: reference.fingerprint) : nil
    }

    /// A stage of processes that are there, whose answers are not recorded.
    init(name: String, number: Int, manifest: PluginManifest, pool: PluginPool) {
        self.name = name
        self.number = number
        self.manifest = manifest
        self.pool = pool
        recorded = nil
        reference = nil
    }

    package var memories: [any StageMemory] { recorded.map { [$0] } ?? [] }

    package func check() async -> [Diagnostic] { reference?.check() ?? [] }

    package func close() async { await pool.shutDown() }

    package func measure(_ documents: inout [Document]) async throws {
        let live = documents.indices.filter { documents[$0].isLive }
        guard !live.isEmpty else { return }
        let messages = live.map { CBORValue.map(documents[$0].message) }
        guard let recorded else {
            let answers = try await pool.answers(to: messages)
            for (index, answer) in zip(live, answers) { settle(&documents[index], answer) }
            if let fatal = pool.fatal { throw fatal }
            return
        }
        let questions = messages.map { recorded.question($0) }
        let known = try recorded.answers(to: questions)
        let unknown = live.indices.filter { known[questions[$0]] == nil }
        for place in live.indices {
            guard let answer = known[questions[place]] else { continue }
            settle(&documents[live[place]], .success(answer))
        }
        guard !unknown.isEmpty else { return }
        let answers = try await pool.answers(to: unknown.map { messages[$0] })
        for (place, answer) in zip(unknown, answers) {
            settle(&documents[live[place]], answer, toRecord: questions[place])
        }
        if let fatal = pool.fatal { throw fatal }
    }

    /// Does what an answer says; one that is sound and new is recorded under its question.
    private func settle(
        _ document: inout Document,
        _ answer: PluginPool.Answer,
        toRecord question: String? = nil
    ) {
        do {
            let value = try answer.get()
            let read = try PluginAnswer(value, to: document, of: manifest)
            if let question, read.failure == nil {
                let event = PluginAnswered(plugin: manifest.name, question: question)
                document.record(event, stage: number, content: value.encoded)
            }
            apply(read, to: &document)
        } catch let fault as PluginFault {
            fail(&document, fault.code, fault.message)
        } catch {
            pool.noteFailure(PluginFault(.wire, manifest.name, "\(error)"))
            fail(&document, .wire, "\(error)")
        }
    }

    private func apply(_ answer: PluginAnswer, to document: inout Document) {
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
        for event in answer.events {
            let type = EventType.ofPlugin(manifest.name, event.type)
            document.events.append(PendingEvent(type: type, facts: event.facts, stage: number))
        }
        if let drop = answer.drop { document.drop(drop, stage: number) }
    }

    private func clean(_ document: inout Document, _ answer: PluginAnswer) {
        document.body = answer.text ?? document.body
        document.fields = answer.fields
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

extension PluginStage {
    /// How pipelines name it.
    package static let kind = StageKind(
        name: "plugin",
        summary: "has a plugin clean documents, find something in them, or bring them elsewhere",
        version: 1,
        form: .plugin(
            [.clean, .enrich, .exporter].map(\PluginManifest.Kind.rawValue)
        ),
        incidentalOptions: Set(PluginSettings.incidental)
    ) { node, context in
        let kinds: Set<PluginManifest.Kind> = [.clean, .enrich, .exporter]
        guard let reference = PluginReference.read(node, kinds: kinds, in: &context) else {
            return nil
        }
        if reference.manifest.kind == .exporter {
            return PluginExport(name: context.name, number: context.number, reference: reference)
        }
        if reference.manifest.kind == .enrich {
            let name = reference.manifest.name
            guard !context.annotators.contains(name) else {
                context.diagnostics.error(
                    "pipeline.duplicate-annotator",
                    "another stage annotates as \"\(name)\" already",
                    at: node
                )
                return nil
            }
            context.annotators.append(name)
        }
        return PluginStage(name: context.name, number: context.number, reference: reference)
    }
}
