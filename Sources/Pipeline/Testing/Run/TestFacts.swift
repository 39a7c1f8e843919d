internal import Bytes
internal import EventLog
internal import Events

/// What the log says of a test's documents.
struct TestFacts {
    /// A document and what came of it.
    struct Document {
        let id: String
        /// `outcome` and its reasons, fields, text and all that an expectation can name.
        var facts: CBORValue
    }

    /// In the order in which they came.
    private(set) var documents: [Document] = []

    /// The facts of a document.
    func facts(of id: String) -> CBORValue? {
        documents.first { $0.id.utf8.elementsEqual(id.utf8) }?.facts
    }

    /// Reads a store from the beginning.
    init(store: String) throws {
        var folds: [DocumentID: DocumentFacts] = [:]
        var order: [DocumentID] = []
        let reader = try EventLogReader.open(store)
        try reader.scan(content: true) { (batch) throws in
            for index in batch.indices {
                let type = batch.type(index)
                guard type.hasPrefix("document.") || type.hasPrefix("plugin:") else { continue }
                let id = DocumentID(rawValue: batch.streamName(index))
                if folds[id] == nil { order.append(id) }
                var content: String?
                if let bytes = batch.content(index) { content = String(lossyUTF8: bytes) }
                try folds[id, default: DocumentFacts()].add(
                    EventType(rawValue: type),
                    stage: batch.stage(index),
                    CBORValue(decoding: batch.facts(index)),
                    content: content
                )
            }
            return .continue
        }
        documents = order.map { Document(id: $0.rawValue, facts: folds[$0]?.value ?? .null) }
    }
}

/// What the events of one document say together.
private struct DocumentFacts {
    private var outcome = "kept"
    private var reasons: [CBORValue.Pair] = []
    private var fields: CBORValue?
    private var metadata: CBORValue?
    private var text: String?
    private var removed: [CBORValue] = []
    private var rules: CBORValue?
    private var measurements: CBORValue?
    private var annotations: [CBORValue.Pair] = []
    private var unresolved: [CBORValue.Pair] = []
    private var isExported = false

    mutating func add(
        _ type: EventType,
        stage: String,
        _ facts: CBORValue,
        content: String?
    ) {
        switch type {
        case .documentIngested:
            fields = facts["fields"]
            metadata = facts["metadata"]
            text = content
        case .documentCleaned:
            fields = facts["fields"]
            text = content ?? text
            removed += facts["removed"]?.items ?? []
            rules = facts["rules"]
            measurements = facts["measurements"]
        case .documentDropped: settle("dropped", stage, facts)
        case .documentDuplicate: settle("duplicate", stage, facts)
        case .documentFailed: settle("failed", stage, facts)
        case .documentEnriched:
            let name = facts["annotator"]?.text ?? ""
            let found = (facts["annotations"]?.items ?? []).map(Self.flattened)
            annotations.append(CBORValue.Pair(name, .array(found)))
            unresolved.append(CBORValue.Pair(name, facts["unresolved"] ?? .array([])))
        case .documentExported: isExported = true
        default: break
        }
    }

    private mutating func settle(_ outcome: String, _ stage: String, _ facts: CBORValue) {
        self.outcome = outcome
        let hidden = ["exact", "minhash", "sha256", "attempt"]
        reasons =
            facts.pairs.filter { !hidden.contains($0.key) }
            + [CBORValue.Pair("stage", .text(stage))]
    }

    /// A finding with what its annotator says of it beside its id and label.
    private static func flattened(_ annotation: CBORValue) -> CBORValue {
        .map(
            annotation.pairs.filter { $0.key != "fields" }
                + (annotation["fields"]?.pairs ?? []).filter { annotation[$0.key] == nil }
        )
    }

    var value: CBORValue {
        var pairs = [
            CBORValue.Pair("outcome", .text(outcome)),
            CBORValue.Pair(outcome, outcome == "kept" ? .bool(true) : .map(reasons)),
            CBORValue.Pair("removed", .array(removed)),
            CBORValue.Pair("annotations", .map(annotations)),
            CBORValue.Pair("unresolved", .map(unresolved)),
            CBORValue.Pair("exported", .bool(isExported)),
        ]
        let others = [
            ("fields", fields), ("metadata", metadata), ("text", text.map(CBORValue.text)),
            ("rules", rules), ("measurements", measurements),
        ]
        for (key, value) in others {
            if let value { pairs.append(CBORValue.Pair(key, value)) }
        }
        return .map(pairs)
    }
}
