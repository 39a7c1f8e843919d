internal import Bytes

extension EventBatchBuilder {
    /// Compresses, checksums and digests the batch: the heavy part, without I/O, for a worker.
    ///
    /// `facts` says how facts are stored if not like contents: plain facts replay some five times
    /// faster and take some three times the room.
    package consuming func encode(
        compression: Compression = .fast,
        facts factsCompression: Compression? = nil
    ) throws(LogError) -> EncodedBatch {
        if let fault { throw fault }
        guard count > 0 else {
            throw LogError(
                .emptyBatch,
                path: "batch at \(firstPosition)",
                expected: "at least one event",
                found: "none"
            )
        }
        let streamTable = streams.encoded()
        // In place: most often the array has grown to more than it holds.
        facts.insert(contentsOf: streamTable, at: 0)
        var header = BatchHeader()
        header.recordCount = UInt32(count)
        header.streamCount = UInt32(streams.count)
        header.typeCount = UInt16(types.names.count)
        header.stageCount = UInt16(stages.names.count)
        header.streamTableByteCount = UInt32(streamTable.count)
        header.typeMask = TypeMask.bits(of: types.names)
        header.producer = producer
        header.sequence = sequence

        var body = metadata(streamTableByteCount: streamTable.count)
        header.metadataByteCount = UInt32(body.count)
        header.metadataCRC = Checksum.crc32c(body.span)
        header.digest = BatchDigest.digest(
            of: header,
            metadata: body.span,
            facts: facts.span,
            content: content.span
        )
        header.facts = HeapCodec.append(
            facts,
            to: &body,
            compression: factsCompression ?? compression
        )
        header.content = HeapCodec.append(content, to: &body, compression: compression)
        body.appendLittleEndian(UInt32(header.frameByteCount))
        body.appendLittleEndian(Layout.batchEndMagic)
        BufferPool.give(facts)
        BufferPool.give(content)
        return EncodedBatch(
            firstPosition: firstPosition,
            count: count,
            rawByteCount: facts.count + content.count,
            header: header,
            frame: FrameBody(body),
            typeCounts: zip(types.names, types.counts).map { ($0, UInt64($1)) }
        )
    }

    /// Records and names, padded, with room for what follows them in the frame.
    private mutating func metadata(streamTableByteCount: Int) -> [UInt8] {
        var bytes = BufferPool.take()
        // All of the frame's body at its longest, so that it never grows: what compression saves
        // of it is never touched.
        bytes.reserveCapacity(records.count * 8 + facts.count + content.count + 4096)
        for index in stride(from: 0, to: records.count, by: 4) {
            // The ends of facts are the low half of a record's first word and cannot overflow it.
            let word = UInt64(littleEndian: records[index]) + UInt64(streamTableByteCount)
            records[index] = word.littleEndian
        }
        unsafe records.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
        bytes.appendName(run)
        for name in types.names { bytes.appendName(name) }
        for name in stages.names { bytes.appendName(name) }
        bytes.padToEight()
        return bytes
    }
}
