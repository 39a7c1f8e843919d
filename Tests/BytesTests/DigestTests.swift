import Bytes
import CKernels
import Testing

@Suite("Digests and encodings")
struct DigestTests {
    /// FIPS 180-4 and NIST's examples.
    static let sha256 = [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ]

    @Test("SHA-256 gives the published digests", arguments: sha256)
    func digest(text: String, hex: String) {
        #expect(SHA256.hash(Array(text.utf8).span).description == hex)
    }

    @Test("a million a's, in pieces, give the published digest")
    func million() {
        var digest = SHA256()
        let piece = [UInt8](repeating: 0x61, count: 999)
        for _ in 0..<1001 { digest.update(piece.span) }
        digest.update([0x61].span)
        #expect(
            digest.finalize().description
                == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        )
    }

    @Test("a number enters a digest as eight little-endian bytes")
    func number() {
        var digest = SHA256()
        digest.update(UInt64(0x0102_0304_0506_0708))
        #expect(digest.finalize() == SHA256.hash([8, 7, 6, 5, 4, 3, 2, 1].span))
    }

    @Test("a digest has 32 bytes")
    func digestBytes() {
        #expect(SHA256Digest([1, 2, 3]) == nil)
        #expect(SHA256Digest([UInt8](repeating: 7, count: 32))?.bytes.count == 32)
    }

    /// RFC 3720 appendix B.4, and the check value of the CRC catalogue.
    static let crcs: [(bytes: [UInt8], crc: UInt32)] = [
        ([UInt8](repeating: 0, count: 32), 0x8A91_36AA),
        ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43),
        (Array(0..<32), 0x46DD_794E), (Array((0..<32).reversed()), 0x113F_DB5C),
        (Array("123456789".utf8), 0xE306_9283), ([], 0),
    ]

    @Test("CRC32C gives the published checksums", arguments: crcs)
    func crc(bytes: [UInt8], crc: UInt32) {
        #expect(Checksum.crc32c(bytes.span) == crc)
    }

    @Test("CRC32C agrees with its definition at every length and alignment, and goes on")
    func crcDefinition() {
        var generator = SeededGenerator(seed: 9)
        let bytes = generator.bytes(700)
        for length in Array(0...70) + [511, 600] {
            for start in 0..<9 {
                let piece = bytes.span.extracting(start..<(start + length))
                let whole = Checksum.crc32c(piece)
                #expect(whole == definition(Array(bytes[start..<(start + length)])))
                let cut = length / 3
                let first = unsafe piece.extracting(0..<cut).withUnsafeBufferPointer {
                    unsafe annals_crc32c(0, $0.baseAddress, $0.count)
                }
                let rest = unsafe piece.extracting(cut..<length).withUnsafeBufferPointer {
                    unsafe annals_crc32c(first, $0.baseAddress, $0.count)
                }
                #expect(rest == whole)
            }
        }
    }

    @Test("CRC32C agrees with a table at every length to 4096 and every alignment")
    func crcLengths() {
        var generator = SeededGenerator(seed: 11)
        let bytes = generator.bytes(4096 + 16)
        for start in 0..<16 {
            var reference = TableCRC32C()
            var wrong: [Int] = []
            for length in 0...4096 {
                let crc = Checksum.crc32c(bytes.span.extracting(start..<start + length))
                if crc != reference.value { wrong.append(length) }
                reference.update(bytes[start + length])
            }
            #expect(wrong == [], "alignment \(start)")
        }
    }

    @Test("CRC32C agrees with a table on either side of each long stripe, and goes on")
    func crcStripes() {
        var generator = SeededGenerator(seed: 12)
        let bytes = generator.bytes(60_000)
        var reference = TableCRC32C()
        for length in 0..<bytes.count {
            // Stripes begin and end at multiples of 256.
            if length % 256 < 9 || length % 256 > 247 {
                let crc = Checksum.crc32c(bytes.span.extracting(..<length))
                if crc != reference.value { Issue.record("length \(length)") }
                let rest = unsafe bytes.span.extracting(length...).withUnsafeBufferPointer {
                    unsafe annals_crc32c(crc, $0.baseAddress, $0.count)
                }
                if rest != Checksum.crc32c(bytes.span) { Issue.record("cut at \(length)") }
            }
            reference.update(bytes[length])
        }
    }

    /// A byte at a time, by one table (RFC 3720, the polynomial reflected).
    private struct TableCRC32C {
        private static let table = (0..<UInt32(256)).map { byte in
            (0..<8).reduce(byte) { crc, _ in crc & 1 == 1 ? crc >> 1 ^ 0x82F6_3B78 : crc >> 1 }
        }
        private var state = UInt32.max

        var value: UInt32 { ~state }

        mutating func update(_ byte: UInt8) {
            state = state >> 8 ^ Self.table[Int((state ^ UInt32(byte)) & 0xFF)]
        }
    }

    private func definition(_ bytes: [UInt8]) -> UInt32 {
        var crc = UInt32.max
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0x82F6_3B78 : crc >> 1 }
        }
        return ~crc
    }

    /// RFC 4648 §10, in the URL alphabet and without padding.
    static let base64 = [
        ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"),
        ("fooba", "Zm9vYmE"), ("foobar", "Zm9vYmFy"),
    ]

    @Test("Base64 for URLs has no padding, the standard one has", arguments: base64)
    func base64URL(text: String, encoded: String) {
        #expect(Base64.url.string(Array(text.utf8)) == encoded)
        #expect(Base64.url.string([0xFB, 0xEF, 0xFF]) == "--__")
        let padding = String(repeating: "=", count: (4 - encoded.utf8.count % 4) % 4)
        #expect(Base64.standard.string(Array(text.utf8)) == encoded + padding)
        #expect(Base64.standard.string([0xFB, 0xEF, 0xFF]) == "++//")
    }

    @Test("hexadecimal goes there and back, in either case")
    func hexadecimal() {
        let bytes = [UInt8](0...255)
        let text = Hex.string(bytes.span)
        #expect(text == text.lowercased())
        #expect(Hex.bytes(text) == bytes)
        #expect(Hex.bytes(text.uppercased()) == bytes)
        for bad in ["0", "0g", "zz", "0\u{E9}"] { #expect(Hex.bytes(bad) == nil) }
        #expect(Hex.string(UInt64(0xAB)) == "00000000000000ab")
    }

    @Test("bytes are found where they stand first, from anywhere on")
    func search() {
        var generator = SeededGenerator(seed: 10)
        for _ in 0..<PropertyCases.count(4000) {
            let count = Int.random(in: 0...40, using: &generator)
            let bytes = (0..<count).map { _ in UInt8.random(in: 0x7E...0x82, using: &generator) }
            let start = Int.random(in: 0...(count + 2), using: &generator)
            let byte = UInt8.random(in: 0x7E...0x82, using: &generator)
            let expected = bytes.indices.first { $0 >= start && bytes[$0] == byte }
            let found = bytes.span.firstIndex(of: byte, from: start)
            #expect(found == expected)
            var other = bytes
            let isSame = bytes.span.isEqual(to: other.span)
            #expect(isSame)
            guard !other.isEmpty else { continue }
            other[Int.random(in: 0..<count, using: &generator)] ^= 1
            let isStillSame = bytes.span.isEqual(to: other.span)
            #expect(!isStillSame)
        }
    }

    @Test("hashes depend on every byte and on the length")
    func hashes() {
        var seen: Set<UInt64> = []
        var bytes = [UInt8](repeating: 0, count: 40)
        for length in 0...40 { seen.insert(Hash64.hash(bytes.span.extracting(0..<length))) }
        for index in bytes.indices {
            bytes[index] = 1
            seen.insert(Hash64.hash(bytes.span))
            bytes[index] = 0
        }
        #expect(seen.count == 81)
        // Pinned: a store written elsewhere must find the same bands.
        let name = Array("annals".utf8)
        #expect(Hash64.hash(name.span) == 2_566_198_075_089_138_861)
        #expect(Hash128(hashing: "annals") == Hash128(hashing: name.span))
    }
}
