internal import Bytes

/// Makes a frame without the facts and contents of some of its records (FORMAT.md §2.7).
///
/// The new frame is as long as the old one, so that nothing else in the store has to change: not
/// the offsets of later batches, nor the footer, the next segment's join block or HEAD.
struct BatchErasure {
    /// What is left of an erased record's facts: an empty map, CBOR.
    static let emptyFacts: UInt8 = 0xA0
    /// The first is enough, as a rule.
    ///
    /// What is left may compress worse than all of it did; then the shortest of all is taken.
    private static let levels: [Int32] = [1, 3, 6, 9, 12, 15, 19, 22]

    private var records: [UInt8] = []
    private var facts: [UInt8] = []
    private var content: [UInt8] = []
    /// The records that were not erased before.
    private(set) var positions: [EventPosition] = []
    /// Bytes that they held.
    private(set) var byteCount = 0

    /// Takes a batch, loaded whole, and the positions to erase.
    init(_ batch: borrowing EventBatch, erasing wanted: Set<EventPosition>) {
        let bytes = batch.window.bytes.span
        records = [UInt8](
            copying: bytes.extracting(batch.recordsStart..<batch.recordsStart + batch.count * 32)
        )
        facts = [UInt8](copying: batch.factsHeap.extracting(first: batch.streamTableByteCount))
        for index in 0..<batch.count {
            let position = batch.firstPosition.advanced(by: index)
            let held = batch.facts(index)
            if wanted.contains(position), !batch.isErased(index) {
                positions.append(position)
                byteCount += held.count + (batch.content(index)?.count ?? 0)
                if !held.isEmpty { facts.append(Self.emptyFacts) }
                records[index * 32 + 25] = 2
            } else {
                facts.append(contentsOf: held)
                if let held = batch.content(index) { content.append(contentsOf: held) }
            }
            records.store(UInt32(facts.count), at: index * 32)
            records.store(UInt32(content.count), at: index * 32 + 4)
        }
    }

    /// The bytes of the frame that takes the place of the one with this header and these names; nil
    /// if they cannot be had in as few.
    func frame(_ old: BatchHeader, names: Span<UInt8>) -> [UInt8]? {
        for levels in [Self.levels.prefix(1), Self.levels[...]] {
            if let frame = frame(old, names: names, levels: levels) { return frame }
        }
        return nil
    }

    private func frame(
        _ old: BatchHeader,
        names: Span<UInt8>,
        levels: ArraySlice<Int32>
    ) -> [UInt8]? {
        var header = old
        header.flags.insert(.erased)
        header.vacatedByteCount = 0
        var body = records
        body.append(contentsOf: names)
        header.metadataCRC = Checksum.crc32c(body.span)
        let metadataByteCount = body.count
        header.facts = HeapCodec.append(facts, to: &body, codec: old.facts.codec, levels: levels)
        header.content = HeapCodec.append(
            content,
            to: &body,
            codec: old.content.codec,
            levels: levels
        )
        header.vacatedByteCount = old.frameByteCount - header.frameByteCount
        guard header.vacatedByteCount >= 0 else { return nil }
        let digest = BatchDigest.digest(
            of: header,
            metadata: body.span.extracting(first: metadataByteCount),
            facts: facts.span,
            content: content.span
        )
        header.remainder = digest.bytes.span.littleEndian(at: 0)
        body += [UInt8](repeating: 0, count: header.vacatedByteCount)
        body.appendLittleEndian(UInt32(header.frameByteCount))
        body.appendLittleEndian(Layout.batchEndMagic)
        return header.encoded() + body
    }
}

extension EventBatch {
    /// Whether an erased record's facts say nothing.
    func hasNoFacts(_ index: Int) -> Bool {
        let facts = facts(index)
        return facts.isEmpty || facts.count == 1 && facts[0] == BatchErasure.emptyFacts
    }
}
