@_spi(_Unicode) import Swift
import Testing

@testable import Stages

@Suite("Normal form")
struct NormalFormTests {
    @Test("code points that skip normalising are in NFC, do not combine and are never reordered")
    func surelyNormal() {
        var followers: Set<UInt32> = []
        for value in UInt32(0)..<0x30000 {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let parts = String(scalar)._nfd.map(\.value)
            followers.formUnion(parts.dropFirst())
        }
        // Hangul composes by arithmetic, not by decompositions of single code points alone.
        followers.formUnion(0x1161...0x1175)
        followers.formUnion(0x11A8...0x11C2)
        var wrong: [UInt32] = []
        for value in UInt32(0)..<0x30000 where CharacterClass.isSurelyNormal(value) {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let isNormal =
                scalar.properties.canonicalCombiningClass == .notReordered
                && String(scalar)._nfc.elementsEqual([scalar]) && !followers.contains(value)
            if !isNormal { wrong.append(value) }
        }
        #expect(wrong == [])
    }

    @Test(
        "decomposed text is composed",
        arguments: [
            ("Tie\u{302}\u{301}ng Vie\u{323}\u{302}t", "Tiếng Việt"),
            ("\u{1112}\u{1161}\u{11AB}\u{1100}\u{1173}\u{11AF}", "한글"),
            ("A\u{30A}ngstro\u{308}m \u{212B} \u{2126}", "Ångström Å Ω"),
            ("q\u{307}\u{323}", "q\u{323}\u{307}"),
            ("\u{301}a", "\u{301}a"),
        ]
    )
    func composed(text: String, expected: String) throws {
        let cleaned = try cleanCharacters(text)
        #expect(Array(cleaned.body.unicodeScalars) == Array(expected.unicodeScalars))
    }

    @Test("a mark composes across what is removed between it and its letter")
    func acrossRemoved() throws {
        #expect(Array(try cleanCharacters("e\u{200B}\u{301}").body.utf8) == Array("é".utf8))
    }

    @Test("unicode: none keeps decomposed text")
    func none() throws {
        let text = "e\u{301}"
        #expect(Array(try cleanCharacters(text, unicode: .none).body.utf8) == Array(text.utf8))
    }

    @Test("a long run of marks is put in canonical order like a short one")
    func longRun() throws {
        let run = String(repeating: "\u{301}\u{323}", count: 500)
        let expected =
            "\u{1EA1}" + String(repeating: "\u{323}", count: 499)
            + String(repeating: "\u{301}", count: 500)
        let cleaned = try cleanCharacters("a" + run)
        #expect(Array(cleaned.body.unicodeScalars) == Array(expected.unicodeScalars))
    }

    @Test("composing agrees with the standard library on every pair of a letter and a mark")
    func agreement() throws {
        for mark in UInt32(0x300)...0x345 {
            var text = String.UnicodeScalarView()
            for letter in UInt32(0x41)...0x17F where CharacterClass.isSurelyNormal(letter) {
                guard let letter = Unicode.Scalar(letter), let mark = Unicode.Scalar(mark),
                    letter.properties.isAlphabetic
                else { continue }
                text.append(letter)
                text.append(mark)
            }
            let cleaned = try cleanCharacters(String(text))
            #expect(cleaned.body.unicodeScalars.elementsEqual(String(text)._nfc))
        }
    }
}
