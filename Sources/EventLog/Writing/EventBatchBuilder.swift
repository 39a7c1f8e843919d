internal import Bytes

/// Collects events into one batch: what is committed together.
///
/// Appending never fails; what breaks a limit is remembered and thrown by ``encode(compression:)``.
package struct EventBatchBuilder: Sendable {
    /// The position of the first event.
    package let firstPosition: EventPosition
    /// Events so far.
    package private(set) var count = 0
    let run: String
    let producer: UInt64
    let sequence: UInt64
    var types = NameTable()
    var stages = NameTable()
    var streams = StreamTable()
    /// Four little-endian words each; the ends of facts do not count the stream table yet.
    var records: [UInt64] = []
    var facts = BufferPool.take()
    var content: [UInt8] = []
    /// The first limit that was broken.
    var fault: LogError?

    /// Starts a batch whose first event gets `firstPosition`.
    ///
    /// A batch with a `producer` other than 0 can be appended again without harm: the writer knows
    /// each producer's newest `sequence`.
    package init(
        firstPosition: EventPosition,
        run: String,
        producer: UInt64 = 0,
        sequence: UInt64 = 0
    ) {
        self.firstPosition = firstPosition
        self.run = run
        self.producer = producer
        self.sequence = sequence
        checkName(run, "run")
    }

    /// Bytes of facts, contents and names so far, before compression.
    package var rawByteCount: Int {
        facts.count + content.count + streams.byteCount + count * 32
    }

    /// The position that the next appended event gets.
    package var nextPosition: EventPosition { firstPosition.advanced(by: count) }

    /// Appends an event; `stage` is empty for the runner's own.
    package mutating func append(
        stream: String,
        streamVersion: UInt32,
        type: String,
        schemaVersion: UInt8,
        stage: String,
        cause: EventPosition?,
        facts: Span<UInt8>,
        content: Span<UInt8>?
    ) {
        append(
            stream: stream.utf8Span.span,
            streamVersion: streamVersion,
            type: type,
            schemaVersion: schemaVersion,
            stage: stage,
            cause: cause,
            facts: facts,
            content: content
        )
    }

    /// Appends an event of a stream named by its UTF-8 bytes.
    package mutating func append(
        stream: Span<UInt8>,
        streamVersion: UInt32,
        type: String,
        schemaVersion: UInt8,
        stage: String,
        cause: EventPosition?,
        facts: Span<UInt8>,
        content: Span<UInt8>?
    ) {
        let contentByteCount = content?.count ?? 0
        guard fault == nil, hasRoom(facts.count, contentByteCount, stream: stream.count),
            let distance = distance(toCause: cause)
        else { return }
        let typeIndex = types.count(type)
        let stageIndex = stages.count(stage)
        if types.counts[typeIndex] == 1 { checkName(type, "type") }
        if stages.counts[stageIndex] == 1 { checkName(stage, "stage") }
        let streamIndex = streams.index(of: stream)
        self.facts.append(contentsOf: facts)
        if let content { append(content: content) }

        records.append(word(UInt32(self.facts.count), UInt32(self.content.count)))
        records.append(word(streamIndex, streamVersion))
        records.append(word(distance, UInt32(stageIndex << 16 | typeIndex & 0xFFFF)))
        records.append(word(UInt32(schemaVersion) | (content == nil ? 0 : 1 << 8), 0))
        count += 1
    }

    private mutating func append(content: Span<UInt8>) {
        if self.content.isEmpty, !content.isEmpty { self.content = BufferPool.take() }
        self.content.append(contentsOf: content)
    }

    private func word(_ low: UInt32, _ high: UInt32) -> UInt64 {
        (UInt64(low) | UInt64(high) << 32).littleEndian
    }

    private mutating func hasRoom(_ facts: Int, _ content: Int, stream: Int) -> Bool {
        let factsTotal = self.facts.count + streams.byteCount + facts + stream + 4
        if factsTotal > Layout.heapBytesMax || self.content.count + content > Layout.heapBytesMax {
            fail("at most \(Layout.heapBytesMax) bytes of facts and of content in a batch")
        } else if count == Layout.recordsMax {
            fail("at most \(Layout.recordsMax) events in a batch")
        } else if stream > Layout.streamNameBytesMax {
            fail("a stream name of at most \(Layout.streamNameBytesMax) bytes")
        }
        return fault == nil
    }

    /// How far back the cause lies; 0 for none, nil when that cannot be said in the format.
    private mutating func distance(toCause cause: EventPosition?) -> UInt32? {
        guard let cause else { return 0 }
        guard cause < nextPosition,
            let distance = UInt32(exactly: nextPosition.rawValue - cause.rawValue)
        else {
            fail("a cause before event \(nextPosition), not event \(cause)")
            return nil
        }
        return distance
    }

    private mutating func checkName(_ name: String, _ kind: String) {
        if name.utf8.count > Layout.nameBytesMax {
            fail("a \(kind) name of at most \(Layout.nameBytesMax) bytes")
        } else if types.names.count > 0xFFFF || stages.names.count > 0xFFFF {
            fail("at most 65535 \(kind) names in a batch")
        }
    }

    private mutating func fail(_ expected: String) {
        fault = LogError(
            .limitExceeded,
            path: "batch at \(firstPosition)",
            expected: expected,
            found: "event \(nextPosition)"
        )
    }
}
