internal import CZstd

/// Zstandard (RFC 8878), several frames in a row included, by libzstd.
@safe
final class ZstdDecoder: StreamDecoder {
    private let stream: OpaquePointer?
    private var output = [UInt8](repeating: 0, count: 1 << 18)
    let name = "zstd"
    private(set) var isMidFrame = false
    private(set) var hasPendingOutput = false

    init() {
        unsafe stream = ZSTD_createDStream()
    }

    deinit {
        unsafe ZSTD_freeDStream(stream)
    }

    func decode(
        _ input: ArraySlice<UInt8>,
        into buffer: inout [UInt8]
    ) throws(DecodingFault) -> Int {
        var used = 0
        var produced = 0
        let status = unsafe input.withUnsafeBytes { source in
            unsafe output.withUnsafeMutableBytes { target in
                var from = unsafe ZSTD_inBuffer(
                    src: source.baseAddress,
                    size: source.count,
                    pos: 0
                )
                var to = unsafe ZSTD_outBuffer(
                    dst: target.baseAddress,
                    size: target.count,
                    pos: 0
                )
                let status = unsafe ZSTD_decompressStream(stream, &to, &from)
                used = unsafe from.pos
                produced = unsafe to.pos
                return status
            }
        }
        guard ZSTD_isError(status) == 0 else {
            throw DecodingFault(reason: unsafe String(cString: ZSTD_getErrorName(status)))
        }
        buffer.append(contentsOf: output[..<produced])
        isMidFrame = status != 0
        hasPendingOutput = produced == output.count && isMidFrame
        return used
    }
}
