/// Batches of a segment: a byte of choices, then what follows the segment's first page.
struct BatchTarget: FuzzTarget {
    let hasFields = true
    private let sample = SampleStore()

    func test(_ input: [UInt8]) {
        var input = InputBytes(input)
        let choices = input.byte()
        var batches = input.remaining()
        var sealer = FrameSealer(
            salt: sample.salt,
            derives: choices & 1 != 0,
            trustsCompression: choices & 2 != 0
        )
        sealer.seal(&batches)
        FooterTarget.seal(&batches, from: sealer.end, salt: sample.salt)
        var files = sample.files.filter { !$0.key.hasSuffix(".seg") }
        files[SampleStore.segmentPath(0)] =
            sample.segment(0).prefix(SampleStore.firstBatch) + batches
        switch choices >> 2 & 3 {
        case 0: files[SampleStore.headPath] = nil
        case 1: files[SampleStore.headPath] = head(sealer.events, end: UInt64(sealer.end))
        case 2: files[SampleStore.headPath] = head(sealer.events &+ 1, end: UInt64(batches.count))
        // A HEAD that promises more than any disk holds.
        default: files[SampleStore.headPath] = head(1 << 40, end: 1 << 40)
        }
        StoreExercise.run(files)
    }

    private func head(_ position: UInt64, end: UInt64) -> [UInt8] {
        sample.head(
            base: 0,
            salt: sample.salt,
            position: position,
            offset: UInt64(SampleStore.firstBatch) + end
        )
    }
}
