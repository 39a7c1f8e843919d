/// A place in a source: what an editor shows, and the byte for those who slice.
///
/// Stored in 12 bytes, because a tree keeps two for every node.
package struct Mark: Sendable, Hashable, Comparable {
    private let lineNumber: UInt32
    private let columnNumber: UInt32
    private let byteOffset: UInt32

    /// The line, counted from 1; lines end at LF, CR LF or CR.
    package var line: Int { Int(lineNumber) }
    /// The column, counted from 1, in Unicode scalars.
    package var column: Int { Int(columnNumber) }
    /// The offset in bytes from the start of the source.
    package var offset: Int { Int(byteOffset) }

    /// A mark at the given place; numbers outside 32 bits are clamped.
    package init(line: Int, column: Int, offset: Int) {
        lineNumber = UInt32(clamping: line)
        columnNumber = UInt32(clamping: column)
        byteOffset = UInt32(clamping: offset)
    }

    /// The first place of any source.
    package static let start = Mark(line: 1, column: 1, offset: 0)

    /// Orders marks of one source by their offset.
    package static func < (left: Mark, right: Mark) -> Bool {
        left.byteOffset < right.byteOffset
    }
}
