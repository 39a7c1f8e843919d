internal import Bytes

/// The handful of type or stage names of a batch, with how many events have each.
struct NameTable: Sendable {
    private(set) var names: [String] = []
    private(set) var counts: [Int] = []
    private var indices: [String: Int] = [:]

    /// Counts one more event of a name and returns the name's index.
    mutating func count(_ name: String) -> Int {
        let index = index(of: name)
        counts[index] += 1
        return index
    }

    private mutating func index(of name: String) -> Int {
        // Comparing few short strings costs less than hashing one.
        if names.count <= 16 {
            for (index, known) in names.enumerated() where known == name { return index }
        } else if let index = indices[name] {
            return index
        }
        indices[name] = names.count
        names.append(name)
        counts.append(0)
        return names.count - 1
    }
}

extension [UInt8] {
    /// Appends a name as u16 length and UTF-8.
    mutating func appendName(_ name: String) {
        appendLittleEndian(UInt16(truncatingIfNeeded: name.utf8.count))
        append(contentsOf: name.utf8)
    }
}
