import Bytes
import Events
import Foundation
import Pipeline
import Testing

@testable import Stages

/// Short news texts with the pairs that are near-duplicates (chrisjmccormick/MinHash, MIT).
struct Articles {
    var documents: [Document] = []
    var pairs: Set<[String]> = []

    init(_ folder: String, _ name: String) throws {
        let texts = try String(contentsOfFile: "\(folder)/\(name).train", encoding: .utf8)
        for line in texts.split(separator: "\n") {
            let parts = line.split(separator: " ", maxSplits: 1)
            documents.append(.sample(String(parts[0]), String(parts[1])))
        }
        let truth = try String(contentsOfFile: "\(folder)/\(name).truth", encoding: .utf8)
        for line in truth.split(separator: "\n") {
            pairs.insert(line.split(separator: " ").map(String.init).sorted())
        }
    }

    /// The folder of the fixtures beside this file.
    static let fixtures = (#filePath as NSString).deletingLastPathComponent + "/Fixtures"

    /// `ANNALS_DATA`, or its usual place beside the project; nil where it is absent.
    static let shared: String? = {
        let data = ProcessInfo.processInfo.environment["ANNALS_DATA"] ?? "../shared/data"
        let folder = data + "/near-duplicates"
        return FileManager.default.fileExists(atPath: folder + "/articles_1000.train")
            ? folder : nil
    }()
}

extension Document {
    /// A live document with a body, its words read.
    static func sample(_ id: String, _ text: String) -> Document {
        var document = Document(
            id: DocumentID(rawValue: id),
            fields: DocumentFields(),
            metadata: .map([]),
            body: Array(text.utf8),
            revision: text,
            origin: Origin(source: id, offset: 0, record: nil)
        )
        document.tokenize()
        return document
    }
}

extension DeduplicateStage {
    /// A stage at number 1 with some options.
    static func sample(_ options: DeduplicateOptions = DeduplicateOptions()) -> DeduplicateStage {
        DeduplicateStage(name: "deduplicate", number: 1, options: options)
    }

    /// Measures and decides, in batches of some size; answers the event of each document.
    func run(_ documents: [Document], batch size: Int = 256) throws -> [Document] {
        var decider = try #require(makeDecider())
        var result: [Document] = []
        for start in stride(from: 0, to: documents.count, by: size) {
            var batch = Array(documents[start..<min(start + size, documents.count)])
            measure(&batch)
            decider.decide(&batch)
            result += batch
        }
        return result
    }
}

extension Document {
    /// Of what it is a duplicate, by its event; nil if it is unique.
    var duplicate: DocumentDuplicate? {
        get throws {
            guard let event = events.last, event.type == .documentDuplicate else { return nil }
            return try DocumentDuplicate(cbor: event.facts.span)
        }
    }
}
