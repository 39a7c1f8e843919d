internal import Bytes
internal import Events

/// The ids of entered documents by number, in one arena, with the number of each id's last entry.
struct DocumentNames: Sendable {
    private var text: [UInt8] = []
    private var ends: [Int] = []
    private var superseded: Set<UInt32> = []
    private var latest: [UInt64: UInt32] = [:]

    /// Documents entered.
    var count: Int { ends.count }

    /// Bytes taken.
    var byteCount: Int {
        text.capacity + ends.capacity * 8 + latest.capacity * 17 + superseded.capacity * 6
    }

    /// Enters a document after all others; an earlier entry of the same id is superseded.
    mutating func append(_ id: DocumentID) -> UInt32 {
        supersede(id)
        let number = UInt32(ends.count)
        text.append(contentsOf: id.rawValue.utf8)
        ends.append(text.count)
        latest[key(id)] = number
        return number
    }

    /// Makes the last entry of an id stand for nobody.
    mutating func supersede(_ id: DocumentID) {
        let key = key(id)
        guard let number = latest[key], self.id(number) == id else { return }
        latest[key] = nil
        superseded.insert(number)
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
