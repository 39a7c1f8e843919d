/// libFuzzer's own mutation.
@_extern(c, "LLVMFuzzerMutate")
func mutate(_ start: UnsafeMutablePointer<UInt8>?, _ count: Int, _ limit: Int) -> Int

/// What libFuzzer calls to change an input in place; returns the new length.
///
/// Blocks of the log are fields of four and eight bytes, and what is wrong with them is mostly a
/// value at the end of a range: every other mutation of one writes such a value over a field.
@_cdecl("LLVMFuzzerCustomMutator")
func mutateInput(
    _ start: UnsafeMutablePointer<UInt8>?,
    _ count: Int,
    _ limit: Int,
    _ seed: CUnsignedInt
) -> Int {
    guard target.hasFields, seed % 2 == 0, count >= 16 else {
        return unsafe mutate(start, count, limit)
    }
    // A step of a linear congruential generator (Knuth) for each choice.
    var state = UInt64(seed)
    func choose(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % bound
    }
    let input = unsafe UnsafeMutableBufferPointer(start: start, count: count)
    let width = choose(2) == 0 ? 4 : 8
    // The first byte holds the choices; fields are aligned in what follows.
    let place = 1 + choose((count - 1) / 4) * 4
    guard place + width <= count else { return unsafe mutate(start, count, limit) }
    let power = UInt64(1) << UInt64(choose(width * 8))
    let distance = UInt64(choose(9)) &- 4
    let value = choose(8) == 0 ? distance : power &+ distance
    for index in 0..<width {
        unsafe input[place + index] = UInt8(truncatingIfNeeded: value >> UInt64(index * 8))
    }
    return count
}
