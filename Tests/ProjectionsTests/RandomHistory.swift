import Bytes
import Events
import Glibc
import Projections

/// A seeded sequence of numbers (splitmix64), so that a failing history can be made again.
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Hash64.finish(state)
    }
}

/// Random histories of documents: revisions, failures, drops, copies, batches cut anywhere.
struct RandomHistory {
    /// What happens to a document at one time.
    struct Revision {
        let id: String
        let published: String?
        let leaders: [Annotation]
        let topics: [Annotation]
        /// 0 kept, 1 dropped, 2 duplicate after enrichment, 3 failed, 4 duplicate before it.
        let fate: Int
        let original: String
        /// Whether it is withdrawn afterwards.
        let isRetracted: Bool
        /// Which of its events cannot be read, and how.
        let poison: (event: Int, how: TemporaryStore.Spoiling)?
    }

    /// How many histories each property is tried on; `ANNALS_HISTORIES` for more.
    static let seeds: [UInt64] = {
        let count = unsafe getenv("ANNALS_HISTORIES").flatMap { unsafe Int(String(cString: $0)) }
        return (0..<UInt64(count ?? 5)).map { $0 }
    }()

    let revisions: [Revision]
    /// Where batches end: before the event of this number in the history.
    let eventsPerBatch: Int

    init(seed: UInt64, revisions count: Int = 45, isPoisoned: Bool = false) {
        var numbers = SeededNumbers(seed: seed)
        let names = (0..<25).map { "part-\($0 % 3).jsonl#\($0)" }
        func pick(_ name: String, _ label: String, _ most: Int) -> [Annotation] {
            let ids = Set(
                (0..<Int.random(in: 0...most, using: &numbers)).map { _ in
                    Int.random(in: 0..<6, using: &numbers)
                }
            )
            return ids.sorted().map { id in
                .leader(
                    "\(name)-\(id)",
                    "\(label) \(id) \(Int.random(in: 0..<2, using: &numbers))",
                    role: Bool.random(using: &numbers) ? "role \(id % 3)" : nil,
                    mentions: Int.random(in: 1...3, using: &numbers),
                    inTitle: Bool.random(using: &numbers)
                )
            }
        }
        var list: [Revision] = []
        for _ in 0..<count {
            let day = Int.random(in: 1...28, using: &numbers)
            list.append(
                Revision(
                    id: names.randomElement(using: &numbers) ?? "",
                    published: day > 20 ? nil : "2017-\(day % 2 + 10)-\(day < 10 ? "0" : "")\(day)",
                    leaders: pick("leader", "Leader", 4),
                    topics: pick("topic", "Topic", 3),
                    fate: max(0, Int.random(in: -4...4, using: &numbers)),
                    original: names.randomElement(using: &numbers) ?? "",
                    isRetracted: isPoisoned && Int.random(in: 0..<12, using: &numbers) == 0,
                    poison: isPoisoned && Int.random(in: 0..<10, using: &numbers) == 0
                        ? (
                            Int.random(in: 0..<6, using: &numbers),
                            TemporaryStore.Spoiling.allCases.randomElement(using: &numbers)
                                ?? .truncated
                        ) : nil
                )
            )
        }
        revisions = list
        eventsPerBatch = Int.random(in: 1...40, using: &numbers)
    }

    /// The history without the revisions that a later one of the same document supersedes.
    var latest: [Revision] {
        var seen: Set<String> = []
        return revisions.reversed().filter { seen.insert($0.id).inserted }.reversed()
    }

    /// Writes some revisions; batches end anywhere, inside a document too.
    func write(_ revisions: [Revision], to store: TemporaryStore, flush: Bool = true) throws {
        var events = 0
        for revision in revisions {
            var own = 0
            try write(revision, to: store) {
                own += 1
                if own == revision.poison?.event { store.spoiling = revision.poison?.how }
                events += 1
                if events.isMultiple(of: eventsPerBatch) { try store.commit() }
            }
        }
        if flush { try store.commit() }
    }

    private func write(
        _ revision: Revision,
        to store: TemporaryStore,
        _ cut: () throws -> Void
    ) throws {
        let id = revision.id
        if revision.poison?.event == 0 { store.spoiling = revision.poison?.how }
        if revision.fate == 3 {
            store.addFailed(id)
            return try cut()
        }
        var fields = DocumentFields()
        fields.title = "Title of \(id)"
        let section = CBORValue.Pair("section", .text("part \(id.utf8.count % 3)"))
        store.addIngested(id, fields: fields, metadata: .map([section]))
        try cut()
        fields.published = revision.published.flatMap { CalendarDate(iso: $0) }
        store.add(id, .cleaned(fields), stage: "clean")
        try cut()
        if revision.fate == 1 {
            store.addDropped(id)
            return try cut()
        }
        if revision.fate == 4 {
            store.addDuplicate(id, of: revision.original)
            return try cut()
        }
        store.add(id, DocumentUnique(fingerprint: .none), stage: "deduplicate")
        store.addEnriched(id, "leaders", revision.leaders)
        try cut()
        store.addEnriched(id, "topics", revision.topics)
        try cut()
        if revision.fate == 2 {
            store.addDuplicate(id, of: revision.original)
            try cut()
        }
        if revision.isRetracted {
            store.addRetracted(id)
            try cut()
        }
    }
}
