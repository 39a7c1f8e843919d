import EventLog
import Glibc
import Testing

/// Every change to a small store: it is found and the lost events are named, or it harms nothing.
///
/// `ANNALS_EVERY_BIT=full` takes a larger store and each bit of each zero, `ANNALS_EVERY_BIT_STEP`
/// one change of so many of a kind.
@Suite("Every bit of a store")
struct EveryBitTests {
    static let isFull =
        unsafe getenv("ANNALS_EVERY_BIT").map { unsafe String(cString: $0) } == "full"

    private static let step = loopCount("ANNALS_EVERY_BIT_STEP", default: 1)

    /// How many changes of a kind were found, and how many harmless, and why.
    private struct Scorecard {
        private var offered = 0
        var made = 0
        var detected = 0
        var harmless: [String: Int] = [:]
        var faults: [String] = []

        /// Whether the next change is one of those to be made.
        mutating func takes() -> Bool {
            defer { offered += 1 }
            return offered % EveryBitTests.step == 0
        }

        mutating func add(_ mutation: Mutation, _ outcome: DamageJudge.Outcome) {
            made += 1
            switch outcome {
            case .detected where mutation.harmless == nil: detected += 1
            case .harmless where mutation.harmless != nil:
                harmless[mutation.harmless ?? "", default: 0] += 1
            default: faults.append("\(mutation.kind.rawValue): \(mutation.place): \(outcome)")
            }
        }

        /// "N of N …", once for those who publish it.
        func publish(_ what: String) {
            let why = harmless.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
            let found = "\(detected) of \(made - harmless.values.reduce(0, +))"
            let rest = why.isEmpty ? "" : "; harmless: " + why.joined(separator: ", ")
            print("every bit: \(what): \(found) found\(rest)")
        }

        /// Every change had the outcome that was foretold for it.
        func check() {
            #expect(faults.isEmpty, "\(faults.count) of \(made): \(faults.prefix(10))")
            #expect(made == detected + harmless.values.reduce(0, +))
            #expect(made > 0)
        }
    }

    /// The store as it is, as it was between two segments, and after events of each segment were
    /// erased.
    enum Moment: CaseIterable {
        case open, sealed, erased
    }

    private static func store(_ moment: Moment = .open) throws -> DamagedStore {
        let store = try DamagedStore.make(segments: 3, batches: isFull ? 4 : 1)
        return switch moment {
        case .open: store
        case .sealed: store.sealedLast()
        case .erased: try store.withErased()
        }
    }

    @Test("the store that is damaged is whole, sealed, open, plain, compressed and quarantined")
    func untouched() throws {
        let store = try Self.store()
        #expect(DamageJudge(events: store.events).judge(store.files) == .harmless)
        #expect(store.segments.count == 3)
        #expect(store.files.keys.contains { $0.hasSuffix(".torn") })
        let codecs = store.segments.flatMap { path in
            let bytes = store.files[path] ?? []
            return DamagedStore.frameOffsets(bytes).dropLast().map { bytes[$0 + 109] }
        }
        #expect(codecs.contains(0) && codecs.contains(1))
        let sealed = try Self.store(.sealed)
        #expect(sealed.segments.count == 2)
        #expect(DamageJudge(events: sealed.events).judge(sealed.files) == .harmless)
    }

    @Test("a flipped bit is found, and exactly its batch is named", arguments: Moment.allCases)
    func flips(moment: Moment) throws {
        let store = try Self.store(moment)
        var judge = DamageJudge(events: store.events)
        var card = Scorecard()
        var foretold = 0
        let series = MutationSeries(store: store, isFull: Self.isFull)
        series.flips { mutation, path, offset in
            // What differs between the two moments is how the last segment ends.
            guard moment != .sealed || path == store.segments.last && offset >= 4096 else {
                return
            }
            guard card.takes() else { return }
            judge.filters = offset >= 4096
            let outcome = judge.judge(mutation.files)
            card.add(mutation, outcome)
            foretold += mutation.harmless == nil ? 1 : 0
            guard path.hasSuffix(".seg"), mutation.harmless == nil else { return }
            let expected = store.events(at: offset, of: path)
            if outcome != .detected(expected) {
                card.faults.append("\(mutation.place): \(outcome), not \(expected)")
            }
        }
        card.publish("bits flipped, last segment \(moment)")
        card.check()
        #expect(card.detected == foretold)
    }

    @Test("a file cut or lengthened, a block or a file out of place is found")
    func others() throws {
        let store = try Self.store()
        let judge = DamageJudge(events: store.events)
        var cards: [Mutation.Kind: Scorecard] = [:]
        let series = MutationSeries(store: store, isFull: Self.isFull)
        let show = { (mutation: Mutation) in
            guard cards[mutation.kind, default: Scorecard()].takes() else { return }
            cards[mutation.kind]?.add(mutation, judge.judge(mutation.files))
        }
        series.lengths(show)
        series.blocks(show)
        series.moves(show)
        series.files(show)
        for kind in Mutation.Kind.allCases where kind != .flip {
            let card = cards[kind] ?? Scorecard()
            card.publish(kind.rawValue)
            card.check()
        }
    }

    @Test("the last segment, sealed, cut at any length is found, or loses nothing promised")
    func sealedLengths() throws {
        let store = try Self.store(.sealed)
        let judge = DamageJudge(events: store.events)
        var card = Scorecard()
        MutationSeries(store: store, isFull: Self.isFull).lengths { mutation in
            guard
                mutation.files[store.segments.last ?? ""] != store.files[store.segments.last ?? ""]
            else { return }
            guard card.takes() else { return }
            card.add(mutation, judge.judge(mutation.files))
        }
        card.publish("a sealed last segment cut or lengthened")
        card.check()
    }
}
