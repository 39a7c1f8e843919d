private import Glibc

extension YAMLSource {
    /// Reads a regular file, never more than `limits.inputBytes` of it.
    ///
    /// - Parameters:
    ///   - path: The file; also the source's name.
    ///   - limits: Only `inputBytes` is looked at.
    /// - Returns: The source, not yet parsed.
    /// - Throws: One diagnostic `yaml.unreadable` or `yaml.too-large` that names the file.
    package static func read(
        _ path: String,
        limits: YAMLLimits = .default,
    ) throws(YAMLErrors) -> YAMLSource {
        // O_NONBLOCK: opening a named pipe must not wait for a writer before it is refused.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw unreadable(path, errno) }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw unreadable(path, errno) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw unreadable(path, found: "not a regular file", hint: "give the path of a file")
        }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 256 * 1024)
        while true {
            let count = unsafe Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw unreadable(path, errno) }
            if count == 0 { return YAMLSource(name: path, bytes: bytes) }
            bytes.append(contentsOf: chunk[..<count])
            guard bytes.count <= limits.inputBytes else {
                throw YAMLErrors([.tooLarge(file: path, limits: limits)])
            }
        }
    }

    private static func unreadable(_ path: String, _ number: CInt) -> YAMLErrors {
        let reason = unsafe String(cString: strerror(number))
        let hint =
            number == ENOENT
            ? "check the path; it is taken from the working directory"
            : "check the file's permissions"
        return unreadable(path, found: reason, hint: hint)
    }

    private static func unreadable(_ path: String, found: String, hint: String) -> YAMLErrors {
        YAMLErrors([
            Diagnostic(
                code: YAMLCode.unreadable,
                "cannot be read: \(found)",
                file: path,
                expected: "a readable YAML file",
                found: found,
                hint: hint,
            )
        ])
    }
}
