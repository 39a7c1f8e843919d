internal import Bytes

/// The checks of a frame's parts, each on the frame's bytes from its header on.
enum FrameCheck {
    static func metadata(
        _ frame: Span<UInt8>,
        _ header: BatchHeader
    ) throws(FrameFault) {
        let bytes = frame.extracting(Layout.batchHeaderByteCount..<header.factsOffset)
        guard Checksum.crc32c(bytes) == header.metadataCRC else { throw .metadataChecksum }
    }

    static func facts(_ frame: Span<UInt8>, _ header: BatchHeader) throws(FrameFault) {
        guard isSound(frame.extracting(header.factsOffset..<header.contentOffset), header.facts)
        else { throw .factsChecksum }
    }

    /// The content and what follows it to the end of the frame.
    static func content(_ frame: Span<UInt8>, _ header: BatchHeader) throws(FrameFault) {
        guard
            isSound(frame.extracting(header.contentOffset..<header.trailerOffset), header.content)
        else { throw .contentChecksum }
        let length: UInt32 = frame.littleEndian(at: header.trailerOffset)
        guard Int(length) == header.frameByteCount,
            frame.littleEndian(at: header.trailerOffset + 4) == Layout.batchEndMagic
        else { throw .trailer }
    }

    private static func isSound(_ padded: Span<UInt8>, _ extent: HeapExtent) -> Bool {
        let end = Int(extent.diskByteCount)
        return Checksum.crc32c(padded.extracting(..<end)) == extent.crc
            && padded.extracting(end...).isZero
    }

    /// Whether every record points into the tables and heaps, so that nothing that is read from
    /// it later needs a check: a checksum says nothing about who wrote the bytes.
    static func records(
        _ records: Span<UInt8>,
        _ header: BatchHeader,
        firstPosition: UInt64
    ) throws(FrameFault) {
        var factsEnd = header.streamTableByteCount
        var contentEnd: UInt32 = 0
        // Without branches: a difference that must not be negative leaves its sign here, bits that
        // must not be set leave themselves there.
        var signs: Int64 = 0
        var bits: UInt64 = 0
        var erased: UInt64 = 0
        for index in 0..<Int(header.recordCount) {
            let offset = index * 32
            let nextFacts: UInt32 = records.littleEndian(at: offset)
            let nextContent: UInt32 = records.littleEndian(at: offset + 4)
            let stream: UInt32 = records.littleEndian(at: offset + 8)
            let distance: UInt32 = records.littleEndian(at: offset + 16)
            let type: UInt16 = records.littleEndian(at: offset + 20)
            let stage: UInt16 = records.littleEndian(at: offset + 22)
            let form: UInt64 = records.littleEndian(at: offset + 24)
            signs |= Int64(nextFacts) &- Int64(factsEnd)
            signs |= Int64(nextContent) &- Int64(contentEnd)
            signs |= Int64(header.streamCount) &- 1 &- Int64(stream)
            signs |= Int64(header.typeCount) &- 1 &- Int64(type)
            signs |= Int64(header.stageCount) &- 1 &- Int64(stage)
            signs |= Int64(bitPattern: firstPosition &+ UInt64(index)) &- Int64(distance)
            let hasContent = form >> 8 & 1
            let isErased = form >> 9 & 1
            bits |= form >> 10 | hasContent & isErased
            bits |= UInt64(nextContent ^ contentEnd) & (hasContent &- 1)
            erased |= isErased
            factsEnd = nextFacts
            contentEnd = nextContent
        }
        guard signs >= 0, bits == 0, factsEnd == header.facts.rawByteCount,
            contentEnd == header.content.rawByteCount, (erased == 1) == header.holdsErased
        else { throw .metadataFields }
    }

    /// Whether the stream table's ends rise to its length.
    static func streamTable(_ heap: Span<UInt8>, _ header: BatchHeader) throws(FrameFault) {
        let namesByteCount = header.streamTableByteCount - header.streamCount * 4
        var end: UInt32 = 0
        for index in 0..<Int(header.streamCount) {
            let next: UInt32 = heap.littleEndian(at: index * 4)
            guard next >= end, next <= namesByteCount else { throw .metadataFields }
            end = next
        }
        guard end == namesByteCount else { throw .metadataFields }
    }
}
