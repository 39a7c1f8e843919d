internal import Bytes
@_spi(_Unicode) internal import Swift

/// Normalization form C (Unicode Standard Annex 15) for the stretches of a text that may need it.
///
/// The composing itself is the standard library's, the one by which `String` compares. Foundation's
/// takes time in the square of the text's length.
enum NormalForm {
    /// Longer runs of combining marks are sorted before the standard library sees them: it sorts by
    /// insertion.
    private static let markRunLimit = 32

    /// Composes a text.
    ///
    /// - Parameters:
    ///   - text: UTF-8.
    ///   - offset: the offset of the first code point that is not surely normal.
    /// - Returns: the text in NFC, and how many stretches were not.
    static func compose(_ text: [UInt8], from offset: Int) -> (bytes: [UInt8], changed: Int) {
        let input = text.span
        var output: [UInt8] = []
        output.reserveCapacity(text.count)
        var changed = 0
        var copied = 0
        var start = scalarStart(input, before: offset)
        while start < text.count {
            let end = stretchEnd(input, from: start)
            if end.isSuspect {
                let before = output.count
                output.append(contentsOf: input.extracting(copied..<start))
                let mark = before + start - copied
                append(input.extracting(start..<end.index), to: &output)
                if !output.span.extracting(mark...).isEqual(to: input.extracting(start..<end.index))
                {
                    changed += 1
                }
                copied = end.index
            }
            start = end.index
        }
        output.append(contentsOf: input.extracting(copied..<text.count))
        return (output, changed)
    }

    /// The end of the stretch that begins with a code point: up to the next surely normal one,
    /// before which a text may be cut without changing its normal form.
    private static func stretchEnd(
        _ text: Span<UInt8>,
        from start: Int
    ) -> (index: Int, isSuspect: Bool) {
        let first = UTF8Scalar.decode(text, at: start)
        var isSuspect = !CharacterClass.isSurelyNormal(first.scalar)
        var index = start + first.width
        while index < text.count {
            let next = UTF8Scalar.decode(text, at: index)
            if CharacterClass.isSurelyNormal(next.scalar) { break }
            isSuspect = true
            index += next.width
        }
        return (index, isSuspect)
    }

    private static func scalarStart(_ text: Span<UInt8>, before offset: Int) -> Int {
        var index = max(0, offset - 1)
        while index > 0, text[index] & 0xC0 == 0x80 { index -= 1 }
        return index
    }

    private static func append(_ stretch: Span<UInt8>, to output: inout [UInt8]) {
        let text = String(lossyUTF8: stretch)
        if stretch.count > markRunLimit {
            var sorted = String.UnicodeScalarView()
            MarkOrder.sort(text.unicodeScalars, into: &sorted)
            append(String(sorted), to: &output)
        } else {
            append(text, to: &output)
        }
    }

    private static func append(_ text: String, to output: inout [UInt8]) {
        for scalar in text._nfc { UTF8Scalar.append(scalar.value, to: &output) }
    }
}

/// Canonical ordering of combining marks in linear time.
enum MarkOrder {
    /// Sorts each run of marks by combining class, keeping the order within a class.
    static func sort(
        _ scalars: String.UnicodeScalarView,
        into sorted: inout String.UnicodeScalarView
    ) {
        var run: [(scalar: Unicode.Scalar, order: UInt8)] = []
        for scalar in scalars {
            let order = scalar.properties.canonicalCombiningClass.rawValue
            if order == 0 { close(&run, into: &sorted) }
            if order == 0 { sorted.append(scalar) } else { run.append((scalar, order)) }
        }
        close(&run, into: &sorted)
    }

    private static func close(
        _ run: inout [(scalar: Unicode.Scalar, order: UInt8)],
        into sorted: inout String.UnicodeScalarView
    ) {
        if run.isEmpty { return }
        var buckets = [[Unicode.Scalar]](repeating: [], count: 256)
        for mark in run { buckets[Int(mark.order)].append(mark.scalar) }
        for bucket in buckets { sorted.append(contentsOf: bucket) }
        run.removeAll(keepingCapacity: true)
    }
}
