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
    /// The algorithm, which never changes, so that threads may share it.
    ///
    /// Looked up once: otherwise every digest begins by looking it up, behind locks.
    private nonisolated(unsafe) static let algorithm: OpaquePointer = {
        guard let algorithm = unsafe EVP_MD_fetch(nil, "SHA256", nil) else {
            preconditionFailure("libcrypto has no SHA-256")
        }
        return unsafe algorithm
    }()

    /// Begins a digest.
    package init() {
        guard let context = unsafe EVP_MD_CTX_new() else {
            preconditionFailure("libcrypto cannot allocate a digest context")
        }
        unsafe self.context = context
        unsafe EVP_DigestInit_ex(context, Self.algorithm, nil)
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
        _ = unsafe withUnsafeBytes(of: value.littleEndian) { bytes in
            unsafe EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
        }
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
