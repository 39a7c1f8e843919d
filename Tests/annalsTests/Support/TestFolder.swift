import Foundation
import Glibc
import Synchronization

/// A working folder of its own that goes with the test.
final class TestFolder: Sendable {
    let path: String
    private let number = Atomic(0)

    struct Failure: Error {
        let reason: String
    }

    init() throws {
        var template = Array("/tmp/annals-test-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else { throw Failure(reason: "mkdtemp") }
        path = String(decoding: template.dropLast().map(UInt8.init), as: UTF8.self)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func nextNumber() -> Int { number.add(1, ordering: .relaxed).newValue }

    /// Runs the program to its end.
    @discardableResult
    func annals(
        _ arguments: String...,
        environment: [String: String] = [:],
        input: AnnalsProcess.Input = .nothing,
        output: String? = nil
    ) throws -> AnnalsProcess.Outcome {
        try AnnalsProcess(
            arguments,
            in: self,
            environment: environment,
            input: input,
            output: output
        ).wait()
    }

    /// Runs another program to its end.
    @discardableResult
    func shell(_ command: String) throws -> AnnalsProcess.Outcome {
        try AnnalsProcess(["-c", command], in: self, program: "/bin/sh").wait()
    }

    /// Writes a file and the folders above it.
    func write(_ name: String, _ text: String) throws {
        try write(name, bytes: Array(text.utf8))
    }

    func write(_ name: String, bytes: [UInt8]) throws {
        var folder = path
        for part in name.split(separator: "/").dropLast() {
            folder += "/" + part
            unsafe mkdir(folder, 0o755)
        }
        let flags = O_WRONLY | O_CREAT | O_TRUNC
        let descriptor = unsafe open(path + "/" + name, flags, 0o644)
        guard descriptor >= 0 else { throw Failure(reason: "open \(name): \(errno)") }
        defer { close(descriptor) }
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(
                    descriptor,
                    buffer.baseAddress.map { unsafe $0 + done },
                    buffer.count - done
                )
            }
            guard count > 0 else { throw Failure(reason: "write \(name): \(errno)") }
            done += count
        }
    }

    func append(_ name: String, _ text: String) throws {
        try write(name, bytes: bytes(name) + Array(text.utf8))
    }

    func read(_ name: String) -> String { Self.read(path + "/" + name) }

    func bytes(_ name: String) -> [UInt8] { Self.bytes(path + "/" + name) }

    func exists(_ name: String) -> Bool { unsafe access(path + "/" + name, F_OK) == 0 }

    func delete(_ name: String) {
        try? FileManager.default.removeItem(atPath: path + "/" + name)
    }

    /// Copies a folder of the repository into this one.
    func copy(repository name: String) throws {
        let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        let outcome = try shell("cp -r '/\(root)/\(name)' .")
        guard outcome.status == 0 else { throw Failure(reason: outcome.messages) }
    }

    /// Copies a file of the repository to a place in this folder.
    func copy(repository name: String, to place: String) throws {
        let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        try write(place, bytes: Self.bytes("/\(root)/\(name)"))
    }

    static func read(_ path: String) -> String { String(decoding: bytes(path), as: UTF8.self) }

    static func bytes(_ path: String) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var result: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe Glibc.read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return result }
            result += buffer[..<count]
        }
    }
}
