internal import Bytes

/// The names in a batch's metadata, kept while batches repeat them byte for byte: most do.
struct BatchNames: Sendable {
    private(set) var run = ""
    private(set) var types: [String] = []
    private(set) var stages: [String] = []
    private var typeMask: UInt64 = 0
    private var bytes: [UInt8] = []

    /// Reads the names after the records; throws if they are not what the header says.
    mutating func read(_ bytes: Span<UInt8>, header: BatchHeader) throws(FrameFault) {
        let isSame =
            bytes.isEqual(to: self.bytes.span)
            && types.count == Int(header.typeCount) && stages.count == Int(header.stageCount)
        if !isSame { try parse(bytes, header: header) }
        guard typeMask == header.typeMask else { throw .metadataFields }
    }

    private mutating func parse(
        _ bytes: Span<UInt8>,
        header: BatchHeader
    ) throws(FrameFault) {
        self.bytes = []
        var offset = 0
        run = try name(bytes, &offset)
        types = []
        for _ in 0..<header.typeCount { types.append(try name(bytes, &offset)) }
        stages = []
        for _ in 0..<header.stageCount { stages.append(try name(bytes, &offset)) }
        let rest = bytes.extracting(offset...)
        guard rest.count < 8, rest.isZero else { throw .metadataFields }
        typeMask = TypeMask.bits(of: types)
        self.bytes = [UInt8](copying: bytes)
    }

    private func name(
        _ bytes: Span<UInt8>,
        _ offset: inout Int
    ) throws(FrameFault) -> String {
        guard offset + 2 <= bytes.count else { throw .metadataFields }
        let length = Int(bytes.littleEndian(at: offset, as: UInt16.self))
        guard length <= Layout.nameBytesMax, offset + 2 + length <= bytes.count else {
            throw .metadataFields
        }
        offset += 2 + length
        return String(lossyUTF8: bytes.extracting(offset - length..<offset))
    }
}
