internal import Bytes

/// Makes a batch's checksums right again, so that mutations reach what they guard
/// (offsets as in FORMAT.md §2.3).
struct FrameSealer {
    /// The segment's salt, which every batch repeats.
    let salt: UInt64
    /// Makes right also what follows from other fields: lengths, place, mask, digest, chain.
    let derives: Bool
    /// Takes a compressed heap's length from its zstd frame, so that it is decompressed.
    let trustsCompression: Bool

    /// The end of the last batch that is whole.
    private(set) var end = 0
    /// Events in the whole batches.
    private(set) var events: UInt64 = 0
    private var chain = [UInt8](repeating: 0, count: 32)

    init(salt: UInt64, derives: Bool, trustsCompression: Bool) {
        self.salt = salt
        self.derives = derives
        self.trustsCompression = trustsCompression
    }

    /// Seals the batches that follow each other from the first byte on.
    mutating func seal(_ bytes: inout [UInt8]) {
        while end + 192 <= bytes.count, isBatch(bytes) || derives && end == 0 {
            guard sealBatch(&bytes) else { return }
        }
    }

    private func isBatch(_ bytes: [UInt8]) -> Bool {
        bytes.integer(at: end, as: UInt32.self) == 0x3154_4241
    }

    /// Seals the batch at ``end`` and goes past it; false if it does not fit.
    private mutating func sealBatch(_ bytes: inout [UInt8]) -> Bool {
        let start = end
        let metadata = start + 192
        let facts = metadata + Int(bytes.integer(at: start + 12, as: UInt32.self))
        let factsEnd = facts + Int(bytes.integer(at: start + 84, as: UInt32.self))
        let content = facts + (factsEnd - facts + 7) & ~7
        let contentEnd = content + Int(bytes.integer(at: start + 96, as: UInt32.self))
        let trailer = content + (contentEnd - content + 7) & ~7
        let isWhole = trailer + 8 <= bytes.count
        if derives {
            place(&bytes, start, length: UInt32(truncatingIfNeeded: trailer + 8 - start))
            if isWhole {
                bytes.set(bytes.integer(at: start + 8, as: UInt32.self), at: trailer)
                bytes.set(UInt32(0x3154_4245), at: trailer + 4)
            }
        }
        if trustsCompression, isWhole {
            adoptLength(&bytes, heap: facts, codec: start + 108, length: start + 88)
            adoptLength(&bytes, heap: content, codec: start + 109, length: start + 100)
        }
        bytes.seal(metadata..<facts, checksumAt: start + 80)
        bytes.seal(facts..<factsEnd, checksumAt: start + 92)
        bytes.seal(content..<contentEnd, checksumAt: start + 104)
        if derives, isWhole {
            mask(&bytes, start, names: metadata, to: facts)
            digest(&bytes, start, [metadata..<facts, facts..<factsEnd, content..<contentEnd])
        }
        bytes.seal(start + 8..<start + 192, checksumAt: start + 4)
        guard isWhole else { return false }
        end = trailer + 8
        events &+= UInt64(bytes.integer(at: start + 32, as: UInt32.self))
        return true
    }

    private func place(_ bytes: inout [UInt8], _ start: Int, length: UInt32) {
        bytes.set(UInt32(0x3154_4241), at: start)
        bytes.set(length, at: start + 8)
        bytes.set(salt, at: start + 16)
        bytes.set(events, at: start + 24)
        bytes.set(UInt64(SampleStore.firstBatch + start), at: start + 56)
        bytes.set(UInt16(0), at: start + 110)
        bytes.set(UInt64(0), at: start + 120)
    }

    /// The bits of the types, where the names can be read.
    private func mask(_ bytes: inout [UInt8], _ start: Int, names: Int, to end: Int) {
        var offset = names + Int(bytes.integer(at: start + 32, as: UInt32.self)) * 32
        var mask: UInt64 = 0
        for index in 0...Int(bytes.integer(at: start + 112, as: UInt16.self)) {
            guard offset + 2 <= end else { return }
            let name = offset + 2
            offset = name + Int(bytes.integer(at: offset, as: UInt16.self))
            guard offset <= end else { return }
            // The first name is the run's.
            guard index > 0 else { continue }
            mask |= 1 << UInt64(Checksum.crc32c(bytes.span.extracting(name..<offset)) & 63)
        }
        bytes.set(mask, at: start + 40)
    }

    /// Digest (of heaps that are stored as they are) and chain hash.
    private mutating func digest(_ bytes: inout [UInt8], _ start: Int, _ parts: [Range<Int>]) {
        if bytes[start + 108] == 0, bytes[start + 109] == 0 {
            var digest = SHA256()
            digest.update(UInt64(bytes.integer(at: start + 32, as: UInt32.self)))
            for part in parts { digest.update(UInt64(part.count)) }
            digest.update(bytes.integer(at: start + 64))
            digest.update(bytes.integer(at: start + 72))
            for part in parts { digest.update(bytes.span.extracting(part)) }
            bytes.set(digest.finalize().bytes, at: start + 128)
        }
        var state = SHA256()
        state.update(chain.span)
        state.update(bytes.span.extracting(start + 128..<start + 160))
        state.update(bytes.integer(at: start + 48))
        chain = state.finalize().bytes
        bytes.set(chain, at: start + 160)
    }

    /// The length in a zstd frame's header (RFC 8878 §3.1.1.1), if it has one.
    private func adoptLength(_ bytes: inout [UInt8], heap: Int, codec: Int, length: Int) {
        guard bytes[codec] == 1, heap + 14 <= bytes.count else { return }
        let descriptor = bytes[heap + 4]
        let isSingle = descriptor & 0x20 != 0
        let dictionary = [0, 1, 2, 4][Int(descriptor & 3)]
        let place = heap + 5 + (isSingle ? 0 : 1) + dictionary
        let declared: UInt64 =
            switch descriptor >> 6 {
            case 0: isSingle ? UInt64(bytes[place]) : 0
            case 1: UInt64(bytes.integer(at: place, as: UInt16.self)) + 256
            default: UInt64(bytes.integer(at: place, as: UInt32.self))
            }
        bytes.set(UInt32(truncatingIfNeeded: declared), at: length)
    }
}
