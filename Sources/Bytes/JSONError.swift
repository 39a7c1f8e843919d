/// Text that is not JSON (RFC 8259), with the place where it stops being so.
package struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The offset, in bytes.
    package let offset: Int
    /// What stood to be read there.
    package let expected: String

    /// Names a place and what was expected there.
    @inlinable
    package init(at offset: Int, expected: String) {
        self.offset = offset
        self.expected = expected
    }

    package var description: String {
        "not JSON at byte \(offset): expected \(expected)"
    }
}
