// What projections call for each event: inlinable, and no more than a few loads. The loads need
// no checks of their own but the index: the batch was checked as a whole when it was read.

extension EventBatch {
    /// The fixed-size part of an event.
    @inlinable
    package subscript(_ index: Int) -> EventRecord {
        let record = recordOffset(index)
        let bytes = window.bytes.span
        let names: UInt32 = bytes.littleEndian(at: record + 20)
        let form: UInt16 = bytes.littleEndian(at: record + 24)
        let distance: UInt32 = bytes.littleEndian(at: record + 16)
        let position = EventPosition(firstPosition.rawValue &+ UInt64(index))
        return EventRecord(
            position: position,
            streamVersion: bytes.littleEndian(at: record + 12),
            streamIndex: Int(bytes.littleEndian(at: record + 8, as: UInt32.self)),
            typeIndex: Int(names & 0xFFFF),
            stageIndex: Int(names >> 16),
            schemaVersion: UInt8(truncatingIfNeeded: form),
            cause: distance == 0
                ? nil : EventPosition(position.rawValue &- UInt64(distance)),
            hasContent: form & 0x100 != 0,
            isErased: form & 0x200 != 0
        )
    }

    /// Whether the event's facts and content were erased (FORMAT.md §2.7).
    @inlinable
    @inline(__always)
    package func isErased(_ index: Int) -> Bool {
        window.bytes.span[recordOffset(index) + 25] & 2 != 0
    }

    /// The index of the event's type: all that most projections ask of most events.
    @inlinable
    @inline(__always)
    package func typeIndex(_ index: Int) -> Int {
        Int(window.bytes.span.littleEndian(at: recordOffset(index) + 20, as: UInt16.self))
    }

    /// The version of the event's payload.
    @inlinable
    @inline(__always)
    package func schemaVersion(_ index: Int) -> UInt8 {
        window.bytes.span[recordOffset(index) + 24]
    }

    /// The index of the event's stream in the batch.
    @inlinable
    @inline(__always)
    package func streamIndex(_ index: Int) -> Int {
        Int(window.bytes.span.littleEndian(at: recordOffset(index) + 8, as: UInt32.self))
    }

    /// The bytes of the name of the event's stream.
    @inlinable
    @_lifetime(borrow self)
    package func stream(_ index: Int) -> Span<UInt8> {
        let range = streamNameRange(streamIndex(index))
        return factsHeap.extracting(range)
    }

    /// The bytes of a stream's name by ``EventRecord/streamIndex``.
    @inlinable
    @_lifetime(borrow self)
    package func streamBytes(at streamIndex: Int) -> Span<UInt8> {
        let range = streamNameRange(streamIndex)
        return factsHeap.extracting(range)
    }

    /// The event's facts.
    @inlinable
    @_lifetime(borrow self)
    package func facts(_ index: Int) -> Span<UInt8> {
        let range = range(index, field: 0, first: streamTableByteCount)
        return factsHeap.extracting(range)
    }

    /// The event's content; nil if it has none or the scan was not asked for contents.
    @inlinable
    @_lifetime(borrow self)
    package func content(_ index: Int) -> Span<UInt8>? {
        let flags = window.bytes.span[recordOffset(index) + 25]
        guard hasContents, flags & 1 != 0 else { return nil }
        return contentHeap.extracting(range(index, field: 4, first: 0))
    }

    @inlinable
    @inline(__always)
    func streamNameRange(_ streamIndex: Int) -> Range<Int> {
        precondition(streamIndex >= 0 && streamIndex < streamCount, "no such stream in the batch")
        let heap = factsHeap
        let end = Int(heap.littleEndian(at: streamIndex * 4, as: UInt32.self))
        let start =
            streamIndex == 0
            ? 0 : Int(heap.littleEndian(at: streamIndex * 4 - 4, as: UInt32.self))
        return streamNamesStart + start..<streamNamesStart + end
    }

    @inlinable
    @inline(__always)
    func recordOffset(_ index: Int) -> Int {
        precondition(index >= 0 && index < count, "no such event in the batch")
        return recordsStart + index * 32
    }

    @inlinable
    @inline(__always)
    func range(_ index: Int, field: Int, first: Int) -> Range<Int> {
        let record = recordOffset(index)
        let bytes = window.bytes.span
        let end = Int(bytes.littleEndian(at: record + field, as: UInt32.self))
        let start =
            index == 0
            ? first : Int(bytes.littleEndian(at: record + field - 32, as: UInt32.self))
        return start..<end
    }

    @inlinable
    @inline(__always)
    var factsHeap: Span<UInt8> {
        @_lifetime(borrow self)
        get {
            if facts.isInWindow { return window.bytes.span.extracting(facts.start...) }
            return facts.decompressed.span
        }
    }

    @inlinable
    @inline(__always)
    var contentHeap: Span<UInt8> {
        @_lifetime(borrow self)
        get {
            if content.isInWindow { return window.bytes.span.extracting(content.start...) }
            return content.decompressed.span
        }
    }
}
