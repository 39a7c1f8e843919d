package import Bytes

/// A run began.
package struct RunStarted: EventPayload, Equatable {
    package static let type = EventType.runStarted

    /// What runs it: `local`.
    package var engine: String
    /// The pipeline's sources as declared.
    package var sources: [String]

    /// States a beginning.
    package init(engine: String, sources: [String]) {
        self.engine = engine
        self.sources = sources
    }

    package func encode(into writer: inout CBORWriter) {
        writer.map(2)
        writer.text("engine")
        writer.text(engine)
        writer.text("sources")
        writer.array(sources.count)
        for source in sources { writer.text(source) }
    }

    package init(cbor: Span<UInt8>) throws(CBORError) {
        let tree = try CBORValue(decoding: cbor)
        engine = try required(tree["engine"]?.text, "engine")
        sources = []
        for source in try required(tree["sources"]?.array, "sources") {
            sources.append(try required(source.text, "sources"))
        }
    }
}

/// How many documents a stage took in, and what became of them (invariant 3).
package struct StageBalance: Sendable, Equatable {
    /// The stage's name.
    package var stage: String
    /// Documents taken in.
    package var input = 0
    /// Documents handed on, changed or not.
    package var kept = 0
    /// Documents dropped by a rule.
    package var dropped = 0
    /// Documents found to be duplicates.
    package var duplicates = 0
    /// Documents that failed.
    package var failed = 0

    /// Begins with nothing.
    package init(stage: String) { self.stage = stage }

    /// Whether in = kept + dropped + duplicates + failed.
    package var holds: Bool { input == kept + dropped + duplicates + failed }

    package func encode(into writer: inout CBORWriter) {
        writer.map(6)
        writer.text("in")
        writer.integer(input)
        writer.text("kept")
        writer.integer(kept)
        writer.text("stage")
        writer.text(stage)
        writer.text("failed")
        writer.integer(failed)
        writer.text("dropped")
        writer.integer(dropped)
        writer.text("duplicates")
        writer.integer(duplicates)
    }

    init(_ value: CBORValue) throws(CBORError) {
        stage = try required(value["stage"]?.text, "stage")
        input = try required(value["in"]?.integer, "in")
        kept = try required(value["kept"]?.integer, "kept")
        dropped = try required(value["dropped"]?.integer, "dropped")
        duplicates = try required(value["duplicates"]?.integer, "duplicates")
        failed = try required(value["failed"]?.integer, "failed")
    }
}

/// A run ended.
package struct RunFinished: EventPayload, Equatable {
    package static let type = EventType.runFinished

    /// The balance of each stage, in order.
    package var stages: [StageBalance]
    /// Documents that an earlier run had settled with the same content and pipeline.
    package var unchanged: Int
    /// Documents that their sources no longer hold.
    package var removed: Int

    /// States an end.
    package init(stages: [StageBalance], unchanged: Int, removed: Int = 0) {
        self.stages = stages
        self.unchanged = unchanged
        self.removed = removed
    }

    package func encode(into writer: inout CBORWriter) {
        writer.map(removed == 0 ? 2 : 3)
        writer.text("stages")
        writer.array(stages.count)
        for stage in stages { stage.encode(into: &writer) }
        if removed != 0 {
            writer.text("removed")
            writer.integer(removed)
        }
        writer.text("unchanged")
        writer.integer(unchanged)
    }

    package init(cbor: Span<UInt8>) throws(CBORError) {
        let tree = try CBORValue(decoding: cbor)
        stages = []
        for item in try required(tree["stages"]?.array, "stages") {
            stages.append(try StageBalance(item))
        }
        unchanged = try required(tree["unchanged"]?.integer, "unchanged")
        removed = tree["removed"]?.integer ?? 0
    }
}

/// A torn tail was cut when the store was opened for writing.
package struct LogRecovered: EventPayload, Equatable {
    package static let type = EventType.logRecovered

    /// The segment's file name.
    package var segment: String
    /// Where the torn bytes began, in bytes.
    package var offset: Int
    /// How many bytes were moved to the quarantine.
    package var length: Int

    /// States a recovery.
    package init(segment: String, offset: Int, length: Int) {
        self.segment = segment
        self.offset = offset
        self.length = length
    }

    package func encode(into writer: inout CBORWriter) {
        writer.map(3)
        writer.text("length")
        writer.integer(length)
        writer.text("offset")
        writer.integer(offset)
        writer.text("segment")
        writer.text(segment)
    }

    package init(cbor: Span<UInt8>) throws(CBORError) {
        let tree = try CBORValue(decoding: cbor)
        segment = try required(tree["segment"]?.text, "segment")
        offset = try required(tree["offset"]?.integer, "offset")
        length = try required(tree["length"]?.integer, "length")
    }
}
