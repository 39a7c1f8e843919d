internal import Bytes
internal import Stages

/// The input around a place where something failed, on a line, with a caret below the place.
struct InputExcerpt {
    /// The line, escaped.
    let line: String
    /// Where the caret stands below it, in columns.
    let caret: Int
    /// The number of the line in the input, from 1; nil where it was not counted.
    let lineNumber: Int?

    /// Reads around an offset of a file, compressed or not; nil where it cannot be read that far.
    init?(file: String, offset: Int, columns: Int) {
        guard file != "-", offset >= 0 else { return nil }
        let window = max(256, columns * 4)
        guard
            let found = SourceWindow.read(
                file,
                from: max(0, offset - window),
                count: window + min(offset, window)
            )
        else { return nil }
        self.init(
            bytes: found.bytes,
            offset: min(offset, window),
            lineNumber: found.linesBefore + 1
                + found.bytes.prefix(min(offset, window)).count { $0 == 0x0A },
            columns: columns
        )
    }

    /// Takes a stretch of text and a place in it.
    init?(bytes: [UInt8], offset: Int, lineNumber: Int?, columns: Int) {
        guard !bytes.isEmpty, offset <= bytes.count else { return nil }
        self.lineNumber = lineNumber
        let head = bytes[..<offset]
        let first = head.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        let last = bytes[offset...].firstIndex(of: 0x0A) ?? bytes.count
        // Bytes that are no text are shown by their numbers.
        var before = Self.shown(bytes[first..<offset])
        var after = Self.shown(bytes[offset..<max(offset, last)])
        let room = max(20, columns)
        if before.count > room / 2 { before = "…" + before.suffix(room / 2 - 1) }
        if after.count > room - before.count { after = after.prefix(room - before.count - 1) + "…" }
        line = before + after
        caret = before.count
    }

    /// ASCII as it is, all else as UTF-8 if it is, else as `\xFF`.
    private static func shown(_ bytes: ArraySlice<UInt8>) -> String {
        let bytes = Array(bytes)
        var text = ""
        var index = 0
        while index < bytes.count {
            let rest = Array(bytes[index..<min(bytes.count, index + 4)])
            let (width, isSound) = width(of: rest)
            if isSound {
                let scalar = String(decoding: rest.prefix(width), as: UTF8.self)
                text += TerminalText.escaped(scalar)
            } else {
                text += "\\x" + Hex.string(UInt64(bytes[index])).suffix(2).uppercased()
            }
            index += width
        }
        return text
    }

    /// The bytes of the code point that begins some bytes, and whether it is one.
    private static func width(of bytes: [UInt8]) -> (Int, Bool) {
        guard let first = bytes.first else { return (1, false) }
        if first < 0x80 { return (1, true) }
        for width in 2...4 where width <= bytes.count {
            let part = Array(bytes.prefix(width))
            if UTF8Scalar.firstInvalidOffset(in: part.span) == nil { return (width, true) }
        }
        return (1, false)
    }
}
