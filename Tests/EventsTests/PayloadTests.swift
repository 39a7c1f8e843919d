import Bytes
import Events
import Testing

@Suite("Event payloads")
struct PayloadTests {
    @Test("a payload reads back as it was written", arguments: Samples.all)
    func roundTrip(sample: Sample) throws {
        #expect(try sample.reencoded(sample.bytes) == sample.bytes)
        #expect(try sample.isEqual(sample.bytes))
    }

    @Test("a payload is deterministic CBOR", arguments: Samples.all)
    func deterministic(sample: Sample) throws {
        let tree = try CBORValue(decoding: sample.bytes.span)
        var writer = CBORWriter()
        tree.encode(into: &writer)
        #expect(writer.bytes == sample.bytes)
    }

    @Test("keys of a later version are skipped, wherever they stand", arguments: Samples.all)
    func unknownKeys(sample: Sample) throws {
        let extras: [CBORValue] = [
            .null, .text("x"), .map([CBORValue.Pair("id", .array([.integer(1)]))]), .double(1.5),
            .bytes([1, 2, 3]),
        ]
        for extra in extras {
            let tree = try CBORValue(decoding: sample.bytes.span)
            var writer = CBORWriter()
            Self.extended(tree, by: extra).encode(into: &writer)
            #expect(try sample.isEqual(writer.bytes))
        }
    }

    @Test("a value of another type is an error, never a trap", arguments: Samples.all)
    func wrongTypes(sample: Sample) throws {
        let pairs = try CBORValue(decoding: sample.bytes.span).pairs
        #expect(throws: CBORError.self) { try sample.reencoded([0x80]) }
        for index in pairs.indices {
            // No payload has a tag where a key's value stands.
            let wrong: CBORValue =
                if case .bool = pairs[index].value { .text("no") } else { .bool(true) }
            if pairs[index].key == "metadata" { continue }
            var changed = pairs
            changed[index] = CBORValue.Pair(pairs[index].key, wrong)
            var writer = CBORWriter()
            CBORValue.map(changed).encode(into: &writer)
            #expect(throws: CBORError.self, "\(pairs[index].key)") {
                try sample.reencoded(writer.bytes)
            }
        }
    }

    @Test("a payload cut anywhere is an error", arguments: Samples.all)
    func truncation(sample: Sample) {
        for end in 0..<sample.bytes.count {
            #expect(throws: CBORError.self) {
                try sample.reencoded(Array(sample.bytes[..<end]))
            }
        }
    }

    @Test("flipped bytes are read or refused, quickly", arguments: Samples.all)
    func mutation(sample: Sample) {
        var state = UInt64(1)
        for index in sample.bytes.indices {
            for _ in 0..<4 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                var bytes = sample.bytes
                bytes[index] = UInt8(truncatingIfNeeded: state >> 40)
                _ = try? sample.reencoded(bytes)
            }
        }
    }

    @Test(
        "a count that no input could hold is refused before it is believed",
        arguments: Samples.all
    )
    func hugeCounts(sample: Sample) throws {
        let pairs = try CBORValue(decoding: sample.bytes.span).pairs
        for pair in pairs {
            for major in [UInt8(2), 3, 4, 5] {
                var writer = CBORWriter()
                writer.map(1)
                writer.text(pair.key)
                writer.head(major: major, 1 << 40)
                writer.null()
                #expect(throws: CBORError.self) { try sample.reencoded(writer.bytes) }
            }
        }
        var writer = CBORWriter()
        writer.map(1 << 40)
        #expect(throws: CBORError.self) { try sample.reencoded(writer.bytes) }
    }

    @Test("type names are the design's")
    func names() {
        #expect(
            Samples.all.map(\.name) == [
                "document.retracted", "document.retracted", "document.dropped",
                "document.ingested", "document.ingested", "document.cleaned", "document.dropped",
                "document.dropped", "document.unique", "document.duplicate", "document.enriched",
                "document.exported", "export.rewritten", "document.failed", "pipeline.defined",
                "run.started", "run.finished", "log.recovered", "log.repaired",
            ]
        )
    }

    /// Adds a key to the outermost map and to every map below that has fixed keys.
    private static func extended(_ value: CBORValue, by extra: CBORValue) -> CBORValue {
        .map(value.pairs + [CBORValue.Pair("zz_added_by_a_later_version", extra)])
    }
}

@Suite("Document ids")
struct DocumentIDTests {
    @Test("two spellings of one letter are two documents")
    func spelling() {
        let one = DocumentID(rawValue: "caf\u{E9}.txt")
        let other = DocumentID(rawValue: "cafe\u{301}.txt")
        #expect(one != other)
        #expect(Set([one, other]).count == 2)
        #expect(other < one)
    }

    @Test("ids are ordered by bytes, as paths are")
    func order() {
        let ids = ["a", "B", "a/b", "a#2", "a#10", "\u{E9}", "z"].map(DocumentID.init(rawValue:))
        #expect(ids.sorted().map(\.rawValue) == ["B", "a", "a#10", "a#2", "a/b", "z", "\u{E9}"])
    }
}

@Suite("Balance")
struct BalanceTests {
    @Test("a balance holds when everything that came in is accounted for")
    func holds() {
        var balance = StageBalance(stage: "clean")
        #expect(balance.holds)
        balance.input = 10
        #expect(!balance.holds)
        (balance.kept, balance.dropped, balance.duplicates, balance.failed) = (4, 3, 2, 1)
        #expect(balance.holds)
    }
}
