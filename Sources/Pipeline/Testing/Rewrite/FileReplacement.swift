internal import Glibc

/// A file that takes the place of another at once, with its permissions, or not at all.
package struct FileReplacement: Sendable {
    /// Why it could not be written.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// The file beside the old one.
    package let path: String
    private let target: String

    /// Writes a file beside another; links lead to what is replaced.
    package init(of target: String, with bytes: [UInt8]) throws(Failure) {
        self.target = Self.resolved(target)
        var template = Array(Self.hidden(self.target).utf8CString)
        let descriptor = unsafe mkstemp(&template)
        guard descriptor >= 0 else { throw Self.failure(target) }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        defer { close(descriptor) }
        var status = stat()
        if unsafe stat(self.target, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFREG else {
                unsafe unlink(path)
                throw Failure(description: "\(target) is no file, and is left as it is")
            }
            fchmod(descriptor, status.st_mode & 0o7777)
            // Only root may give files away: elsewhere the file stays its writer's.
            _ = fchown(descriptor, status.st_uid, status.st_gid)
        } else {
            fchmod(descriptor, 0o644)
        }
        guard Self.write(bytes, to: descriptor), fsync(descriptor) == 0 else {
            let failure = Self.failure(target)
            unsafe unlink(path)
            throw failure
        }
    }

    /// Puts it in the other's place.
    package func commit() throws(Failure) {
        guard unsafe rename(path, target) == 0 else { throw Self.failure(target) }
        let folder = unsafe open(Self.folder(of: target), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return }
        fsync(folder)
        close(folder)
    }

    /// Leaves the other as it was.
    package func discard() { unsafe unlink(path) }

    private static func resolved(_ path: String) -> String {
        guard let real = unsafe realpath(path, nil) else { return path }
        defer { unsafe free(real) }
        return unsafe String(cString: real)
    }

    /// A name in the same folder, so that what is relative to the file is found from there as well.
    private static func hidden(_ path: String) -> String {
        let name = path.split(separator: "/").last.map(String.init) ?? ""
        return folder(of: path) + "/." + name.prefix(100) + ".XXXXXX"
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(
                    descriptor,
                    buffer.baseAddress.map { unsafe $0 + done },
                    buffer.count - done
                )
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return false }
            done += count
        }
        return true
    }

    private static func failure(_ path: String) -> Failure {
        Failure(
            description: unsafe "\(path) cannot be written: \(String(cString: strerror(errno)))"
        )
    }
}
