internal import Bytes

/// A character encoding of sources.
enum Charset: String, CaseIterable, Sendable {
    case utf8 = "utf-8"
    case utf16 = "utf-16"
    case utf16LittleEndian = "utf-16le"
    case utf16BigEndian = "utf-16be"
    case windows1252 = "windows-1252"

    /// The byte order that a text's byte order mark states, or its declared charset.
    static func utf16(of text: Span<UInt8>, declared: Charset?) -> (bigEndian: Bool, marked: Bool)?
    {
        if text.count >= 2 {
            switch (text[0], text[1]) {
            case (0xFF, 0xFE): return (false, true)
            case (0xFE, 0xFF): return (true, true)
            default: break
            }
        }
        switch declared {
        case .utf16, .utf16BigEndian: return (true, false)
        case .utf16LittleEndian: return (false, false)
        default: return nil
        }
    }

    /// Why bytes are not text in a charset, and where.
    struct Fault: Error, Equatable {
        let offset: Int
        let reason: String
    }

    /// Decodes bytes: by a byte order mark if there is one, else as declared, else as strict UTF-8.
    ///
    /// - Returns: UTF-8 without a byte order mark, and what was read.
    static func decode(
        _ bytes: [UInt8],
        declared: Charset?
    ) throws(Fault) -> (text: [UInt8], charset: Charset) {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            let text = Array(bytes[3...])
            try checkUTF8(text.span, skipped: 3)
            return (text, .utf8)
        }
        if let (bigEndian, marked) = utf16(of: bytes.span, declared: declared) {
            let text = try utf16(marked ? bytes[2...] : bytes[...], isBigEndian: bigEndian)
            return (text, bigEndian ? .utf16BigEndian : .utf16LittleEndian)
        }
        if declared == .windows1252 { return (try windows1252(bytes), .windows1252) }
        try checkUTF8(bytes.span, skipped: 0)
        return (bytes, .utf8)
    }

    private static func checkUTF8(_ text: Span<UInt8>, skipped: Int) throws(Fault) {
        if let offset = UTF8Scalar.firstInvalidOffset(in: text) {
            throw Fault(
                offset: offset + skipped,
                reason: "byte 0x\(Hex.string([text[offset]].span)) is not UTF-8"
            )
        }
        if let offset = text.firstIndex(of: 0) {
            throw Fault(offset: offset + skipped, reason: "a NUL byte: this is not text")
        }
    }

    /// RFC 2781, surrogates paired strictly.
    private static func utf16(
        _ bytes: ArraySlice<UInt8>,
        isBigEndian: Bool
    ) throws(Fault) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        func unit(at index: Int) -> UInt32 {
            let (first, second) = (UInt32(bytes[index]), UInt32(bytes[index + 1]))
            return isBigEndian ? first << 8 | second : second << 8 | first
        }
        while index < bytes.endIndex {
            guard index + 1 < bytes.endIndex else {
                throw Fault(offset: index, reason: "UTF-16 ends within a code unit")
            }
            let first = unit(at: index)
            guard first != 0 else {
                throw Fault(offset: index, reason: "a NUL character: this is not text")
            }
            if !(0xD800..<0xE000).contains(first) {
                UTF8Scalar.append(first, to: &text)
                index += 2
                continue
            }
            guard first < 0xDC00, index + 3 < bytes.endIndex,
                (0xDC00..<0xE000).contains(unit(at: index + 2))
            else { throw Fault(offset: index, reason: "a lone UTF-16 surrogate") }
            let low = unit(at: index + 2)
            UTF8Scalar.append(0x10000 + (first - 0xD800) << 10 + (low - 0xDC00), to: &text)
            index += 4
        }
        return text
    }

    private static func windows1252(_ bytes: [UInt8]) throws(Fault) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count + bytes.count / 8)
        for (offset, byte) in bytes.enumerated() {
            if byte == 0 {
                throw Fault(offset: offset, reason: "a NUL byte: this is not text")
            }
            if byte < 0x80 || byte >= 0xA0 {
                UTF8Scalar.append(UInt32(byte), to: &text)
                continue
            }
            let scalar = windowsBlock[Int(byte) - 0x80]
            guard scalar != 0 else {
                throw Fault(
                    offset: offset,
                    reason: "byte 0x\(Hex.string([byte].span)) means nothing in windows-1252"
                )
            }
            UTF8Scalar.append(scalar, to: &text)
        }
        return text
    }

    /// 0x80...0x9F (Unicode, MAPPINGS/VENDORS/MICSFT/WINDOWS/CP1252.TXT); 0 is undefined.
    private static let windowsBlock: [UInt32] = [
        0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
        0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0,
        0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
        0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178,
    ]
}
