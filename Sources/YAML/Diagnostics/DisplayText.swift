/// Text of files made fit for a terminal (invariant 8): nothing in it can act or hide.
package enum DisplayText {
    private static let clipLength = 40

    /// The text with every scalar that acts, hides or reorders written as `\u{…}`.
    package static func escaped(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
        var result = ""
        for scalar in text.unicodeScalars { appendEscaped(scalar, to: &result) }
        return result
    }

    /// The text escaped, in quotes and clipped, for use within a sentence.
    package static func quoted(_ text: String) -> String {
        "\"\(clipped(text))\""
    }

    /// The text escaped and clipped.
    package static func clipped(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard
            let end = scalars.index(
                scalars.startIndex,
                offsetBy: clipLength,
                limitedBy: scalars.endIndex
            ),
            end != scalars.endIndex
        else { return escaped(text) }
        return escaped(String(scalars[..<end])) + "…"
    }

    /// `"a", "b" or "c"`; one word stands alone.
    static func choice(_ words: [String]) -> String {
        let quoted = words.map { "\"\($0)\"" }
        guard let last = quoted.last, quoted.count > 1 else { return quoted.joined() }
        return quoted.dropLast().joined(separator: ", ") + " or " + last
    }

    static func appendEscaped(_ scalar: Unicode.Scalar, to text: inout String) {
        if actsOrHides(scalar) {
            switch scalar {
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            default: text += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            }
        } else {
            text.unicodeScalars.append(scalar)
        }
    }

    /// Controls, formats (bidi, zero width, tags), line separators and what has no glyph.
    static func actsOrHides(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value < 0x7F { return scalar.value < 0x20 }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse,
            .unassigned:
            return true
        default:
            return false
        }
    }

    /// Cells of a terminal that a harmless scalar takes: 0, 1 or 2.
    static func cellCount(of scalar: Unicode.Scalar) -> Int {
        if scalar.value < 0x300 { return 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return 0
        default: return isWide(scalar) ? 2 : 1
        }
    }

    /// The wide blocks of UAX #11, coarsely; emoji by their own property.
    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3,
            0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
            0x20000...0x3FFFD:
            true
        default:
            scalar.properties.isEmojiPresentation
        }
    }
}
