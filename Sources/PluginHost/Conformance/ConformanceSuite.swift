internal import Bytes

/// The plugin under test, and the conversation that checks share as long as nothing goes wrong.
///
/// A start may take a minute, when a plugin loads a model; so a check only takes a process of its
/// own if it means to disturb it.
struct ConformanceSuite {
    let plugin: ProbedPlugin
    private var shared: Probe?
    /// Whether processes are walled in.
    var isSandboxed = ProbedPlugin.hasWalls

    init(_ plugin: ProbedPlugin) { self.plugin = plugin }

    /// Does a check.
    mutating func outcome(of check: ConformanceCheck) -> Conformance.Outcome {
        do {
            try check.body(&self)
            return .passed
        } catch let CheckFailure.failed(seen, expected) {
            shared = nil
            return .failed(seen: seen, expected: expected)
        } catch CheckFailure.skipped(let reason) {
            return .skipped(reason)
        } catch let fault as PluginFault {
            shared = nil
            return .failed(seen: fault.message, expected: Self.expectation(fault))
        } catch {
            shared = nil
            return .failed(seen: "\(error)", expected: "an answer")
        }
    }

    /// A process that nothing was said to.
    func probe() throws(PluginFault) -> Probe { try Probe(plugin, isSandboxed: isSandboxed) }

    /// A process of its own that was started.
    func started(_ encodings: [WireEncoding] = [.json]) throws(PluginFault) -> Probe {
        let probe = try probe()
        _ = try probe.shakeHands(plugin, encodings)
        try probe.start(plugin)
        return probe
    }

    /// Says something in the conversation that checks share; it ends if that throws.
    mutating func conversation<Result>(
        _ body: (Probe) throws -> Result
    ) throws -> Result {
        let probe = try takeShared()
        let result = try body(probe)
        shared = probe
        return result
    }

    /// Answers to items in the conversation that checks share.
    mutating func answers(to items: [CBORValue]) throws(PluginFault) -> [CBORValue] {
        let probe = try takeShared()
        let answers = try probe.answers(to: items, plugin)
        shared = probe
        return answers
    }

    private mutating func takeShared() throws(PluginFault) -> Probe {
        guard let probe = shared else { return try started() }
        shared = nil
        return probe
    }

    /// Ends the shared conversation.
    mutating func endShared() { shared = nil }

    private static func expectation(_ fault: PluginFault) -> String {
        switch fault.code {
        case .timeout: "it answers in time, or is killed"
        case .crashed: "it ends when it is asked to, or when descriptor 3 ends, and not before"
        case .memory: "all its processes together take no more than 'memory' of its manifest"
        case .wire: "messages are JSON objects on a line each, with the 'type' that is due"
        case .launch: "its program can be started; annals plugin install makes what is missing"
        default: "it does as the protocol says"
        }
    }
}

extension Probe {
    /// Says hello and takes what comes back; the encoding is agreed upon afterwards.
    func shakeHands(
        _ plugin: ProbedPlugin,
        _ encodings: [WireEncoding] = [.json],
        protocols: [Int] = [PluginManifest.protocolVersion],
        members: [CBORValue.Pair] = []
    ) throws(PluginFault) -> CBORValue {
        send(
            "hello",
            [
                CBORValue.Pair("protocols", .array(protocols.map { .integer($0) })),
                CBORValue.Pair("encodings", .array(encodings.map { .text($0.rawValue) })),
                CBORValue.Pair("name", .text(plugin.manifest.name)),
                CBORValue.Pair("version", .text(plugin.manifest.version)),
            ] + members
        )
        let hello = try receive("hello", seconds: Limits.helloSeconds)
        encoding = hello["encoding"]?.text.flatMap(WireEncoding.init(rawValue:)) ?? .json
        return hello
    }

    /// Gets it ready.
    func start(_ plugin: ProbedPlugin) throws(PluginFault) {
        send("start", [CBORValue.Pair("options", plugin.options)])
        _ = try receive("started", seconds: Limits.startSeconds)
    }

    /// Its answers to items, in batches of at most what its manifest says.
    func answers(
        to items: [CBORValue],
        _ plugin: ProbedPlugin
    ) throws(PluginFault) -> [CBORValue] {
        var answers: [CBORValue] = []
        let needs = plugin.manifest.needs
        for start in stride(from: 0, to: items.count, by: needs.batch) {
            let part = start..<min(items.count, start + needs.batch)
            sendBatch(Array(items[part]), as: plugin.member)
            answers += try self.answers(
                plugin.expected(part.count),
                of: batch,
                seconds: needs.seconds
            )
        }
        return answers
    }
}

extension ProbedPlugin {
    /// The indices that answers to a batch have: a projection answers once, for the last event.
    func expected(_ count: Int) -> Range<Int> {
        manifest.kind == .projection ? count - 1..<count : 0..<count
    }
}

/// The times that the protocol gives.
enum Limits {
    static let helloSeconds = 10.0
    static let startSeconds = 60.0
    static let endSeconds = 5.0
}
