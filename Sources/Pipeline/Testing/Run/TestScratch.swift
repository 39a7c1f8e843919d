internal import Glibc

/// A folder in which tests run, in memory where there is such; goes when it is removed.
package struct TestScratch: Sendable {
    /// Why there is none.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// The folder.
    package let path: String

    /// Makes a folder that nobody else may enter.
    package init() throws(Failure) {
        try self.init(in: Self.places, named: "annals-tests-")
    }

    /// Makes a folder in this one.
    func folder() throws(Failure) -> TestScratch { try TestScratch(in: [path], named: "") }

    private init(in places: [String], named name: String) throws(Failure) {
        var reason = ""
        for place in places {
            var template = Array("\(place)/\(name)XXXXXX".utf8CString)
            if unsafe mkdtemp(&template) != nil {
                path = String(decoding: template.dropLast().map(UInt8.init), as: UTF8.self)
                return
            }
            reason = unsafe "\(place): \(String(cString: strerror(errno)))"
        }
        throw Failure(description: "there is no folder to run tests in; \(reason)")
    }

    /// A log is synchronised several times a run: in memory that costs nothing.
    private static var places: [String] {
        let named = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) }
        return ["/dev/shm", named ?? "/tmp", "/tmp"]
    }

    /// Removes the folder with all that is in it.
    package func remove() { Self.remove(path) }

    static func remove(_ path: String) {
        if let stream = unsafe opendir(path) {
            var names: [String] = []
            while let entry = unsafe readdir(stream) {
                names.append(
                    unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                        unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
                            unsafe String(cString: $0)
                        }
                    }
                )
            }
            unsafe closedir(stream)
            for name in names where name != "." && name != ".." {
                let inner = path + "/" + name
                // A link is removed, not followed.
                if unsafe unlink(inner) != 0 { remove(inner) }
            }
        }
        unsafe rmdir(path)
    }
}
