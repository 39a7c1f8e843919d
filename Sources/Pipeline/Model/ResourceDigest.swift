internal import Bytes

/// The digest by which a resource file enters a fingerprint.
enum ResourceDigest {
    /// SHA-256 in hexadecimal.
    static func of(_ bytes: [UInt8]) -> String {
        SHA256.hash(bytes.span).description
    }
}
