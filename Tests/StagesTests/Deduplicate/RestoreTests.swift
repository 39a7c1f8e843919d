import Bytes
import EventLog
import Events
import Foundation
import Pipeline
import Testing

@testable import Stages

@Suite("Restoring what deduplicate remembers")
struct RestoreTests {
    @Test(
        "a decider restored from the log goes on as the live one does",
        arguments: [0, 1, 50, 199, 200]
    )
    func restored(cut: Int) throws {
        let documents = Self.documents
        let stage = DeduplicateStage.sample()
        let whole = try stage.run(documents)
        let folder = NSTemporaryDirectory() + "annals-restore-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: folder) }

        try write(whole[..<cut], to: folder)
        var decider = try #require(stage.makeDecider())
        let reader = try EventLogReader.open(folder)
        try reader.scan { (batch) throws in
            try decider.restore(batch)
            return .continue
        }
        var rest = Array(documents[cut...])
        stage.measure(&rest)
        decider.decide(&rest)
        #expect(rest.map(\.events.last?.facts) == whole[cut...].map(\.events.last?.facts))
    }

    @Test("a reset decider remembers nothing")
    func reset() throws {
        let stage = DeduplicateStage.sample()
        var decider = try #require(stage.makeDecider())
        var batch = Self.documents
        stage.measure(&batch)
        decider.decide(&batch)
        decider.reset()
        var again = Self.documents
        stage.measure(&again)
        decider.decide(&again)
        #expect(again.map(\.events.last?.facts) == batch.map(\.events.last?.facts))
    }

    /// Copies, edited copies, new revisions and failures of 60 texts.
    private static let documents: [Document] = {
        var generator = Shuffler(seed: 21)
        return (0..<200).map { number in
            let text = Int(generator.next(below: 60))
            var words = (0..<60).map { "t\(text)w\($0)" }
            if generator.next(below: 3) == 0 { words[30] = "edited\(number)" }
            let id = generator.next(below: 5) == 0 ? number / 2 : number
            return .sample("doc\(id)", words.joined(separator: " "))
        }
    }()

    private func write(_ documents: ArraySlice<Document>, to folder: String) throws {
        let writer = try EventLogWriter.open(folder)
        for start in stride(from: documents.startIndex, to: documents.endIndex, by: 32) {
            var batch = EventBatchBuilder(firstPosition: writer.nextPosition, run: "run")
            for document in documents[start..<min(start + 32, documents.endIndex)] {
                // As in a run: the document is read, then decided.
                let ingested = DocumentIngested(
                    source: "s",
                    offset: 0,
                    record: 1,
                    media: "",
                    charset: "",
                    sha256: "",
                    fields: DocumentFields(),
                    metadata: .map([])
                )
                append(PendingEvent(ingested, stage: 0), of: document, to: &batch)
                for event in document.events { append(event, of: document, to: &batch) }
            }
            _ = try writer.append(try batch.encode(compression: .none), time: 1)
        }
        writer.close()
    }

    private func append(
        _ event: PendingEvent,
        of document: Document,
        to batch: inout EventBatchBuilder
    ) {
        batch.append(
            stream: document.id.rawValue,
            streamVersion: 0,
            type: event.type.rawValue,
            schemaVersion: event.schemaVersion,
            stage: "deduplicate",
            cause: nil,
            facts: event.facts.span,
            content: nil
        )
    }
}
