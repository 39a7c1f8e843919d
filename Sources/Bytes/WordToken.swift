/// A word of a text: where it lies and what it reads as, letter case aside.
package struct WordToken: Sendable, Equatable {
    /// The offset of the word's first byte.
    package var start: UInt32
    /// The offset after its last byte.
    package var end: UInt32
    /// A 64-bit hash of the case-folded word, the same on every machine.
    package var hash: UInt64
    /// How the word is written.
    package var shape: Shape

    /// Letter case and kind of a word.
    package struct Shape: OptionSet, Sendable {
        /// The bits.
        package let rawValue: UInt8

        /// Takes the bits.
        @inlinable
        package init(rawValue: UInt8) { self.rawValue = rawValue }

        /// Begins with an upper-case letter.
        package static let capitalized = Shape(rawValue: 1)
        /// Holds no lower-case letter and at least one upper-case letter.
        package static let allCapitals = Shape(rawValue: 2)
        /// Holds only digits.
        package static let number = Shape(rawValue: 4)
    }

    @usableFromInline
    init(start: UInt32, end: UInt32, hash: UInt64, shape: Shape) {
        self.start = start
        self.end = end
        self.hash = hash
        self.shape = shape
    }

    /// The bytes that the word takes in its text.
    package var range: Range<Int> { Int(start)..<Int(end) }
}
