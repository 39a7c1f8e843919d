internal import Bytes
internal import Glibc
internal import Synchronization

/// A process of a plugin, and a host that may say to it whatever it likes.
///
/// Every wait has a deadline. A class: it is one process, which is gone when the probe is.
final class Probe {
    private let process: PluginProcess
    private var channel: PluginChannel
    private let record: ProbeRecord
    private let folder: ScratchFolder
    private let name: String
    /// The number of the last batch.
    private(set) var batch = 0

    init(_ plugin: ProbedPlugin, isSandboxed: Bool) throws(PluginFault) {
        folder = try ScratchFolder(plugin.manifest.name)
        let program = try plugin.program(folder.path, isSandboxed: isSandboxed)
        name = plugin.manifest.name
        record = plugin.record
        process = try PluginProcess(program, name: name)
        let record = plugin.record
        channel = PluginChannel(process, name: name, log: PluginLog(name) { record.add($0) })
    }

    /// How messages are written from now on.
    var encoding: WireEncoding {
        get { channel.encoding }
        set { channel.encoding = newValue }
    }

    /// Puts a message on its way.
    func send(_ type: String, _ members: [CBORValue.Pair] = []) {
        channel.send(.map([CBORValue.Pair("type", .text(type))] + members))
    }

    /// Puts bytes on their way that need not be a message.
    func send(bytes: [UInt8]) { channel.send(bytes: bytes) }

    /// Puts a batch on its way.
    func sendBatch(_ items: [CBORValue], as member: String) {
        batch += 1
        send(
            "batch",
            [CBORValue.Pair("batch", .integer(batch)), CBORValue.Pair(member, .array(items))]
        )
    }

    /// Writes what is on its way.
    func flush(seconds: Double) throws(PluginFault) {
        try channel.flush(by: Self.deadline(seconds))
    }

    /// The next message of a type; logs in between are noted.
    func receive(_ type: String, seconds: Double) throws(PluginFault) -> CBORValue {
        try receive(type, by: Self.deadline(seconds))
    }

    func receive(_ type: String, by deadline: UInt64) throws(PluginFault) -> CBORValue {
        let message = try next(by: deadline)
        guard message["type"]?.text == type else {
            let what = Shown.text(message["type"])
            throw PluginFault(.wire, name, "it wrote a message of type \(what), not \"\(type)\"")
        }
        return message
    }

    /// The next message, of whatever type; logs are noted.
    func next(by deadline: UInt64) throws(PluginFault) -> CBORValue {
        while true {
            let message = try channel.receive(by: deadline)
            guard message["type"] == .text("log") || message["type"] == .text("progress") else {
                return message
            }
            record.add(message)
        }
    }

    /// The answers to a batch that was sent; each is looked at for its number only.
    func answers(
        _ indices: Range<Int>,
        of batch: Int,
        seconds: Double
    ) throws(PluginFault) -> [CBORValue] {
        let deadline = Self.deadline(seconds)
        var answers: [CBORValue] = []
        for index in indices {
            let answer: CBORValue
            do throws(PluginFault) {
                answer = try receive("answer", by: deadline)
            } catch {
                let missing = "the answer to document \(index) of batch \(batch) is missing: "
                throw PluginFault(error.code, error.plugin, missing + error.message)
            }
            guard answer["batch"]?.integer == batch, answer["index"]?.integer == index else {
                let (number, place) = (Shown.text(answer["batch"]), Shown.text(answer["index"]))
                throw PluginFault(
                    .wire,
                    name,
                    "it answered to document \(place) of batch \(number) where document \(index) of"
                        + " batch \(batch) was next"
                )
            }
            answers.append(answer)
        }
        return answers
    }

    /// Ends what it reads, as when the host is gone.
    func endMessages() { shutdown(process.input, Int32(SHUT_WR)) }

    /// How it ended by itself within a time; nil if it did not, and is killed.
    func ending(within seconds: Double) -> PluginProcess.Ending? {
        let deadline = Self.deadline(seconds)
        while PluginChannel.now < deadline {
            discard()
            channel.tellRest()
            if let ending = process.poll() { return ending }
            usleep(2000)
        }
        process.kill()
        return nil
    }

    /// Takes what it still writes, so that it need not wait for a reader.
    private func discard() {
        var room = [UInt8](repeating: 0, count: 1 << 16)
        while unsafe Glibc.read(process.output, &room, room.count) > 0 {}
    }

    static func deadline(_ seconds: Double) -> UInt64 {
        PluginChannel.now + UInt64(seconds * 1e9)
    }
}

/// What a plugin said beside its answers in all its conversations; a class, as all of them share it.
final class ProbeRecord: Sendable {
    private static let itemsMax = 10_000
    private let state = Mutex<(messages: [CBORValue], lines: [String])>(([], []))
    private let position = Atomic(0)

    /// A place in the log that no document had yet.
    func nextPosition() -> Int { position.add(1, ordering: .relaxed).newValue }

    /// What it logged.
    var messages: [CBORValue] { state.withLock { $0.messages } }
    /// What it printed.
    var lines: [String] { state.withLock { $0.lines } }

    func add(_ message: CBORValue) {
        state.withLock { if $0.messages.count < Self.itemsMax { $0.messages.append(message) } }
    }

    func add(_ line: PluginLogLine) {
        state.withLock { if $0.lines.count < Self.itemsMax { $0.lines.append(line.text) } }
    }
}

/// A value in a sentence: untrusted, and cut.
enum Shown {
    static func text(_ value: CBORValue?) -> String {
        guard let value else { return "none" }
        var writer = JSONWriter()
        writer.value(value)
        return text(String(decoding: writer.bytes, as: UTF8.self))
    }

    static func text(_ text: String) -> String {
        let shown = TerminalText.escaped(String(text.prefix(200)))
        return shown.count < text.count ? shown + "…" : shown
    }
}
