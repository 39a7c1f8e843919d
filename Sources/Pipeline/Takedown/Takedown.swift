internal import Bytes
internal import EventLog
package import Events
internal import Glibc

/// Withdraws documents: the log says so, then forgets what they said, then everything made of it.
///
/// The order is that of ``perform(_:)``: `document.retracted` is durable before anything is erased,
/// so that a takedown that is killed is known and completed by the next call, and by the next run.
package struct Takedown: Sendable {
    /// What is withdrawn, and why.
    package struct Request: Sendable {
        package let documents: [DocumentID]
        package let reason: String
        package let by: String?

        package init(documents: [DocumentID], reason: String, by: String?) {
            self.documents = documents
            self.reason = reason
            self.by = by
        }
    }

    private let store: String
    private let pipeline: PipelineDefinition?
    private let now: @Sendable () -> UInt64
    private let notice: @Sendable (String) -> Void

    /// Prepares a takedown.
    ///
    /// - Parameters:
    ///   - store: the store's folder.
    ///   - pipeline: what writes the exports anew; nil for a store without any.
    ///   - now: the time in microseconds since 1970.
    ///   - notice: is told what a person should know.
    package init(
        store: String,
        pipeline: PipelineDefinition?,
        now: @escaping @Sendable () -> UInt64,
        notice: @escaping @Sendable (String) -> Void
    ) {
        self.store = store
        self.pipeline = pipeline
        self.now = now
        self.notice = notice
    }

    /// What a takedown would do; changes nothing.
    package func plan(_ documents: [DocumentID]) throws -> TakedownReport {
        let reader = try EventLogReader.open(store)
        try TakedownExports.check(pipeline, in: reader)
        var report = TakedownReport()
        let survey = try TakedownSurvey(of: documents, in: reader)
        report.documents = try withdrawals(survey, documents)
        report.completesEarlier = try !unerased(in: reader).isEmpty
        return report
    }

    /// Withdraws documents, and completes what an earlier takedown left undone.
    ///
    /// Projections are the caller's to forget, as is the store's ``TakedownMark`` after that.
    package func perform(_ request: Request) async throws -> TakedownReport {
        if !request.documents.isEmpty {
            try TakedownExports.check(pipeline, in: EventLogReader.open(store))
        }
        let writer = try EventLogWriter.open(store)
        var report = TakedownReport()
        defer { writer.close() }
        let reader = try EventLogReader.open(store)
        let survey = try TakedownSurvey(of: request.documents, in: reader)
        report.documents = try withdrawals(survey, request.documents)
        report.completesEarlier =
            try TakedownMark(store: store).isThere || !unerased(in: reader).isEmpty
        try TakedownMark(store: store).make()
        try state(request, survey, to: writer, &report)
        Failpoint.retractAppended.reach()
        try erase(with: writer, &report)
        Failpoint.retractErased.reach()
        try await rewriteExports(with: writer, survey, &report)
        Failpoint.retractExported.reach()
        return report
    }

    /// Whether copies of what was withdrawn can be decided anew at once.
    ///
    /// So it is if the store's last run was this pipeline's and came to its end; else the next run
    /// has more to do, and does this, too.
    package func mayDecideAnew() throws -> Bool {
        guard let pipeline else { return false }
        var state = StoreState(pipeline: pipeline)
        try state.restore(from: EventLogReader.open(store))
        return state.unfinished == nil && state.definition?.stages == pipeline.fingerprints
    }

    private func withdrawals(
        _ survey: TakedownSurvey,
        _ documents: [DocumentID]
    ) throws -> [TakedownReport.Withdrawal] {
        try documents.map { id in
            guard let found = survey.found[id.rawValue], found.version > 0 else {
                throw TakedownError.unknownDocument(id.rawValue)
            }
            return TakedownReport.Withdrawal(
                document: id.rawValue,
                source: found.source,
                events: found.erases.count,
                exports: found.exports.sorted(),
                copies: found.copies,
                wasRetracted: found.isRetracted && found.erases.isEmpty
            )
        }
    }

    /// Appends a `document.retracted` for each document that is not withdrawn yet.
    private func state(
        _ request: Request,
        _ survey: TakedownSurvey,
        to writer: EventLogWriter,
        _ report: inout TakedownReport
    ) throws {
        var builder = EventBatchBuilder(firstPosition: writer.nextPosition, run: "")
        for id in request.documents {
            guard let found = survey.found[id.rawValue], !found.isRetracted else { continue }
            let event = DocumentRetracted(
                reason: request.reason,
                by: request.by,
                source: found.source,
                revisions: found.revisions,
                words: found.words,
                erases: found.erases.map { Int($0.rawValue) }.sorted()
            )
            builder.append(
                stream: id.rawValue,
                streamVersion: found.version,
                type: DocumentRetracted.type.rawValue,
                schemaVersion: DocumentRetracted.schemaVersion,
                stage: "",
                cause: nil,
                facts: event.encoded.span,
                content: nil
            )
        }
        guard builder.count > 0 else { return }
        report.position = try writer.append(try builder.encode(), time: now()).rawValue
    }

    /// Files with records of withdrawn documents that no export of the pipeline writes any more.
    private func abandoned(in reader: EventLogReader) throws -> [String] {
        let documents = try Withdrawal.all(in: reader).map { DocumentID(rawValue: $0.document) }
        let survey = try TakedownSurvey(of: documents, in: reader)
        let paths = survey.found.values.reduce(into: Set<String>()) { $0.formUnion($1.paths) }
        let ours = Set((pipeline?.exports ?? []).map { FilePath.normalised($0.stage.path) })
        return (paths + paths.map { $0 + ".previous" })
            .filter { !ours.contains(FilePath.normalised($0)) }
            .filter { unsafe access($0, F_OK) == 0 }
            .sorted()
    }

    /// What the log's withdrawals name.
    private func named(in reader: EventLogReader) throws -> Set<EventPosition> {
        try Withdrawal.all(in: reader).reduce(into: []) { $0.formUnion($1.erases) }
    }

    /// What the log's withdrawals name and is not erased.
    private func unerased(in reader: EventLogReader) throws -> Set<EventPosition> {
        let named = try named(in: reader)
        var left: Set<EventPosition> = []
        guard let first = named.min(), let last = named.max() else { return [] }
        try reader.scan(from: first, until: last.advanced(by: 1)) { batch in
            for index in batch.indices where !batch.isErased(index) {
                let position = batch[index].position
                if named.contains(position) { left.insert(position) }
            }
            return .continue
        }
        return left
    }

    private func erase(
        with writer: EventLogWriter,
        _ report: inout TakedownReport
    ) throws {
        let reader = try EventLogReader.open(store)
        // One that was killed may have left the steps behind the last segment undone.
        let positions = try report.completesEarlier ? named(in: reader) : unerased(in: reader)
        let erasure = try writer.erase(positions)
        report.erasedEvents = erasure.events.count
        report.erasedBytes = erasure.byteCount
        report.segments = erasure.segments
        report.removed = erasure.quarantine
    }

    private func rewriteExports(
        with writer: EventLogWriter,
        _ survey: TakedownSurvey,
        _ report: inout TakedownReport
    ) async throws {
        // To complete an earlier takedown another pipeline is no hindrance: its run begins anew.
        let reader = try EventLogReader.open(store)
        do {
            try TakedownExports.check(pipeline, in: reader)
        } catch is TakedownError {
            report.foreign = try abandoned(in: reader)
            return
        }
        guard let pipeline else { return }
        let exports = try TakedownExports(pipeline: pipeline, store: store, notice: notice)
        report.exports = try await exports.rewrite(with: writer, at: now())
        let paths = survey.found.values.reduce(into: Set<String>()) { $0.formUnion($1.paths) }
        report.foreign = exports.foreign(beside: paths)
    }
}
