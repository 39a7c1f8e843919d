package import Bytes
internal import Glibc

/// What a plugin's folder holds, as SHA-256 (PROTOCOL.md, "Digest").
///
/// Two folders with the same digest hold the same program, whatever was installed beside it.
package struct PluginDigest: Hashable, Sendable, CustomStringConvertible {
    /// The digest.
    package let sha256: SHA256Digest

    /// A digest that is known.
    package init(_ sha256: SHA256Digest) { self.sha256 = sha256 }

    /// A digest as ``description`` writes it; nil for anything else.
    package init?(_ text: String) {
        guard text == text.lowercased(), let bytes = Hex.bytes(text),
            let digest = SHA256Digest(bytes)
        else { return nil }
        sha256 = digest
    }

    /// 64 hexadecimal digits.
    package var description: String { sha256.description }

    /// Its beginning, enough for people to tell digests apart.
    package var short: String { String(description.prefix(12)) }

    /// Reads a folder: O(bytes) time, memory for its names and one buffer.
    package static func of(_ folder: String) throws(PluginLockError) -> PluginDigest {
        var names = FolderNames(folder)
        try names.collect()
        var digest = SHA256()
        for name in names.names.sorted(by: { $0.path.lexicographicallyPrecedes($1.path) }) {
            let content = try content(of: name, in: folder)
            let line = Array("\(name.kind.rawValue) \(content) ".utf8) + name.path + [0]
            digest.update(line.span)
        }
        return PluginDigest(digest.finalize())
    }

    /// The digest of a file's bytes, or of what a link points to.
    private static func content(
        of name: FolderNames.Name,
        in folder: String
    ) throws(PluginLockError) -> SHA256Digest {
        let path = name.fullPath(in: folder)
        if name.kind == .link {
            var target = [CChar](repeating: 0, count: 4096)
            let count = unsafe readlink(path, &target, target.count)
            guard count >= 0 else {
                throw PluginLockError(.unreadable, name.shown(in: folder), errno)
            }
            let bytes = target.prefix(count).map { UInt8(bitPattern: $0) }
            return SHA256.hash(bytes.span)
        }
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard file >= 0 else { throw PluginLockError(.unreadable, name.shown(in: folder), errno) }
        defer { close(file) }
        var digest = SHA256()
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = unsafe read(file, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw PluginLockError(.unreadable, name.shown(in: folder), errno)
            }
            guard count > 0 else { return digest.finalize() }
            digest.update(buffer.span.extracting(0..<count))
        }
    }
}
