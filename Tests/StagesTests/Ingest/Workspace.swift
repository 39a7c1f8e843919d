import CZlib
import CZstd
import Foundation
import Pipeline
import Testing

@testable import Stages

/// A folder of its own for a test, removed with it.
final class Workspace {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "annals-ingest-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file, making its folders, and answers its path.
    @discardableResult
    func write(_ name: String, _ bytes: [UInt8]) throws -> String {
        let file = path + "/" + name
        try FileManager.default.createDirectory(
            atPath: (file as NSString).deletingLastPathComponent,
            withIntermediateDirectories: true
        )
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        return file
    }

    @discardableResult
    func write(_ name: String, _ text: String) throws -> String {
        try write(name, Array(text.utf8))
    }

    func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(
            atPath: path + "/" + name,
            withDestinationPath: target
        )
    }

    /// The entries' paths below the workspace, faults by their code behind a `!`.
    func found(_ patterns: [String]) -> [String] {
        SourceFiles(patterns: patterns.map { $0 == "-" ? $0 : path + "/" + $0 }).entries.map {
            entry in
            let name =
                entry.path.hasPrefix(path)
                ? String(entry.path.dropFirst(path.count + 1)) : entry.path
            if case .fault(_, let fault) = entry { return name + "!" + fault.code }
            return name
        }
    }
}

/// Compressing for fixtures.
enum Compressed {
    static func gzip(_ bytes: [UInt8]) -> [UInt8] {
        var stream = unsafe z_stream()
        let size = unsafe Int32(MemoryLayout<z_stream>.size)
        unsafe deflateInit2_(
            &stream,
            6,
            Z_DEFLATED,
            15 + 16,
            8,
            Z_DEFAULT_STRATEGY,
            ZLIB_VERSION,
            size
        )
        var input = bytes
        var output = [UInt8](repeating: 0, count: bytes.count + bytes.count / 10 + 100)
        let room = UInt32(output.count)
        unsafe input.withUnsafeMutableBufferPointer { source in
            unsafe output.withUnsafeMutableBufferPointer { target in
                unsafe stream.next_in = source.baseAddress
                unsafe stream.avail_in = UInt32(source.count)
                unsafe stream.next_out = target.baseAddress
                unsafe stream.avail_out = room
                unsafe deflate(&stream, Z_FINISH)
            }
        }
        let produced = unsafe Int(room - stream.avail_out)
        unsafe deflateEnd(&stream)
        return Array(output[..<produced])
    }

    static func zstd(_ bytes: [UInt8]) -> [UInt8] {
        var output = [UInt8](repeating: 0, count: ZSTD_compressBound(bytes.count))
        let count = unsafe ZSTD_compress(&output, output.count, bytes, bytes.count, 3)
        return Array(output[..<count])
    }
}

/// Root reads everything; a thread's file accesses can be made as somebody else's (setfsuid(2)).
enum FileUser {
    static func asNobody<Result>(_ body: () -> Result) -> Result {
        guard geteuid() == 0 else { return body() }
        switchTo(65534)
        defer { switchTo(0) }
        return body()
    }

    private static func switchTo(_ user: UInt32) {
        typealias SetUser = @convention(c) (UInt32) -> Int32
        guard let symbol = unsafe dlsym(nil, "setfsuid") else { return }
        _ = unsafe unsafeBitCast(symbol, to: SetUser.self)(user)
    }
}
