import Bytes
import Events

/// Draws documents as a pipeline of ingest, clean, deduplicate, leaders, topics and export sees
/// them in news texts.
///
/// The frequencies are those of a real store: 2,845 texts of a government's news site, English,
/// run through `Pipelines/leaders.yaml`'s stages (16,522 events). There the facts take 357 bytes an
/// event: ingested 527, cleaned 201, unique 291, enriched by leaders 337 and by topics 731,
/// exported 64, failed 197, dropped 44. ``ReplayBenchmark`` prints those of the store it made.
struct CorpusModel {
    /// Annotations a document, by number from 0.
    private static let leaders = [
        48, 1004, 1129, 240, 104, 37, 30, 18, 10, 10, 19, 11, 18, 8, 1, 1, 3, 2, 2, 1, 1, 0, 2, 2,
    ]
    private static let topics = [
        16, 95, 325, 535, 544, 395, 313, 191, 107, 73, 41, 23, 16, 9, 4, 3, 2, 2, 1, 1, 1,
    ]
    /// Mentions in the body an annotation, by number from 0; the last stands for as many or more.
    private static let leaderSpans = [
        540, 3113, 1149, 535, 236, 142, 86, 53, 45, 23, 24, 17, 10, 9, 10, 4, 3, 3, 4, 4, 36,
    ]
    private static let topicSpans = [
        409, 995, 3048, 2077, 1282, 910, 621, 488, 359, 292, 220, 195, 177, 123, 125, 108, 103, 85,
        76, 59, 932,
    ]
    /// What becomes of a document: kept, dropped, failed, found to be a duplicate.
    private static let fates = [2704, 76, 64, 1]

    /// What becomes of a document.
    enum Fate: Int {
        case kept, dropped, failed, duplicate
    }

    var numbers: Numbers
    private let words: [String]
    private let leaderNames: [(id: String, label: String, roles: [String])]
    private let topicNames: [(id: String, label: String)]

    init(seed: UInt64) {
        var numbers = Numbers(seed: seed)
        let syllables = [
            "ka", "lo", "mir", "ten", "so", "vi", "dra", "pe", "nor", "us", "chi", "ban", "el",
            "ro", "ti", "ga",
        ]
        words = (0..<4000).map { _ in
            (0...numbers.below(3)).map { _ in syllables[numbers.below(16)] }.joined()
        }
        let words = words
        func capitalized(_ word: String) -> String {
            word.prefix(1).uppercased() + word.dropFirst()
        }
        leaderNames = (0..<585).map { number in
            let first = words[numbers.below(4000)] + "im"
            let last = words[numbers.below(4000)] + "ov"
            let country = capitalized(words[number % 190])
            let offices = ["President", "Prime Minister", "Foreign Minister", "Head of Government"]
            return (
                "\(first)-\(last)",
                "\(capitalized(first)) \(capitalized(last))",
                (0...number % 3).map { "\(offices[($0 + number) % 4]) of \(country)" }
            )
        }
        topicNames = (0..<311).map { number in
            let name = words[numbers.below(4000)] + "-" + words[number]
            return (name, capitalized(name) + " and " + words[number])
        }
        self.numbers = numbers
    }

    mutating func fate() -> Fate { Fate(rawValue: numbers.draw(Self.fates)) ?? .kept }

    /// Text of about so many bytes.
    mutating func text(_ byteCount: Int) -> String {
        var text = ""
        while text.utf8.count < byteCount {
            if !text.isEmpty { text += " " }
            // Half of a text is the language's few commonest words.
            text += words[numbers.below(2) == 0 ? numbers.below(60) : numbers.drawRanked(4000)]
        }
        return text
    }

    mutating func fields() -> DocumentFields {
        var fields = DocumentFields()
        fields.title = text(45 + numbers.below(50))
        fields.published = CalendarDate(
            year: 2009 + numbers.below(9),
            month: 1 + numbers.below(12),
            day: 1 + numbers.below(28)
        )
        return fields
    }

    mutating func metadata(_ document: Int, _ fields: DocumentFields) -> CBORValue {
        let persons = (0..<numbers.below(3)).map { _ in
            CBORValue.text(leaderNames[numbers.drawRanked(585)].label)
        }
        return .map([
            .init("url", .text("http://en.example.org/events/president/news/\(document)")),
            .init("date", .text(fields.published?.description ?? "")),
            .init("time", .text("13:00")),
            .init("place", .text(numbers.below(2) == 0 ? "" : text(16))),
            .init("topics", .array((0..<numbers.below(5)).map { _ in .text(text(14)) })),
            .init("license", .text("CC BY 4.0 (example.org)")),
            .init("persons", .array(persons)),
            .init("geography", .array([])),
            .init("person_mentions", .array(persons)),
        ])
    }

    mutating func enrichedByLeaders(bodyByteCount: Int) -> DocumentEnriched {
        let annotations = distinct(numbers.draw(Self.leaders), of: 585).map { index in
            let leader = leaderNames[index]
            let hasRole = numbers.below(20) > 0
            let role = leader.roles[numbers.below(leader.roles.count)]
            return Annotation(
                id: leader.id,
                label: leader.label,
                spans: spans(numbers.draw(Self.leaderSpans), in: bodyByteCount, 14),
                titleSpans: spans(numbers.draw([3662, 2371, 13]), in: 80, 14),
                fields: [
                    .init("role", hasRole ? .text(role) : .null), .init("country", .text("Russia")),
                ]
            )
        }
        return DocumentEnriched(annotator: "leaders", annotations: annotations, unresolved: [])
    }

    mutating func enrichedByTopics(bodyByteCount: Int) -> DocumentEnriched {
        let annotations = distinct(numbers.draw(Self.topics), of: 311).map { index in
            let drawn = numbers.draw(Self.topicSpans)
            return Annotation(
                id: topicNames[index].id,
                label: topicNames[index].label,
                spans: spans(drawn < 20 ? drawn : 20 + numbers.below(24), in: bodyByteCount, 9),
                titleSpans: spans(numbers.draw([7267, 4629, 683, 88]), in: 80, 9),
                fields: [
                    .init("score", .double(Double(numbers.below(4000)) / 100)),
                    .init("broader", .text(topicNames[index / 8].id)),
                ]
            )
        }
        return DocumentEnriched(annotator: "topics", annotations: annotations, unresolved: [])
    }

    mutating func fingerprint() -> DocumentFingerprint {
        var minhash: [UInt8] = []
        for _ in 0..<32 { minhash.appendLittleEndian(numbers.next()) }
        return DocumentFingerprint(
            exact: Hash128(high: numbers.next(), low: numbers.next()),
            minhash: minhash
        )
    }

    /// Different indices in ascending order, the first ones often.
    private mutating func distinct(_ count: Int, of bound: Int) -> [Int] {
        var chosen: Set<Int> = []
        while chosen.count < count { chosen.insert(numbers.drawRanked(bound)) }
        return chosen.sorted()
    }

    private mutating func spans(_ count: Int, in byteCount: Int, _ length: Int) -> [ByteSpan] {
        let room = max(1, byteCount - length)
        return (0..<count).map { number in
            let start = (number * room + numbers.below(room)) / max(1, count)
            return ByteSpan(start: start, end: start + length)
        }
    }
}
