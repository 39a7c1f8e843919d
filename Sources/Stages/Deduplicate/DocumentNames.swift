internal import Bytes
internal import Events

/// The ids of entered documents by number, in one arena, with the number of each id's last entry.
///
/// A document keeps the place at which it was entered first: a revision of it comes before what
/// came after it, whenever it is read.
struct DocumentNames: Sendable {
    private var text: [UInt8] = []
    private var ends: [Int] = []
    private var places: [UInt32] = []
    private var superseded: Set<UInt32> = []
    /// Superseded entries whose document went ways that ended before they were compared.
    private var absent: Set<UInt32> = []
    private var numbers: [UInt64: UInt32] = [:]

    /// Documents entered.
    var count: Int { ends.count }

    /// Bytes taken.
    var byteCount: Int {
        text.capacity + ends.capacity * 8 + places.capacity * 4 + numbers.capacity * 17 + superseded
            .capacity * 6
    }

    /// Enters a document after all others, or in the place of an earlier entry of the same id, which
    /// is superseded.
    mutating func append(_ id: DocumentID) -> UInt32 {
        let number = UInt32(ends.count)
        let earlier = latest(id)
        if let earlier { superseded.insert(earlier) }
        places.append(earlier.map { places[Int($0)] } ?? number)
        text.append(contentsOf: id.rawValue.utf8)
        ends.append(text.count)
        numbers[key(id)] = number
        return number
    }

    /// Gives a document its place without entering it.
    mutating func see(_ id: DocumentID) {
        let number = append(id)
        superseded.insert(number)
        absent.insert(number)
    }

    /// Where a document stands among all: smaller is earlier.
    func place(_ number: UInt32) -> UInt32 { places[Int(number)] }

    /// Makes the last entry of an id stand for nobody: the document's way began anew.
    mutating func leave(_ id: DocumentID) {
        guard let number = latest(id) else { return }
        if !superseded.insert(number).inserted { absent.insert(number) }
    }

    /// The last entry of an id, if nothing but the way that goes on now has superseded it.
    func standingUntilNow(_ id: DocumentID) -> UInt32? {
        guard let number = latest(id), !absent.contains(number) else { return nil }
        return number
    }

    /// Whether a document has a place.
    func isKnown(_ id: DocumentID) -> Bool { latest(id) != nil }

    private func latest(_ id: DocumentID) -> UInt32? {
        guard let number = numbers[key(id)], self.id(number) == id else { return nil }
        return number
    }

    func isSuperseded(_ number: UInt32) -> Bool {
        !superseded.isEmpty && superseded.contains(number)
    }

    func id(_ number: UInt32) -> DocumentID {
        let start = number == 0 ? 0 : ends[Int(number) - 1]
        return DocumentID(
            rawValue: String(decoding: text[start..<ends[Int(number)]], as: UTF8.self)
        )
    }

    private func key(_ id: DocumentID) -> UInt64 { Hash64.hash(id.rawValue.utf8Span.span) }
}
