internal import Bytes

/// A process of a plugin that shook hands, and what it is asked (PROTOCOL.md §4 to §6).
struct PluginSession: ~Copyable {
    let manifest: PluginManifest
    private var channel: PluginChannel
    private var batches = 0

    /// Starts a process and shakes hands; `onStart` takes it before it is waited for, so that it can
    /// be ended.
    static func begin(
        _ manifest: PluginManifest,
        _ program: PluginProcess.Program,
        log: @escaping @Sendable (PluginLogLine) -> Void,
        onStart: (PluginProcess) -> Void = { _ in }
    ) throws(PluginFault) -> PluginSession {
        let process = try PluginProcess(program, name: manifest.name)
        onStart(process)
        var session = PluginSession(manifest, process, PluginLog(manifest.name, log))
        do throws(PluginFault) {
            try session.shakeHands()
        } catch {
            session.fall()
            throw error
        }
        return session
    }

    private init(_ manifest: PluginManifest, _ process: PluginProcess, _ log: PluginLog) {
        self.manifest = manifest
        channel = PluginChannel(process, name: manifest.name, log: log)
    }

    /// The process.
    var process: PluginProcess { channel.process }

    /// Whether it was asked for no batch so far.
    var isFresh: Bool { batches == 0 }

    /// Ends it at once, and tells what it printed last.
    private mutating func fall() {
        channel.process.kill()
        channel.tellRest()
    }

    private mutating func shakeHands() throws(PluginFault) {
        channel.send(
            .map([
                CBORValue.Pair("type", .text("hello")),
                CBORValue.Pair("protocols", .array([.integer(PluginManifest.protocolVersion)])),
                CBORValue.Pair(
                    "encodings",
                    .array(WireEncoding.allCases.map { .text($0.rawValue) })
                ),
                CBORValue.Pair("name", .text(manifest.name)),
                CBORValue.Pair("version", .text(manifest.version)),
            ])
        )
        let hello = try receive("hello", seconds: Self.helloSeconds)
        guard hello["protocol"]?.integer == PluginManifest.protocolVersion else {
            throw mismatch("protocol", hello["protocol"], "\(PluginManifest.protocolVersion)")
        }
        let stated: [(String, String)] = [
            ("name", manifest.name), ("version", manifest.version),
            ("kind", manifest.kind.rawValue),
            ("determinism", manifest.determinism.rawValue),
        ]
        for (key, expected) in stated where hello[key]?.text != expected {
            throw mismatch(key, hello[key], expected)
        }
        if let events = hello["events"],
            events.items.compactMap(\.text).sorted() != manifest.events.sorted()
        {
            throw mismatch("events", events, manifest.events.joined(separator: ", "))
        }
        let encoding = hello["encoding"]?.text ?? "json"
        guard let known = WireEncoding(rawValue: encoding) else {
            throw mismatch("encoding", hello["encoding"], "json or cbor")
        }
        channel.encoding = known
    }

    /// Asks what is wrong with the options.
    mutating func validate(_ options: CBORValue) throws(PluginFault) -> [PluginDiagnostic] {
        channel.send(
            .map([
                CBORValue.Pair("type", .text("validate")), CBORValue.Pair("options", options),
            ])
        )
        let answer = try receive("validated", seconds: Self.helloSeconds)
        guard let diagnostics = answer["diagnostics"]?.array else {
            throw fault(.wire, "'validated' has no list of diagnostics")
        }
        return diagnostics.prefix(Self.diagnosticsMax).map(PluginDiagnostic.init)
    }

    /// Gets it ready for documents.
    mutating func start(_ options: CBORValue) throws(PluginFault) {
        channel.send(
            .map([CBORValue.Pair("type", .text("start")), CBORValue.Pair("options", options)])
        )
        do throws(PluginFault) {
            _ = try receive("started", seconds: Self.startSeconds)
        } catch {
            fall()
            throw error
        }
    }

    /// Asks for something else than answers to documents, and waits for it.
    mutating func ask(
        _ message: [CBORValue.Pair],
        for type: String
    ) throws(PluginFault) -> CBORValue {
        channel.send(.map(message))
        return try receive(type, seconds: manifest.needs.seconds)
    }

    /// Has it fold events; returns once it has.
    mutating func fold(_ events: [CBORValue]) throws(PluginFault) {
        batches += 1
        channel.send(
            .map([
                CBORValue.Pair("type", .text("batch")), CBORValue.Pair("batch", .integer(batches)),
                CBORValue.Pair("events", .array(events)),
            ])
        )
        let answer = try receive("answer", seconds: manifest.needs.seconds)
        try check(answer, index: events.count - 1)
        guard let error = answer["error"] else { return }
        throw fault(.document, error["message"]?.text ?? "it cannot fold the events")
    }

    /// What a batch came to: the answers in order, and why there are no more.
    struct Outcome: Sendable {
        var answers: [CBORValue] = []
        var fault: PluginFault?
    }

    /// Asks for an answer to each document.
    mutating func answers(to documents: [CBORValue], as member: String) -> Outcome {
        batches += 1
        channel.send(
            .map([
                CBORValue.Pair("type", .text("batch")), CBORValue.Pair("batch", .integer(batches)),
                CBORValue.Pair(member, .array(documents)),
            ])
        )
        var outcome = Outcome()
        let deadline = PluginChannel.deadline(manifest.needs.seconds)
        channel.allowance = .answers
        while outcome.answers.count < documents.count {
            do throws(PluginFault) {
                let answer = try channel.receive("answer", by: deadline)
                try check(answer, index: outcome.answers.count)
                outcome.answers.append(answer)
            } catch {
                outcome.fault = error
                fall()
                return outcome
            }
        }
        return outcome
    }

    private func check(_ answer: CBORValue, index: Int) throws(PluginFault) {
        let batch = answer["batch"]?.integer
        guard batch == batches, answer["index"]?.integer == index else {
            let found = answer["index"]?.integer.map(String.init) ?? "none"
            let wanted = "the answer to document \(index) of batch \(batches)"
            throw fault(
                .wire,
                "it wrote the answer to document \(found) of batch \(batch ?? 0), not \(wanted)"
            )
        }
    }

    /// Asks it to go, and sees to it.
    consuming func shutDown(within seconds: Double = 5) -> PluginProcess.Ending {
        channel.send(.map([CBORValue.Pair("type", .text("shutdown"))]))
        let deadline = PluginChannel.deadline(seconds)
        try? channel.flush(by: PluginChannel.deadline(min(1, seconds)))
        return channel.end(by: deadline)
    }

    private mutating func receive(_ type: String, seconds: Double) throws(PluginFault) -> CBORValue
    {
        channel.allowance = .other
        return try channel.receive(type, by: PluginChannel.deadline(seconds))
    }

    private func mismatch(_ key: String, _ found: CBORValue?, _ expected: String) -> PluginFault {
        let text = found.map { $0.text ?? $0.integer.map(String.init) ?? "something else" }
        return fault(
            .handshake,
            "its hello says \(key) '\(text?.clipped(to: 100) ?? "")', plugin.yaml says '\(expected)'"
        )
    }

    private func fault(_ code: PluginFault.Code, _ message: String) -> PluginFault {
        PluginFault(code, manifest.name, message)
    }

    private static let diagnosticsMax = 100
    private static let helloSeconds = 10.0
    private static let startSeconds = 60.0
}
