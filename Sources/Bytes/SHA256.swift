internal import CCrypto

/// A 256-bit digest, printed as 64 lower-case hexadecimal digits.
package struct SHA256Digest: Hashable, Sendable, CustomStringConvertible {
    /// The digest's 32 bytes.
    package let bytes: [UInt8]

    /// Takes 32 bytes; nil for any other number.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        self.bytes = bytes
    }

    fileprivate init(exactly bytes: [UInt8]) {
        self.bytes = bytes
    }

    package var description: String {
        Hex.string(bytes.span)
    }
}

/// SHA-256 (FIPS 180-4) by the system's libcrypto.
@safe
package struct SHA256: ~Copyable {
    private let context: OpaquePointer

    /// Begins a digest.
    package init() {
        guard let context = unsafe EVP_MD_CTX_new() else {
            preconditionFailure("libcrypto cannot allocate a digest context")
        }
        unsafe self.context = context
        unsafe EVP_DigestInit_ex(context, EVP_sha256(), nil)
    }

    deinit {
        unsafe EVP_MD_CTX_free(context)
    }

    /// Adds bytes.
    package mutating func update(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBufferPointer { buffer in
            _ = unsafe EVP_DigestUpdate(context, buffer.baseAddress, buffer.count)
        }
    }

    /// Adds an integer as eight little-endian bytes.
    package mutating func update(_ value: UInt64) {
        var bytes: [UInt8] = []
        bytes.appendLittleEndian(value)
        update(bytes.span)
    }

    /// Ends the digest.
    package consuming func finalize() -> SHA256Digest {
        var digest = [UInt8](repeating: 0, count: 32)
        unsafe digest.withUnsafeMutableBufferPointer { buffer in
            _ = unsafe EVP_DigestFinal_ex(context, buffer.baseAddress, nil)
        }
        return SHA256Digest(exactly: digest)
    }

    /// The digest of one run of bytes.
    package static func hash(_ bytes: Span<UInt8>) -> SHA256Digest {
        var state = SHA256()
        state.update(bytes)
        return state.finalize()
    }
}
