/// Bytes that are not the deterministic CBOR that Annals writes.
package struct CBORError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was wrong.
    package enum Code: String, Sendable {
        case truncated, unexpectedType, unsupported, invalidText, notDeterministic, trailingBytes
        case missingKey, outOfRange, tooDeep
    }

    /// What was wrong.
    package let code: Code
    /// Where, in bytes from the start of the item.
    package let offset: Int
    /// What stood to be read: a type or a key.
    package let expected: String

    /// Names a fault and its place.
    package init(_ code: Code, at offset: Int, expected: String = "") {
        self.code = code
        self.offset = offset
        self.expected = expected
    }

    package var description: String {
        let wanted = expected.isEmpty ? "" : " (expected \(expected))"
        return "CBOR \(code.rawValue) at byte \(offset)\(wanted)"
    }
}
