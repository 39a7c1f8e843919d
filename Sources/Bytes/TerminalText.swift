/// Makes untrusted text harmless on a terminal (invariant 8).
package enum TerminalText {
    /// Whether a code point can act on a terminal or reorder what it shows: C0, DEL, C1, line and
    /// paragraph separators, bidirectional controls.
    @inlinable
    package static func isUnsafe(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0..<0x20, 0x7F...0x9F, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0x061C,
            0xFEFF:
            true
        default:
            false
        }
    }

    /// The text with each unsafe code point written as `\u{1b}`; line ends too unless they are kept.
    package static func escaped(_ text: String, keepingLines: Bool = false) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if !isUnsafe(scalar.value) || (keepingLines && scalar == "\n") {
                result.append(scalar)
            } else {
                result.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
            }
        }
        return String(result)
    }
}
