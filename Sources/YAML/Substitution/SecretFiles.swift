private import Glibc

/// Reads the files that `${file:PATH}` names, each once, and remembers what must not be shown.
package struct SecretFiles: Sendable {
    /// The largest secret, in bytes.
    package static let bytesMax = 64 << 10
    /// Shorter ones cannot be masked: they are in every text.
    package static let maskedBytesMin = 4

    /// What a file holds.
    struct Secret: Sendable {
        let text: String
        /// Whether everybody on the machine can read it.
        let isOpenToAll: Bool
    }

    /// Why a file cannot be a secret.
    struct Refusal: Error, Sendable {
        let found: String
        let hint: String
    }

    private var read: [String: Result<Secret, Refusal>] = [:]

    /// No file was read yet.
    package init() {}

    /// The values read so far.
    package var values: [String] {
        read.values.compactMap { try? $0.get().text }.sorted()
    }

    /// The secret of a file whose path is relative to the file of a source.
    mutating func secret(_ path: String, in source: YAMLSource) -> Result<Secret, Refusal> {
        let full = source.path(of: path)
        if let known = read[full] { return known }
        let result = Self.read(full)
        read[full] = result
        return result
    }

    private static func read(_ path: String) -> Result<Secret, Refusal> {
        do throws(Refusal) {
            let (bytes, mode) = try bytes(of: path)
            guard var text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
                throw Refusal(found: "not UTF-8 text", hint: "store the secret as plain text")
            }
            if text.last == "\n" || text.last == "\r\n" { text.removeLast() }
            guard !text.isEmpty else {
                throw Refusal(found: "nothing in it", hint: "write the secret into the file")
            }
            return .success(Secret(text: text, isOpenToAll: mode & S_IROTH != 0))
        } catch {
            return .failure(error)
        }
    }

    private static func bytes(of path: String) throws(Refusal) -> ([UInt8], mode_t) {
        // O_NONBLOCK: opening a named pipe must not wait for a writer before it is refused.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw unreadable(errno) }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw unreadable(errno) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw Refusal(found: "not a regular file", hint: "give the path of a file")
        }
        var bytes = [UInt8](repeating: 0, count: bytesMax + 1)
        var count = 0
        while count < bytes.count {
            let more = unsafe bytes.withUnsafeMutableBytes { room in
                unsafe Glibc.read(
                    descriptor,
                    room.baseAddress.map { unsafe $0 + count },
                    room.count - count
                )
            }
            if more < 0, errno == EINTR { continue }
            guard more >= 0 else { throw unreadable(errno) }
            if more == 0 { return (Array(bytes[..<count]), status.st_mode) }
            count += more
        }
        throw Refusal(
            found: "more than \(bytesMax) bytes",
            hint: "a secret is a password or a key: give the path of its file"
        )
    }

    private static func unreadable(_ number: CInt) -> Refusal {
        Refusal(
            found: unsafe String(cString: strerror(number)),
            hint: number == ENOENT
                ? "the path is relative to the file that names it" : "check the file's permissions"
        )
    }
}
