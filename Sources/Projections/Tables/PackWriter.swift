internal import Bytes

/// Writes a pack, as ``PackReader`` reads it.
struct PackWriter {
    /// The name that the pack is found by.
    private(set) var key: [UInt8]
    /// The entries so far.
    private(set) var bytes: [UInt8] = []
    /// Room in which to make a document's contents for ``append(_:)``.
    var contents: [UInt8] = []
    private var previous: [UInt8] = []

    /// Begins a pack.
    init(key: [UInt8]) {
        self.key = key
    }

    /// Begins the next pack in the same memory.
    mutating func begin(_ key: Span<UInt8>) {
        self.key = [UInt8](copying: key)
        bytes.removeAll(keepingCapacity: true)
        previous.removeAll(keepingCapacity: true)
    }

    /// Adds a document with the contents at hand.
    mutating func append(_ name: Span<UInt8>) {
        append(name: name, byteCount: contents.count)
        bytes.append(contentsOf: contents)
    }

    /// Adds a document as it stands in another pack.
    mutating func append(_ name: Span<UInt8>, _ contents: Span<UInt8>) {
        append(name: name, byteCount: contents.count)
        bytes.append(contentsOf: contents)
    }

    private mutating func append(name: Span<UInt8>, byteCount: Int) {
        let shared = previous.span.commonPrefix(with: name)
        let own = name.extracting(shared...)
        bytes.appendVarInt(shared)
        bytes.appendVarInt(own.count)
        bytes.append(contentsOf: own)
        bytes.appendVarInt(byteCount)
        previous.removeLast(previous.count - shared)
        previous.append(contentsOf: own)
    }
}
