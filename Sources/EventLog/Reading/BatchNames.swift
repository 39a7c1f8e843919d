internal import Bytes

/// The names in a batch's metadata, kept while batches repeat them byte for byte: most do.
struct BatchNames: Sendable {
    /// The names of some batch, and the bytes and counts that they were read from.
    private struct Table {
        var run = ""
        var types: [String] = []
        var stages: [String] = []
        var typeMask: UInt64 = 0
        var bytes: [UInt8] = []

        func isRead(from bytes: Span<UInt8>, _ header: BatchHeader) -> Bool {
            bytes.isEqual(to: self.bytes.span)
                && types.count == Int(header.typeCount) && stages.count == Int(header.stageCount)
        }
    }

    /// As many as there are kinds of small batches that take turns.
    private static let tablesMax = 16
    private var tables = [Table()]
    private var current = 0

    var run: String { tables[current].run }
    var types: [String] { tables[current].types }
    var stages: [String] { tables[current].stages }

    /// Reads the names after the records; throws if they are not what the header says.
    mutating func read(_ bytes: Span<UInt8>, header: BatchHeader) throws(FrameFault) {
        if !tables[current].isRead(from: bytes, header) { try find(bytes, header) }
        guard tables[current].typeMask == header.typeMask else { throw .metadataFields }
    }

    private mutating func find(
        _ bytes: Span<UInt8>,
        _ header: BatchHeader
    ) throws(FrameFault) {
        for index in tables.indices where tables[index].isRead(from: bytes, header) {
            current = index
            return
        }
        let table = try parse(bytes, header)
        if tables.count < Self.tablesMax {
            current = tables.count
            tables.append(table)
        } else {
            current = (current + 1) % tables.count
            tables[current] = table
        }
    }

    private func parse(
        _ bytes: Span<UInt8>,
        _ header: BatchHeader
    ) throws(FrameFault) -> Table {
        var table = Table()
        var offset = 0
        table.run = try name(bytes, &offset)
        for _ in 0..<header.typeCount { table.types.append(try name(bytes, &offset)) }
        for _ in 0..<header.stageCount { table.stages.append(try name(bytes, &offset)) }
        let rest = bytes.extracting(offset...)
        guard rest.count < 8, rest.isZero else { throw .metadataFields }
        table.typeMask = TypeMask.bits(of: table.types)
        table.bytes = [UInt8](copying: bytes)
        return table
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
