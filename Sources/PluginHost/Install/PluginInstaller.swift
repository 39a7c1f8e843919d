internal import Glibc

/// What a plugin needs beside its folder, and the step that makes it (PROTOCOL.md §8).
package enum PluginInstaller {
    /// The program in a plugin's folder that installs what it needs.
    package static let fileName = "install"

    /// Whether a plugin has an install step.
    package static func hasStep(_ manifest: PluginManifest) -> Bool {
        unsafe access(manifest.folder + "/" + fileName, F_OK) == 0
    }

    /// Why a plugin's program cannot be started; nil if it is there.
    package static func missing(_ manifest: PluginManifest) -> PluginFault? {
        do throws(PluginFault) {
            _ = try PluginWalls.program(of: manifest, scratch: "/tmp", PluginWalls.Grants())
            return nil
        } catch {
            return error
        }
    }

    /// Runs the install step to its end: in the user's environment, without the sandbox.
    ///
    /// - Parameters:
    ///   - manifest: a plugin that has a step.
    ///   - log: takes what it prints, line by line.
    /// - Throws: why it could not be run, or how it ended.
    package static func run(
        _ manifest: PluginManifest,
        log: @escaping (PluginLogLine) -> Void
    ) throws(PluginFault) {
        let process = try PluginProcess(try program(manifest), name: manifest.name)
        var lines = LineCutter { log(PluginLogLine(manifest.name, level: nil, $0)) }
        var buffer = [UInt8](repeating: 0, count: 1 << 14)
        var count = 1
        repeat {
            var ends = [pollfd(fd: process.prints, events: Int16(POLLIN), revents: 0)]
            _ = unsafe poll(&ends, 1, -1)
            count = unsafe read(process.prints, &buffer, buffer.count)
            if count > 0 { lines.append(buffer[..<count]) }
        } while count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR))
        lines.end()
        let how =
            switch process.end(within: endingMilliseconds) {
            case .exit(0): ""
            case let ending: ending.words
            }
        guard how.isEmpty else {
            throw PluginFault(.launch, manifest.name, "its install step \(how)")
        }
    }

    /// How long it may go on once it has closed what it prints to.
    private static let endingMilliseconds = 60_000

    private static func program(
        _ manifest: PluginManifest
    ) throws(PluginFault) -> PluginProcess.Program {
        guard let folder = unsafe realpath(manifest.folder, nil) else {
            let reason = unsafe String(cString: strerror(errno))
            throw PluginFault(
                .launch,
                manifest.name,
                "\(manifest.folder) cannot be found: \(reason)"
            )
        }
        defer { unsafe free(folder) }
        let place = unsafe String(cString: folder)
        guard unsafe access(place + "/" + fileName, X_OK) == 0 else {
            throw PluginFault(
                .launch,
                manifest.name,
                "\(manifest.folder)/\(fileName) may not be executed; chmod +x makes it a program"
            )
        }
        return PluginProcess.Program(
            arguments: [place + "/" + fileName],
            environment: environment,
            folder: place,
            readable: [],
            writable: [],
            hasNetwork: true,
            isSandboxed: false
        )
    }

    /// The user's environment: proxies, caches and compilers are named there.
    private static var environment: [String: String] {
        var variables: [String: String] = [:]
        var entry = unsafe environ
        while let text = unsafe entry.pointee {
            let pair = unsafe String(cString: text)
            if let equals = pair.firstIndex(of: "=") {
                variables[String(pair[..<equals])] = String(pair[pair.index(after: equals)...])
            }
            unsafe entry += 1
        }
        return variables
    }
}

/// Cuts what comes in pieces into lines.
struct LineCutter: ~Copyable {
    private static let lineBytesMax = 1 << 16
    private var line: [UInt8] = []
    private let take: (String) -> Void

    init(_ take: @escaping (String) -> Void) { self.take = take }

    mutating func append(_ bytes: ArraySlice<UInt8>) {
        for byte in bytes {
            if byte != 0x0A { line.append(byte) }
            guard byte == 0x0A || line.count >= Self.lineBytesMax else { continue }
            take(String(decoding: line, as: UTF8.self))
            line = []
        }
    }

    mutating func end() {
        if !line.isEmpty { take(String(decoding: line, as: UTF8.self)) }
        line = []
    }
}
