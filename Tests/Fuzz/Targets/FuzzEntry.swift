internal import Glibc

/// What libFuzzer calls with each input; `ANNALS_FUZZ` names the target.
@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe [UInt8](UnsafeBufferPointer(start: start, count: count))
    target.test(input)
    return 0
}

let target: any FuzzTarget = {
    let name = unsafe getenv("ANNALS_FUZZ").map { unsafe String(cString: $0) } ?? ""
    switch name {
    case "batch": return BatchTarget()
    case "footer": return FooterTarget()
    case "head": return HeadTarget()
    case "cbor": return CBORTarget()
    case "yaml": return YAMLTarget()
    default:
        fatalError("ANNALS_FUZZ names no target: batch, footer, head, cbor or yaml")
    }
}()

/// A parser with what must hold for whatever it is given; what is not as required is a finding.
protocol FuzzTarget: Sendable {
    /// Whether inputs are a byte of choices and then fields of four and eight bytes.
    var hasFields: Bool { get }
    /// Tries one input.
    func test(_ input: [UInt8])
}

/// Takes a result, so that an optimiser cannot drop what made it.
@inline(never)
@_optimize(none)
func use<Value>(_ value: borrowing Value) {}

/// Ends the process with a message if a condition does not hold; `precondition` has none in an
/// optimised build.
func require(_ condition: Bool, _ message: @autoclosure () -> String) {
    if !condition { fatalError(message()) }
}
