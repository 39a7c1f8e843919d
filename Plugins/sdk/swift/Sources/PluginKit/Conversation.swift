import Glibc

/// What host and plugin say to each other, from hello to shutdown.
final class Conversation {
    private let plugin: Plugin
    private let channel: Channel
    private var options = Plugin.Options.map([:])

    init(_ plugin: Plugin, _ channel: Channel) {
        self.plugin = plugin
        self.channel = channel
    }

    func run() throws {
        PluginLog.channel = channel
        while let message = try channel.receive(), message["type"]?.text != "shutdown" {
            try answer(message)
            // What was printed is to be seen now, not at the end.
            fflush(nil)
        }
    }

    private func answer(_ message: Value) throws {
        switch message["type"]?.text {
        case "hello":
            let offered = message["encodings"]?.array ?? []
            let encoding: MessageEncoding = offered.contains("cbor") ? .cbor : .json
            var hello = plugin.hello
            hello["encoding"] = .text(encoding.rawValue)
            try channel.send(.map(hello))
            channel.encoding = encoding
        case "validate":
            let found = diagnose(message["options"] ?? .map([:]))
            try channel.send(["type": "validated", "diagnostics": .array(found.map(\.value))])
        case "start":
            options = message["options"] ?? .map([:])
            try plugin.beginning(options)
            try channel.send(["type": "started"])
        case "batch": try take(message)
        case "flush":
            if case .exports(_, let flush, _) = plugin.work { try flush() }
            try channel.send(["type": "flushed"])
        case "withdraw":
            let positions = message["positions"]?.array?.compactMap(\.integer) ?? []
            if case .exports(_, _, let withdraw) = plugin.work { try withdraw(positions) }
            try channel.send(["type": "withdrawn"])
        case "query": try query(message["arguments"]?.array?.compactMap(\.text) ?? [])
        default: break
        }
    }

    private func diagnose(_ options: Plugin.Options) -> [Diagnostic] {
        do {
            return try plugin.validation(options)
        } catch {
            return [Diagnostic(Failure(error).message, path: "", code: Failure(error).code)]
        }
    }

    private func take(_ message: Value) throws {
        let batch = message["batch"] ?? .integer(0)
        switch plugin.work {
        case .documents(_, let function):
            try each(message["documents"], batch) { try function(Document($0), options).members }
        case .sources(let function):
            try each(message["sources"], batch) {
                ["documents": .array(try function(Source($0), options).map(\.value))]
            }
        case .exports(let function, _, _):
            try each(message["documents"], batch) {
                try function(Document($0), options)
                return [:]
            }
        case .events(let fold, _):
            // What it cannot fold it must not say to have folded: that ends the process.
            let events = (message["events"]?.array ?? []).map(Event.init)
            try fold(events, options)
            try channel.send([
                "type": "answer", "batch": batch, "index": .integer(events.count - 1),
            ])
        }
    }

    /// An answer to each, as soon as it is known.
    private func each(
        _ items: Value?,
        _ batch: Value,
        _ function: (Value) throws -> [String: Value]
    ) throws {
        for (index, item) in (items?.array ?? []).enumerated() {
            let place: [String: Value] = [
                "type": "answer", "batch": batch, "index": .integer(index),
            ]
            do {
                let answer = try function(item).merging(place) { $1 }
                channel.write(try channel.encoding.bytes(of: .map(answer)))
            } catch {
                try channel.send(.map(place.merging(["error": Failure(error).value]) { $1 }))
            }
        }
    }

    private func query(_ arguments: [String]) throws {
        guard case .events(_, let function) = plugin.work else { return }
        do {
            let rows = try function(arguments, options)
            try channel.send([
                "type": "rows", "columns": .array(rows.columns.map { .text($0) }),
                "rows": .array(rows.rows.map { .array($0) }),
            ])
        } catch {
            try channel.send(["type": "rows", "error": .text(Failure(error).message)])
        }
    }
}

/// The log of the run.
public enum PluginLog {
    /// How much a line matters.
    public enum Level: String, Sendable {
        case debug
        case info
        case warning
        case error
    }

    // A plugin is asked one thing at a time, on the thread that runs it.
    nonisolated(unsafe) static var channel: Channel?

    /// Writes a line to the log of the run; call it on the thread that `run()` was called on.
    public static func log(_ message: String, _ level: Level = .info) {
        try? channel?.send([
            "type": "log", "level": .text(level.rawValue), "message": .text(message),
        ])
    }

    /// Says how far the work has come; call it as you call `log`.
    public static func progress(_ message: String) {
        try? channel?.send(["type": "progress", "message": .text(message)])
    }
}
