internal import Dispatch
internal import Synchronization

/// One process of a plugin that is talked with step by step; a step that it falls over is said
/// again to a new one, so that a step must not mind being said twice.
final class PluginConversation: Sendable {
    private static let attempts = 3

    private let reference: PluginReference
    private let folder: String?
    private let session = Mutex<PluginSession?>(nil)
    private let scratch = Mutex<String?>(nil)
    private let queue = DispatchQueue(label: "annals.plugin.conversation")

    /// Talks with a plugin; `folder` is what it keeps, if not what the pipeline names.
    init(with reference: PluginReference, keeping folder: String? = nil) {
        self.reference = reference
        self.folder = folder ?? reference.folder
    }

    /// Says something and hears what comes of it.
    ///
    /// - Parameters:
    ///   - attempts: how often it is said, at most.
    ///   - body: what is said to the process.
    /// - Returns: what came of it.
    /// - Throws: the last ``PluginFault``.
    func step<Result: Sendable>(
        attempts: Int = attempts,
        _ body: @escaping @Sendable (inout PluginSession) throws(PluginFault) -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            queue.async {
                do throws(PluginFault) {
                    continuation.resume(returning: try self.attempt(attempts, body))
                } catch {
                    continuation.resume(throwing: error)
                }
            }
        }
    }

    private func attempt<Result: Sendable>(
        _ attempts: Int,
        _ body: (inout PluginSession) throws(PluginFault) -> Result
    ) throws(PluginFault) -> Result {
        var pause = 0.1
        var left = attempts
        while true {
            left -= 1
            do throws(PluginFault) {
                return try once(body)
            } catch {
                let isFinal = [.handshake, .sandbox, .document].contains(error.code)
                if isFinal || left <= 0 { throw error }
                PluginChannel.pause(seconds: pause)
                pause = min(5, pause * 2)
            }
        }
    }

    private func once<Result: Sendable>(
        _ body: (inout PluginSession) throws(PluginFault) -> Result
    ) throws(PluginFault) -> Result {
        try session.withLock { (session) throws(PluginFault) -> Result in
            var current: PluginSession
            if let running = session.take() { current = running } else { current = try begin() }
            let result = try body(&current)
            session = consume current
            return result
        }
    }

    private func begin() throws(PluginFault) -> PluginSession {
        let fresh = try Scratch.make(for: reference.manifest.name)
        let last = scratch.withLock { scratch in
            defer { scratch = fresh }
            return scratch
        }
        if let last { Scratch.remove(last) }
        var session = try reference.session(scratch: fresh, keeping: folder)
        try session.start(reference.options)
        return session
    }

    /// Ends the process.
    func end() async {
        await withCheckedContinuation { continuation in
            queue.async {
                self.session.withLock { session in
                    if let last = session.take() { _ = last.shutDown() }
                }
                self.scratch.withLock { scratch in
                    if let last = scratch.take() { Scratch.remove(last) }
                }
                continuation.resume()
            }
        }
    }
}
