import Glibc

/// A plugin for Annals: what it is, what it does, and its conversation with the host.
///
/// ```swift
/// import PluginKit
///
/// Plugin("word-count", version: "1.0.0", determinism: .pure) { document, options in
///     let count = document.text.split(whereSeparator: \.isWhitespace).count
///     return Answer(annotations: [Annotation("words", fields: ["count": .integer(count)])])
/// }.run()
/// ```
///
/// Name, version, kind, determinism and events are those of plugin.yaml: the host compares them. An
/// error that a function throws fails its document; throw ``Failure`` to say why in a code. A trap
/// ends the plugin: the host starts it again.
public struct Plugin {
    /// Whether documents are changed, or something is found in them.
    public enum DocumentKind: String, Sendable {
        case clean
        case enrich
    }

    /// Whether asking again gives the same.
    public enum Determinism: String, Sendable {
        /// The same document and options give the same answer.
        case pure
        /// Not so: an answer is recorded.
        case recorded
    }

    /// The options that a pipeline gives, a map.
    public typealias Options = Value

    /// What it does, by its kind.
    enum Work {
        case documents(DocumentKind, (Document, Options) throws -> Answer)
        case sources((Source, Options) throws -> [ReadDocument])
        case exports(
            take: (Document, Options) throws -> Void,
            flush: () throws -> Void,
            withdraw: ([Int]) throws -> Void
        )
        case events(
            fold: ([Event], Options) throws -> Void,
            query: ([String], Options) throws -> Rows
        )

        var kind: String {
            switch self {
            case .documents(let kind, _): kind.rawValue
            case .sources: "reader"
            case .exports: "exporter"
            case .events: "projection"
            }
        }
    }

    let name: String
    let version: String
    let determinism: Determinism
    let events: [String]
    let work: Work
    var validation: (Options) throws -> [Diagnostic] = { _ in [] }
    var beginning: (Options) throws -> Void = { _ in }

    /// Cleans documents, or finds something in them.
    public init(
        _ name: String,
        version: String,
        kind: DocumentKind = .enrich,
        determinism: Determinism = .recorded,
        events: [String] = [],
        answer: @escaping (Document, Options) throws -> Answer
    ) {
        (self.name, self.version, self.determinism, self.events) = (
            name, version, determinism, events
        )
        work = .documents(kind, answer)
    }

    /// Makes documents of sources.
    public init(
        reader name: String,
        version: String,
        determinism: Determinism = .recorded,
        read: @escaping (Source, Options) throws -> [ReadDocument]
    ) {
        (self.name, self.version, self.determinism, events) = (name, version, determinism, [])
        work = .sources(read)
    }

    /// Brings documents to ``folder``.
    ///
    /// What `take` was given is durable after `flush`. What is there already under a position must
    /// not be there twice.
    public init(
        exporter name: String,
        version: String,
        take: @escaping (Document, Options) throws -> Void,
        flush: @escaping () throws -> Void,
        withdraw: @escaping ([Int]) throws -> Void
    ) {
        (self.name, self.version, determinism, events) = (name, version, .pure, [])
        work = .exports(take: take, flush: flush, withdraw: withdraw)
    }

    /// Folds events to something in ``folder``, durable when `fold` returns, and answers questions.
    public init(
        projection name: String,
        version: String,
        fold: @escaping ([Event], Options) throws -> Void,
        query: @escaping ([String], Options) throws -> Rows
    ) {
        (self.name, self.version, determinism, events) = (name, version, .pure, [])
        work = .events(fold: fold, query: query)
    }

    /// Says what is wrong with options beyond their schema.
    public func validate(_ function: @escaping (Options) throws -> [Diagnostic]) -> Plugin {
        var plugin = self
        plugin.validation = function
        return plugin
    }

    /// Gets ready, before the first document.
    public func start(_ function: @escaping (Options) throws -> Void) -> Plugin {
        var plugin = self
        plugin.beginning = function
        return plugin
    }

    /// Exporters and projections: the folder that is theirs from run to run.
    public static var folder: String? { variable("ANNALS_FOLDER") }

    /// Answers until the host has no more to ask, and ends the process.
    public func run() -> Never {
        guard let input = Self.variable("ANNALS_IN").flatMap(Int32.init),
            let output = Self.variable("ANNALS_OUT").flatMap(Int32.init)
        else { tellAlone() }
        signal(SIGPIPE, SIG_IGN)
        do {
            let conversation = Conversation(self, Channel(input: input, output: output))
            try conversation.run()
        } catch {
            Self.warn("\(name): \(Failure(error).message)")
            exit(1)
        }
        exit(0)
    }

    /// What it says when annals did not start it.
    private func tellAlone() -> Never {
        if CommandLine.arguments.dropFirst() == ["--about"] {
            var json: [UInt8] = []
            var about = hello
            about["type"] = nil
            try? JSONWriter.append(.map(about), to: &json)
            print(String(decoding: json, as: UTF8.self))
            exit(0)
        }
        Self.warn(
            "\(name) is a plugin: annals starts it. Try it with annals plugin test, or see what it is"
                + " with --about."
        )
        exit(1)
    }

    var hello: [String: Value] {
        [
            "type": "hello", "protocol": 1, "name": .text(name), "version": .text(version),
            "kind": .text(work.kind), "determinism": .text(determinism.rawValue),
            "events": .array(events.map { .text($0) }),
        ]
    }

    private static func variable(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }

    private static func warn(_ line: String) {
        _ = (line + "\n").withCString { write(2, $0, strlen($0)) }
    }
}
