internal import CZlib

/// gzip (RFC 1952), several members in a row included, by zlib.
@safe
final class GzipDecoder: StreamDecoder {
    private let stream: UnsafeMutablePointer<z_stream>
    private var output = [UInt8](repeating: 0, count: 1 << 18)
    let name = "gzip"
    private(set) var isMidFrame = false
    private(set) var hasPendingOutput = false

    init() {
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        unsafe inflateInit2_(
            stream,
            15 + 16,
            ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size)
        )
    }

    deinit {
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    func decode(
        _ input: ArraySlice<UInt8>,
        into buffer: inout [UInt8]
    ) throws(DecodingFault) -> Int {
        let given = input.count
        if !isMidFrame && given > 0 {
            unsafe inflateReset(stream)
            isMidFrame = true
        }
        var status = Z_OK
        var used = 0
        var produced = 0
        unsafe input.withUnsafeBufferPointer { source in
            unsafe output.withUnsafeMutableBufferPointer { target in
                // zlib only reads through this pointer.
                unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
                unsafe stream.pointee.avail_in = UInt32(given)
                unsafe stream.pointee.next_out = target.baseAddress
                unsafe stream.pointee.avail_out = UInt32(target.count)
                status = unsafe inflate(stream, Z_NO_FLUSH)
                used = unsafe given - Int(stream.pointee.avail_in)
                produced = unsafe target.count - Int(stream.pointee.avail_out)
            }
        }
        buffer.append(contentsOf: output[..<produced])
        hasPendingOutput = produced == output.count
        switch status {
        case Z_STREAM_END: isMidFrame = false
        case Z_OK, Z_BUF_ERROR: break
        default:
            let message = unsafe stream.pointee.msg.map { unsafe String(cString: $0) }
            throw DecodingFault(reason: message ?? "zlib error \(status)")
        }
        if !isMidFrame { hasPendingOutput = false }
        return used
    }
}
