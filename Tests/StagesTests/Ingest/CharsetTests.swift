import Testing

@testable import Stages

@Suite("Charsets")
struct CharsetTests {
    static let texts: [(bytes: [UInt8], declared: Charset?, text: String, charset: Charset)] = [
        (Array("a\u{E9}\u{1F600}".utf8), nil, "a\u{E9}\u{1F600}", .utf8),
        ([0xEF, 0xBB, 0xBF, 0x61], nil, "a", .utf8), ([], nil, "", .utf8),
        ([0xEF, 0xBB, 0xBF], nil, "", .utf8),
        ([0xFF, 0xFE, 0x61, 0, 0x3D, 0xD8, 0, 0xDE], nil, "a\u{1F600}", .utf16LittleEndian),
        ([0xFE, 0xFF, 0, 0x61, 0xD8, 0x3D, 0xDE, 0], nil, "a\u{1F600}", .utf16BigEndian),
        ([0xFF, 0xFE], nil, "", .utf16LittleEndian),
        ([0, 0x61], .utf16, "a", .utf16BigEndian),
        ([0, 0x61], .utf16BigEndian, "a", .utf16BigEndian),
        ([0x61, 0], .utf16LittleEndian, "a", .utf16LittleEndian),
        ([0xFE, 0xFF, 0, 0x61], .utf16LittleEndian, "a", .utf16BigEndian),
        (
            [0x80, 0x93, 0x61, 0x94, 0xE9, 0xFF], .windows1252,
            "\u{20AC}\u{201C}a\u{201D}\u{E9}\u{FF}", .windows1252
        ),
        ([0xEF, 0xBB, 0xBF, 0x61], .windows1252, "a", .utf8),
    ]

    @Test("text is read by its byte order mark, else as declared, else as UTF-8", arguments: texts)
    func decode(bytes: [UInt8], declared: Charset?, text: String, charset: Charset) throws {
        let read = try Charset.decode(bytes, declared: declared)
        #expect(read.text == Array(text.utf8))
        #expect(read.charset == charset)
    }

    static let faults: [(bytes: [UInt8], declared: Charset?, offset: Int)] = [
        ([0x61, 0xFF], nil, 1), ([0x61, 0xC3], nil, 1), ([0x61, 0x00, 0x62], nil, 1),
        ([0xEF, 0xBB, 0xBF, 0x61, 0x80], nil, 4), ([0xEF, 0xBB, 0xBF, 0], nil, 3),
        ([0xED, 0xA0, 0x80], nil, 0), ([0x89, 0x50, 0x4E, 0x47], nil, 0),
        ([0xFF, 0xFE, 0x61, 0, 0x62], nil, 4), ([0xFF, 0xFE, 0x3D, 0xD8], nil, 2),
        ([0xFF, 0xFE, 0x3D, 0xD8, 0x61, 0], nil, 2), ([0xFF, 0xFE, 0, 0xDE], nil, 2),
        ([0xFE, 0xFF, 0, 0x61, 0, 0], nil, 4), ([0x61], .utf16, 0),
        ([0x61, 0x81], .windows1252, 1), ([0x61, 0x62, 0], .windows1252, 2),
    ]

    @Test("what is no text is refused with the place of its first bad byte", arguments: faults)
    func refuse(bytes: [UInt8], declared: Charset?, offset: Int) {
        do {
            _ = try Charset.decode(bytes, declared: declared)
            Issue.record("\(bytes) was taken for text")
        } catch {
            #expect(error.offset == offset, "\(error)")
        }
    }

    @Test("windows-1252 is its published table")
    func windowsTable() throws {
        // Unicode, MAPPINGS/VENDORS/MICSFT/WINDOWS/CP1252.TXT, 0x80 to 0x9F.
        let block: [UInt8: UInt32] = [
            0x80: 0x20AC, 0x82: 0x201A, 0x83: 0x0192, 0x84: 0x201E, 0x85: 0x2026, 0x86: 0x2020,
            0x87: 0x2021, 0x88: 0x02C6, 0x89: 0x2030, 0x8A: 0x0160, 0x8B: 0x2039, 0x8C: 0x0152,
            0x8E: 0x017D, 0x91: 0x2018, 0x92: 0x2019, 0x93: 0x201C, 0x94: 0x201D, 0x95: 0x2022,
            0x96: 0x2013, 0x97: 0x2014, 0x98: 0x02DC, 0x99: 0x2122, 0x9A: 0x0161, 0x9B: 0x203A,
            0x9C: 0x0153, 0x9E: 0x017E, 0x9F: 0x0178,
        ]
        for byte in UInt8(1)...255 {
            let expected = byte < 0x80 || byte >= 0xA0 ? UInt32(byte) : block[byte]
            let read = try? Charset.decode([byte], declared: .windows1252).text
            let scalar = read.flatMap {
                String(decoding: $0, as: UTF8.self).unicodeScalars.first?.value
            }
            #expect(scalar == expected)
        }
    }
}
