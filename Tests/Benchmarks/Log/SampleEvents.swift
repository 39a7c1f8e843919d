internal import Bytes
internal import EventLog

/// Events of 300 bytes of facts, the same for the same numbers, made before any clock runs.
struct SampleEvents: Sendable {
    /// What the facts are made of.
    enum Kind: String {
        /// Random bytes: nothing can compress them.
        case random
        /// Names, numbers and words, as facts of documents are; they shrink some three times.
        case text
    }

    static let factsByteCount = 300
    static let perBatch = 1000
    static let types = [
        "document.ingested", "document.cleaned", "document.unique", "document.enriched",
        "document.exported",
    ]

    let kind: Kind
    private static let nameByteCount = 16
    private let names: [UInt8]
    private let bytes: [UInt8]

    /// Prepares 16 MB of facts; later events repeat them.
    init(_ kind: Kind) {
        self.kind = kind
        var generator = SeededGenerator(state: 7)
        var bytes: [UInt8] = []
        let count = 1 << 24
        bytes.reserveCapacity(count + 1024)
        switch kind {
        case .random: while bytes.count < count { bytes.appendLittleEndian(generator.next()) }
        case .text: Self.appendText(count, to: &bytes, &generator)
        }
        self.bytes = bytes
        names = (0..<Self.perBatch / 5).flatMap { Array("document-\(1_000_000 + $0)".utf8) }
    }

    /// The facts of an event.
    @_lifetime(borrow self)
    func facts(_ number: Int) -> Span<UInt8> {
        let start = number % (bytes.count / Self.factsByteCount) * Self.factsByteCount
        return bytes.span.extracting(start..<start + Self.factsByteCount)
    }

    /// The facts of 1,000 events in a row.
    @_lifetime(borrow self)
    func factsOfBatch(_ number: Int) -> Span<UInt8> {
        let count = Self.perBatch * Self.factsByteCount
        let start = number / Self.perBatch % (bytes.count / count) * count
        return bytes.span.extracting(start..<start + count)
    }

    /// The name of an event's stream: five events in a row are one document's.
    @_lifetime(borrow self)
    func stream(_ number: Int) -> Span<UInt8> {
        let start = number % Self.perBatch / 5 * Self.nameByteCount
        return names.span.extracting(start..<start + Self.nameByteCount)
    }

    /// A batch that begins at a position.
    func batch(
        at first: EventPosition,
        count: Int = perBatch,
        compression: Compression
    ) throws(LogError) -> EncodedBatch {
        try builder(at: first, count: count).encode(compression: compression)
    }

    func builder(at first: EventPosition, count: Int = perBatch) -> EventBatchBuilder {
        var builder = EventBatchBuilder(firstPosition: first, run: "benchmark")
        for number in Int(first.rawValue)..<Int(first.rawValue) + count {
            builder.append(
                stream: stream(number),
                streamVersion: UInt32(number % 5),
                type: Self.types[number % Self.types.count],
                schemaVersion: 1,
                stage: "benchmark",
                cause: nil,
                facts: facts(number),
                content: nil
            )
        }
        return builder
    }

    private static func appendText(
        _ count: Int,
        to bytes: inout [UInt8],
        _ generator: inout SeededGenerator
    ) {
        let words = (0..<4000).map { _ in word(&generator) }
        var number = 0
        while bytes.count < count {
            let end = bytes.count + factsByteCount
            number += 1
            bytes += Array("{\"id\":\"news-\(number)\",\"date\":\"2017-".utf8)
            bytes.appendDecimal(10 + Int(generator.next() % 3))
            bytes += Array("-11\",\"hash\":\"\(Hex.string(generator.next()))\",\"text\":\"".utf8)
            while bytes.count < end {
                // Frequent words are frequent: the square favours the front of the list.
                let chance = Double(generator.next() >> 11) * 0x1p-53
                bytes += words[Int(chance * chance * Double(words.count))]
            }
            bytes.removeLast(bytes.count - end)
        }
    }

    private static func word(_ generator: inout SeededGenerator) -> [UInt8] {
        let syllables = ["ta", "re", "no", "mi", "ster", "ing", "pre", "si", "dent", "con", "a"]
        let count = 1 + Int(generator.next() % 4)
        let parts = (0..<count).map { _ in
            syllables[Int(generator.next() % UInt64(syllables.count))]
        }
        return Array((parts.joined() + " ").utf8)
    }
}

/// A seeded generator (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Hash64.finish(state)
    }
}
