internal import Bytes

/// A segment's footer: a byte of choices, then the footer.
struct FooterTarget: FuzzTarget {
    let hasFields = true
    private let sample = SampleStore()
    /// The first segment without its footer.
    private let batches: [UInt8]

    init() {
        let segment = sample.segment(0)
        let length = segment.integer(at: segment.count - 8, as: UInt32.self)
        batches = segment.dropLast(Int(length))
    }

    func test(_ input: [UInt8]) {
        var input = InputBytes(input)
        let choices = input.byte()
        var footer = input.remaining()
        if choices & 1 != 0, footer.count >= 104 { Self.derive(&footer, salt: sample.salt) }
        Self.seal(&footer, from: 0, salt: sample.salt)
        let segment = batches + footer
        var files = sample.files.filter { !$0.key.hasSuffix(".seg") }
        files[SampleStore.segmentPath(0)] = segment
        if choices & 2 != 0, footer.count >= 104 {
            // A second segment that continues this one exactly as its footer says.
            addSuccessor(of: segment, footer, to: &files)
        } else {
            files[SampleStore.headPath] =
                choices & 4 != 0
                ? nil
                : sample.head(
                    base: 0,
                    salt: sample.salt,
                    position: sample.bases[1],
                    offset: UInt64(batches.count)
                )
        }
        StoreExercise.run(files)
    }

    private func addSuccessor(
        of segment: [UInt8],
        _ footer: [UInt8],
        to files: inout [String: [UInt8]]
    ) {
        let base: UInt64 = footer.integer(at: 24)
        let second = sample.segment(sample.bases[1])
        var chain = SHA256()
        chain.update(segment.span.extracting(576..<608))
        chain.update(footer.span.extracting(64..<96))
        var join = second
        join.set(base, at: 544)
        join.set(UInt64(0), at: 552)
        join.set(UInt64(segment.count), at: 560)
        join.set(sample.salt, at: 568)
        join.set(chain.finalize().bytes, at: 576)
        join.seal(524..<4096, checksumAt: 520)
        files[SampleStore.segmentPath(base)] = join
        files[SampleStore.headPath] = sample.head(
            base: base,
            salt: second.integer(at: 16),
            position: base,
            offset: UInt64(SampleStore.firstBatch)
        )
    }

    private static func derive(_ footer: inout [UInt8], salt: UInt64) {
        footer.set(UInt32(0x3154_4641), at: 0)
        footer.set(UInt32(footer.count), at: 8)
        footer.set(salt, at: 16)
        footer.set(UInt32(footer.count), at: footer.count - 8)
        footer.set(UInt32(0x3154_4645), at: footer.count - 4)
    }

    /// Makes the checksum of a footer right that lies from an offset to the end.
    static func seal(_ bytes: inout [UInt8], from start: Int, salt: UInt64) {
        guard bytes.count - start >= 104,
            bytes.integer(at: start, as: UInt32.self) == 0x3154_4641
        else { return }
        bytes.set(salt, at: start + 16)
        bytes.seal(start + 8..<bytes.count, checksumAt: start + 4)
    }
}
