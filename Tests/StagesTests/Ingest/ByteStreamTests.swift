import Foundation
import Pipeline
import Testing

@testable import Stages

@Suite("Byte stream")
struct ByteStreamTests {
    static let large: [UInt8] = (0..<1_500_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }

    static let contents: [(name: String, file: [UInt8], bytes: [UInt8])] = {
        let (one, two) = (Array("one\n".utf8), Array("two\n".utf8))
        let gzip = Compressed.gzip
        let zstd = Compressed.zstd
        return [
            ("empty", [], []), ("one byte", [0x61], [0x61]), ("plain", large, large),
            ("gzip magic alone", [0x1F], [0x1F]), ("gzip", gzip(large), large),
            ("gzip of nothing", gzip([]), []), ("gzip members", gzip(one) + gzip(two), one + two),
            ("gzip members with an empty one", gzip(one) + gzip([]) + gzip(two), one + two),
            ("large gzip members", gzip(large) + gzip(large), large + large),
            ("zstd", zstd(large), large), ("zstd of nothing", zstd([]), []),
            ("zstd frames", zstd(one) + zstd(large) + zstd(two), one + large + two),
            (
                "a compressible megabyte", gzip([UInt8](repeating: 0x61, count: 3 << 20)),
                [UInt8](repeating: 0x61, count: 3 << 20)
            ),
            (
                "a compressible zstd", zstd([UInt8](repeating: 0x61, count: 3 << 20)),
                [UInt8](repeating: 0x61, count: 3 << 20)
            ),
        ]
    }()

    @Test("a file's bytes come out, compressed or not", arguments: contents.indices)
    func read(index: Int) throws {
        let content = Self.contents[index]
        let space = try Workspace()
        let read = try all(of: try space.write("f", content.file))
        #expect(read == content.bytes, "\(content.name)")
    }

    static let damaged: [(name: String, file: [UInt8], code: String)] = {
        let text = Array(String(repeating: "some text to compress ", count: 500).utf8)
        let (gzip, zstd) = (Compressed.gzip(text), Compressed.zstd(text))
        var flippedGzip = gzip
        flippedGzip[gzip.count - 6] ^= 1
        var flippedZstd = zstd
        flippedZstd[5] ^= 0xFF
        return [
            ("gzip cut", Array(gzip.dropLast(9)), "ingest.truncated"),
            ("gzip cut in its trailer", Array(gzip.dropLast(1)), "ingest.truncated"),
            ("gzip header cut", Array(gzip.prefix(5)), "ingest.truncated"),
            ("zstd cut", Array(zstd.dropLast(3)), "ingest.truncated"),
            ("zstd magic alone", Array(zstd.prefix(4)), "ingest.truncated"),
            ("gzip with a wrong checksum", flippedGzip, "ingest.bad-compression"),
            ("zstd damaged", flippedZstd, "ingest.bad-compression"),
            ("gzip with garbage behind", gzip + Array("garbage!".utf8), "ingest.bad-compression"),
            ("zstd with garbage behind", zstd + Array("garbage!".utf8), "ingest.bad-compression"),
            ("second member cut", gzip + Array(gzip.dropLast(4)), "ingest.truncated"),
        ]
    }()

    @Test(
        "damaged compressed data is reported, and what came before it is kept",
        arguments: damaged.indices
    )
    func damage(index: Int) throws {
        let sample = Self.damaged[index]
        let space = try Workspace()
        let path = try space.write("f", sample.file)
        var bytes: [UInt8] = []
        do {
            let stream = try ByteStream(path: path)
            while try stream.read(into: &bytes) {}
            Issue.record("\(sample.name) was read to its end")
        } catch {
            #expect(error.code == sample.code, "\(sample.name): \(error.message)")
            #expect(error.message.contains(path))
        }
    }

    @Test("gzip cut at any byte ends in an error, never in silence or a loop")
    func everyCut() throws {
        let space = try Workspace()
        let gzip = Compressed.gzip(Array("a small text".utf8))
        let zstd = Compressed.zstd(Array("a small text".utf8))
        for whole in [gzip, zstd] {
            for end in 4..<whole.count {
                let path = try space.write("f", Array(whole[..<end]))
                #expect(throws: (any Error).self, "\(end)") { try all(of: path) }
            }
        }
    }

    @Test("what is no regular file is refused, and no descriptor is left open")
    func notAFile() throws {
        let space = try Workspace()
        unsafe mkfifo(space.path + "/pipe", 0o644)
        let before = try openDescriptors()
        for _ in 0..<50 {
            for (path, code) in [
                (space.path + "/pipe", "ingest.not-a-file"), (space.path, "ingest.not-a-file"),
                (space.path + "/gone", "ingest.missing"),
            ] {
                do {
                    _ = try ByteStream(path: path)
                    Issue.record("\(path) was opened")
                } catch {
                    #expect(error.code == code)
                }
            }
        }
        // Other tests open files meanwhile; fifty leaks would show.
        #expect(try openDescriptors() < before + 40)
    }

    private func openDescriptors() throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
    }

    private func all(of path: String) throws -> [UInt8] {
        let stream = try ByteStream(path: path)
        var bytes: [UInt8] = []
        while try stream.read(into: &bytes) {}
        return bytes
    }
}
