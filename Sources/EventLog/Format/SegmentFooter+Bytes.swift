internal import Bytes

extension SegmentFooter {
    /// The footer's bytes, with zeros up to a length if it is shorter than that.
    func encoded(filling byteCount: Int = 0) -> [UInt8] {
        var bytes: [UInt8] = []
        for word in [Layout.footerMagic, 0, 0, UInt32(index.count) | flags.rawValue] {
            bytes.appendLittleEndian(word)
        }
        for word in [salt, events, batches, firstTime, lastTime] {
            bytes.appendLittleEndian(word)
        }
        bytes.appendLittleEndian(UInt32(producers.count))
        bytes.appendLittleEndian(UInt32(types.count))
        bytes += chain.bytes
        for entry in index {
            for word in [entry.relativePosition, entry.offset, entry.time, entry.typeMask] {
                bytes.appendLittleEndian(word)
            }
        }
        for (producer, mark) in producers.sorted(by: { $0.key < $1.key }) {
            for word in [producer, mark.sequence, mark.relativePosition] {
                bytes.appendLittleEndian(word)
            }
        }
        let byName = types.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        for (name, summary) in byName {
            for word in [summary.events, summary.firstTime, summary.lastTime] {
                bytes.appendLittleEndian(word)
            }
            bytes.appendName(name)
        }
        bytes.padToEight()
        let filled = byteCount - Layout.trailerByteCount
        if bytes.count < filled { bytes += [UInt8](repeating: 0, count: filled - bytes.count) }
        let length = UInt32(bytes.count + Layout.trailerByteCount)
        bytes.appendLittleEndian(length)
        bytes.appendLittleEndian(Layout.footerEndMagic)
        bytes.store(length, at: 8)
        bytes.store(Checksum.crc32c(bytes.span.extracting(8...)), at: 4)
        return bytes
    }

    /// Reads the bytes of a whole footer.
    static func parse(_ bytes: Span<UInt8>) throws(FrameFault) -> SegmentFooter {
        guard bytes.count >= Layout.footerHeaderByteCount + Layout.trailerByteCount,
            bytes.littleEndian(at: 0) == Layout.footerMagic,
            bytes.littleEndian(at: 4) == Checksum.crc32c(bytes.extracting(8...))
        else { throw .footer }
        guard bytes.littleEndian(at: 8) == UInt32(truncatingIfNeeded: bytes.count) else {
            throw .footerFields
        }
        var footer = SegmentFooter(salt: bytes.littleEndian(at: 16))
        footer.events = bytes.littleEndian(at: 24)
        guard footer.events <= Layout.positionMax else { throw .footerFields }
        footer.batches = bytes.littleEndian(at: 32)
        footer.firstTime = bytes.littleEndian(at: 40)
        footer.lastTime = bytes.littleEndian(at: 48)
        footer.chain = SHA256Digest(bytes, at: 64)
        var offset = try footer.readIndex(bytes)
        offset = try footer.readProducers(bytes, from: offset)
        try footer.readTypes(bytes, from: offset)
        return footer
    }

    private mutating func readIndex(_ bytes: Span<UInt8>) throws(FrameFault) -> Int {
        let word: UInt32 = bytes.littleEndian(at: 12)
        flags = FooterFlags(rawValue: word).intersection(.all)
        let count = Int(word & ~FooterFlags.all.rawValue)
        var offset = Layout.footerHeaderByteCount
        guard count <= (bytes.count - offset) / Layout.indexEntryByteCount else {
            throw .footerFields
        }
        index.reserveCapacity(count)
        for _ in 0..<count {
            index.append(
                IndexEntry(
                    relativePosition: bytes.littleEndian(at: offset),
                    offset: bytes.littleEndian(at: offset + 8),
                    time: bytes.littleEndian(at: offset + 16),
                    typeMask: bytes.littleEndian(at: offset + 24)
                )
            )
            offset += Layout.indexEntryByteCount
        }
        return offset
    }

    private mutating func readProducers(
        _ bytes: Span<UInt8>,
        from start: Int
    ) throws(FrameFault) -> Int {
        let count = Int(bytes.littleEndian(at: 56, as: UInt32.self))
        guard count <= (bytes.count - start) / Layout.producerEntryByteCount else {
            throw .footerFields
        }
        var offset = start
        for _ in 0..<count {
            producers[bytes.littleEndian(at: offset)] = ProducerMark(
                sequence: bytes.littleEndian(at: offset + 8),
                relativePosition: bytes.littleEndian(at: offset + 16)
            )
            offset += Layout.producerEntryByteCount
        }
        return offset
    }

    private mutating func readTypes(
        _ bytes: Span<UInt8>,
        from start: Int
    ) throws(FrameFault) {
        let count = bytes.littleEndian(at: 60, as: UInt32.self)
        let end = bytes.count - Layout.trailerByteCount
        var offset = start
        for _ in 0..<count {
            guard offset + 26 <= end else { throw .footerFields }
            let length = Int(bytes.littleEndian(at: offset + 24, as: UInt16.self))
            guard offset + 26 + length <= end else { throw .footerFields }
            let name = bytes.extracting(offset + 26..<offset + 26 + length)
            types[String(lossyUTF8: name)] = TypeSummary(
                events: bytes.littleEndian(at: offset),
                firstTime: bytes.littleEndian(at: offset + 8),
                lastTime: bytes.littleEndian(at: offset + 16)
            )
            offset += 26 + length
        }
    }
}

extension SegmentFile {
    /// The footer that ends the file; nil if the file does not end with one.
    func footer() throws(LogError) -> (offset: UInt64, footer: SegmentFooter)? {
        let start = UInt64(Layout.segmentStartByteCount)
        let trailer = UInt64(Layout.trailerByteCount)
        guard size >= start + trailer else { return nil }
        let end = try file.bytes(at: size - trailer, count: Layout.trailerByteCount)
        guard end.count == Layout.trailerByteCount,
            end.span.littleEndian(at: 4) == Layout.footerEndMagic
        else { return nil }
        let length = UInt64(end.span.littleEndian(at: 0, as: UInt32.self))
        guard length <= Layout.footerBytesMax, length <= size - start else { return nil }
        let bytes = try file.bytes(at: size - length, count: Int(length))
        guard let footer = try? SegmentFooter.parse(bytes.span), footer.salt == self.start.salt
        else { return nil }
        return (size - length, footer)
    }
}
