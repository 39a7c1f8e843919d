/// Puts bytes behind the log that no writer finished.
struct TearTail: ModelCommand {
    var byteCount = 1
    var byte = 0

    static func random(_ generator: inout SeededGenerator) -> TearTail {
        TearTail(
            byteCount: Int.random(in: 1..<700, using: &generator),
            byte: [0, 0x41, 0xFF].randomElement(using: &generator) ?? 0
        )
    }

    var simpler: [any ModelCommand] {
        byteCount.smaller.filter { $0 > 0 }.map { TearTail(byteCount: $0, byte: byte) }
            + byte.smaller.map { TearTail(byteCount: byteCount, byte: $0) }
    }
    var description: String { "TearTail(byteCount: \(byteCount), byte: \(byte))" }

    func run(in world: ModelWorld) throws {
        guard world.writer == nil, let last = try world.segments().last else { return }
        let bytes = try world.bytes(of: last)
        // Nobody writes behind a footer: what is there is refused, not cut off.
        if bytes.suffix(4).elementsEqual("EFT1".utf8) { return }
        let tail = [UInt8](repeating: UInt8(byte), count: byteCount)
        try world.write(tail, to: last, at: bytes.count)
        world.isTorn = true
        world.isChanged = true
    }
}

/// Damages a slot of HEAD.
struct LoseHead: ModelCommand {
    var slot = 0

    static func random(_ generator: inout SeededGenerator) -> LoseHead {
        LoseHead(slot: Int.random(in: 0..<2, using: &generator))
    }

    var description: String { "LoseHead(slot: \(slot))" }

    func run(in world: ModelWorld) throws {
        guard world.writer == nil, try !world.segments().isEmpty else { return }
        let path = world.directory + "/HEAD"
        guard let head = try? world.bytes(of: path), head.count > slot * 512 + 20 else { return }
        try world.write([~head[slot * 512 + 17]], to: path, at: slot * 512 + 17)
        world.isHeadDamaged = true
        world.isChanged = true
    }
}
