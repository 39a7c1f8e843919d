/// A document's identity: its source key, the same on every machine.
///
/// The key is the record's id or URL, else the file's path relative to the working folder, with
/// `#` and the record's number where a file holds many.
package struct DocumentID: RawRepresentable, Hashable, Comparable, Sendable, CustomStringConvertible
{
    /// The key.
    package let rawValue: String

    /// Takes a key.
    package init(rawValue: String) { self.rawValue = rawValue }

    package var description: String { rawValue }

    /// By bytes: two spellings of one letter are two files, and two streams of the log.
    package static func == (left: DocumentID, right: DocumentID) -> Bool {
        left.rawValue.utf8.elementsEqual(right.rawValue.utf8)
    }

    package static func < (left: DocumentID, right: DocumentID) -> Bool {
        left.rawValue.utf8.lexicographicallyPrecedes(right.rawValue.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        var text = rawValue
        text.withUTF8 { unsafe hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}
