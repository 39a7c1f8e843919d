internal import Glibc

/// A plugin's folder or a lock file cannot be read or written: which path, and why.
package struct PluginLockError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What is wrong.
    package enum Code: String, Sendable {
        /// It cannot be read.
        case unreadable = "lock.unreadable"
        /// It cannot be written.
        case unwritable = "lock.unwritable"
        /// It is neither a file nor a folder nor a link.
        case neither = "lock.neither"
        /// There are more files than a plugin has, or they lie deeper.
        case tooMany = "lock.too-many"
    }

    /// What is wrong.
    package let code: Code
    /// The file or folder.
    package let path: String
    /// What the system says, if it was the system.
    package let reason: String

    init(_ code: Code, _ path: String, _ number: Int32? = nil) {
        self.code = code
        self.path = path
        reason = number.map { unsafe String(cString: strerror($0)) } ?? ""
    }

    package var description: String {
        switch code {
        case .unreadable: "\(path) cannot be read: \(reason) [\(code.rawValue)]"
        case .unwritable: "\(path) cannot be written: \(reason) [\(code.rawValue)]"
        case .neither:
            "\(path) is neither a file nor a folder nor a link, so that the plugin has no digest"
                + " [\(code.rawValue)]"
        case .tooMany:
            "\(path) is one file too many for a plugin: at most 100,000 in folders at most 64 deep;"
                + " what an install step makes belongs in .venv, .build or .installed"
                + " [\(code.rawValue)]"
        }
    }
}
