internal import CKernels

/// Checksums of bytes.
package enum Checksum {
    /// CRC32C (Castagnoli, RFC 3720 appendix B.4).
    package static func crc32c(_ bytes: Span<UInt8>) -> UInt32 {
        unsafe bytes.withUnsafeBufferPointer { buffer in
            unsafe annals_crc32c(0, buffer.baseAddress, buffer.count)
        }
    }
}
