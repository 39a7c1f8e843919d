/// The bytes of one YAML file with the name under which diagnostics speak of it.
///
/// A reference inside, so that every node can carry its source for the price of one word.
package struct YAMLSource: Sendable {
    private final class Storage: Sendable {
        let name: String
        let bytes: [UInt8]

        init(name: String, bytes: [UInt8]) {
            self.name = name
            self.bytes = bytes
        }
    }

    private let storage: Storage

    /// The name in diagnostics, usually the path as the user wrote it.
    package var name: String { storage.name }
    /// The whole content, as read.
    package var bytes: [UInt8] { storage.bytes }

    /// A source of the given bytes.
    package init(name: String, bytes: [UInt8]) {
        storage = Storage(name: name, bytes: bytes)
    }

    /// A source of the given text.
    package init(name: String, text: String) {
        self.init(name: name, bytes: Array(text.utf8))
    }

    /// Whether two sources are one and the same.
    package func isSame(as other: YAMLSource) -> Bool { storage === other.storage }

    /// A path that is written in this source, relative to the source's own folder.
    package func path(of path: String) -> String {
        guard !path.hasPrefix("/"), let slash = name.lastIndex(of: "/") else { return path }
        return String(name[...slash]) + path
    }
}
