/// STORE, HEAD and the last segment's first page: a byte of choices, then each block without the
/// zeros that fill it up (64 bytes, two slots of 96, a header of 24, a join block of 96).
struct HeadTarget: FuzzTarget {
    let hasFields = true
    private let sample = SampleStore()

    func test(_ input: [UInt8]) {
        var input = InputBytes(input)
        let choices = input.byte()
        var store = input.bytes(64)
        var head = input.bytes(96).padded(to: 512) + input.bytes(96).padded(to: 512)
        var page = input.bytes(24).padded(to: 512) + input.bytes(96).padded(to: 3584)
        if choices & 1 != 0 { store.seal(0..<60, checksumAt: 60) }
        if choices & 2 != 0 {
            head.seal(8..<512, checksumAt: 4)
            head.seal(520..<1024, checksumAt: 516)
        }
        if choices & 4 != 0 {
            page.seal(12..<512, checksumAt: 8)
            page.seal(524..<4096, checksumAt: 520)
        }
        let rest = input.remaining()
        if choices & 8 != 0 { store += rest } else { head += rest }
        var files = sample.files
        if choices & 16 != 0 { files = files.filter { !$0.key.hasSuffix(".seg") } }
        let last = sample.bases[2]
        let base: UInt64 = choices & 32 != 0 ? page.integer(at: 544) : last
        files[SampleStore.segmentPath(last)] = nil
        files[SampleStore.segmentPath(base)] = page + sample.segment(last).dropFirst(4096)
        if choices & 64 == 0 { files[SampleStore.storePath] = store }
        files[SampleStore.headPath] = choices & 128 != 0 ? Array(head.prefix(rest.count)) : head
        StoreExercise.run(files)
    }
}
