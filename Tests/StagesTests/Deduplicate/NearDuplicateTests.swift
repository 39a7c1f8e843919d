import Bytes
import Events
import Pipeline
import Testing

@testable import Stages

@Suite("Near-duplicates")
struct NearDuplicateTests {
    @Test("the pairs of the hundred articles are found, and no others")
    func hundred() throws { try findsTruth(Articles(Articles.fixtures, "articles_100")) }

    @Test(
        "the pairs of the thousand articles are found, and no others",
        .enabled(if: Articles.shared != nil)
    )
    func thousand() throws {
        try findsTruth(Articles(try #require(Articles.shared), "articles_1000"))
    }

    private func findsTruth(_ articles: Articles) throws {
        // The truth's pairs share less than 0.8 of their 5-word shingles.
        var options = DeduplicateOptions()
        options.threshold = 0.5
        options.shingleWords = 3
        var found: Set<[String]> = []
        for document in try DeduplicateStage.sample(options).run(articles.documents) {
            guard let duplicate = try document.duplicate else { continue }
            found.insert([document.id.rawValue, duplicate.original.rawValue].sorted())
        }
        #expect(found == articles.pairs)
    }

    @Test("the rule is the brute-force rule, for any split into batches", arguments: [1, 7, 1000])
    func oracle(batch: Int) throws {
        for (seed, threshold) in [(1, 0.8), (2, 0.5), (3, 0.9)] as [(UInt64, Double)] {
            var options = DeduplicateOptions()
            options.threshold = threshold
            let documents = family(seed: seed, count: 200)
            let stage = DeduplicateStage.sample(options)
            let decided = try stage.run(documents, batch: batch)
            var measured = documents
            stage.measure(&measured)
            let expected = BruteForce(options).decide(measured)
            for (document, answer) in zip(decided, expected) {
                let event = try document.duplicate
                #expect(event?.original.rawValue == answer?.original, "\(document.id)")
                #expect(event?.kind == answer?.kind)
                #expect(event?.similarity == answer?.similarity)
                #expect(
                    document.fate
                        == (answer == nil ? .live : .settled(stage: 1, outcome: .duplicate))
                )
            }
            #expect(expected.contains { $0?.kind == .near })
            #expect(expected.contains { $0?.kind == .exact })
            #expect(expected.contains { $0 == nil })
        }
    }

    @Test("a document's new revision is compared with others, never with itself")
    func revisions() throws {
        let text = "one two three four five six seven eight nine ten eleven twelve"
        let documents = [
            Document.sample("a", text), .sample("b", "something else that is here for no reason"),
            .sample("a", text), .sample("c", text), .sample("a", "quite another text by now it is"),
            .sample("d", text),
        ]
        let decided = try DeduplicateStage.sample().run(documents)
        let originals = try decided.map { try $0.duplicate?.original.rawValue }
        // The third supersedes the first; the fifth leaves c as the earliest that reads so.
        #expect(originals == [nil, nil, nil, "a", nil, "c"])
    }

    @Test("a revision is not compared with what came after the document")
    func revisionKeepsItsPlace() throws {
        let text = "one two three four five six seven eight nine ten eleven twelve"
        let decided = try DeduplicateStage.sample().run([
            .sample("a", text), .sample("b", text), .sample("a", text),
        ])
        #expect(try decided.map { try $0.duplicate?.original.rawValue } == [nil, "a", nil])
    }

    @Test("superseded revisions take no place among the 64 of a bucket")
    func manyRevisions() throws {
        let text = "one two three four five six seven eight nine ten eleven twelve"
        var documents = (0..<200).map { _ in Document.sample("live page", text) }
        documents.append(.sample("copy", text))
        let decided = try DeduplicateStage.sample().run(documents)
        #expect(try decided.last?.duplicate?.original.rawValue == "live page")
    }

    @Test("letter case, spaces and punctuation make no other body; words do")
    func exact() throws {
        let decided = try DeduplicateStage.sample().run([
            .sample("a", "Caf\u{E9} Society, \"one\" two."),
            .sample("b", "CAF\u{C9}  society one\ntwo"),
            .sample("c", "cafe society one two"), .sample("d", "society caf\u{E9} one two"),
        ])
        #expect(try decided.map { try $0.duplicate?.kind } == [nil, .exact, nil, nil])
        #expect(try decided[1].duplicate?.similarity == 1)
    }

    @Test("bodies without words are the same only if their bytes are")
    func wordless() throws {
        let decided = try DeduplicateStage.sample().run([
            .sample("a", "\u{1F600}"), .sample("b", "!!!"), .sample("c", "\u{1F600}"),
            .sample("d", ""),
            .sample("e", ""),
        ])
        #expect(
            try decided.map { try $0.duplicate?.original.rawValue } == [nil, nil, "a", nil, "d"]
        )
    }

    @Test("exact and near can be looked for alone")
    func switches() throws {
        let near = "w1 w2 w3 w4 w5 w6 w7 w8 w9 w10 w11 w12 w13 w14 w15 w16 w17 w18 w19 w20"
        let documents = [
            Document.sample("a", near), .sample("b", near + " w21"), .sample("c", near),
        ]
        var options = DeduplicateOptions()
        options.threshold = 0.6
        #expect(try kinds(documents, options) == [nil, .near, .exact])
        options.near = false
        #expect(try kinds(documents, options) == [nil, nil, .exact])
        (options.near, options.exact) = (true, false)
        #expect(try kinds(documents, options) == [nil, .near, .near])
        options.near = false
        #expect(try kinds(documents, options) == [nil, nil, nil])
    }

    private func kinds(
        _ documents: [Document],
        _ options: DeduplicateOptions
    ) throws -> [DocumentDuplicate.Kind?] {
        try DeduplicateStage.sample(options).run(documents).map { try $0.duplicate?.kind }
    }

    @Test("settled documents are neither measured nor remembered")
    func settled() throws {
        var dropped = Document.sample("a", "the same text in both of them")
        dropped.fate = .settled(stage: 0, outcome: .dropped)
        let decided = try DeduplicateStage.sample().run([
            dropped, .sample("b", "the same text in both of them"),
        ])
        #expect(decided[0].events.isEmpty && decided[0].fingerprint == nil)
        #expect(try decided[1].duplicate == nil)
    }

    @Test("the index takes at most 700 bytes a document")
    func memory() {
        var index = NearDuplicateIndex(options: DeduplicateOptions())
        var generator = SystemRandomNumberGenerator()
        for number in 0..<100_000 {
            let fingerprint = DocumentFingerprint(
                exact: Hash128(high: generator.next(), low: generator.next()),
                minhash: (0..<32).flatMap { _ in
                    var bytes: [UInt8] = []
                    bytes.appendLittleEndian(generator.next())
                    return bytes
                }
            )
            _ = index.enter(DocumentID(rawValue: "corpus/2017/file.jsonl#\(number)"), fingerprint)
        }
        #expect(index.count == 100_000)
        #expect(index.byteCount / 100_000 <= 700, "\(index.byteCount / 100_000) bytes")
    }

    /// Texts some of which are edited or whole copies of earlier ones, a few under an earlier id.
    private func family(seed: UInt64, count: Int) -> [Document] {
        var generator = Shuffler(seed: seed)
        var texts: [[String]] = []
        var documents: [Document] = []
        for number in 0..<count {
            var words = (0..<Int(generator.next(below: 300) + 5)).map { _ in
                "w\(generator.next(below: 5000))"
            }
            if !texts.isEmpty && generator.next(below: 2) == 0 {
                words = texts[Int(generator.next(below: UInt64(texts.count)))]
                for _ in 0..<generator.next(below: 3) {
                    words[Int(generator.next(below: UInt64(words.count)))] =
                        "x\(generator.next(below: 99))"
                }
            }
            texts.append(words)
            let isRevision = number > 10 && generator.next(below: 12) == 0
            let name = isRevision ? Int(generator.next(below: UInt64(number))) : number
            documents.append(.sample("doc\(name)", words.joined(separator: " ")))
        }
        return documents
    }
}

/// SplitMix64, so that a failing family can be made again.
struct Shuffler {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next(below limit: UInt64) -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Hash64.finish(state) % limit
    }
}

/// The rule by comparing everything with everything.
private struct BruteForce {
    struct Answer {
        let original: String
        let kind: DocumentDuplicate.Kind
        let similarity: Double
    }

    private let options: DeduplicateOptions
    private let scheme: BandScheme

    init(_ options: DeduplicateOptions) {
        self.options = options
        scheme = BandScheme(threshold: options.threshold, permutations: options.permutations)
    }

    func decide(_ documents: [Document]) -> [Answer?] {
        var standing: [Entry] = []
        return documents.map { document in
            let id = document.id.rawValue
            guard let mine = document.fingerprint else { return nil }
            let entry = Entry(id: id, exact: mine.exact, minima: minima(mine))
            // A revision keeps its document's place: what came after it stays after it.
            let place = standing.firstIndex { $0.id == id } ?? standing.count
            defer {
                if place < standing.count {
                    standing[place] = entry
                } else {
                    standing.append(entry)
                }
            }
            return standing[..<place].lazy.compactMap { answer(entry, $0) }.first
        }
    }

    private struct Entry {
        let id: String
        let exact: Hash128
        let minima: [UInt16]
    }

    private func answer(_ document: Entry, _ earlier: Entry) -> Answer? {
        if document.exact == earlier.exact {
            return Answer(original: earlier.id, kind: .exact, similarity: 1)
        }
        let (left, right) = (document.minima, earlier.minima)
        guard left.count == right.count, sharesBand(left, right) else { return nil }
        let equal = left.indices.count { left[$0] == right[$0] }
        let similarity = Double(equal) / Double(options.permutations)
        guard similarity >= options.threshold else { return nil }
        return Answer(original: earlier.id, kind: .near, similarity: similarity)
    }

    private func minima(_ fingerprint: DocumentFingerprint) -> [UInt16] {
        stride(from: 0, to: fingerprint.minhash.count, by: 2).map {
            UInt16(fingerprint.minhash[$0]) | UInt16(fingerprint.minhash[$0 + 1]) << 8
        }
    }

    private func sharesBand(_ left: [UInt16], _ right: [UInt16]) -> Bool {
        (0..<scheme.bands).contains { band in
            let rows = band * scheme.rows..<(band + 1) * scheme.rows
            return left[rows] == right[rows]
        }
    }
}
