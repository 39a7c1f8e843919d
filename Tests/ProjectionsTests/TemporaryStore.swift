import Bytes
import EventLog
import Events
import Glibc
import Projections

/// A store in a folder of its own that goes with it, and short ways to write histories into it.
final class TemporaryStore {
    let path: String
    private let writer: EventLogWriter
    private var builder: EventBatchBuilder
    private var time: UInt64 = 1_511_258_400_000_000
    private var versions: [String: UInt32] = [:]

    /// The run that the next events belong to.
    var run = "run-1" {
        didSet { renewBuilder() }
    }

    /// A new store, or one that begins as a copy of another's log: the same store id.
    init(copying other: TemporaryStore? = nil) throws {
        path = try makeTemporaryFolder()
        if let other {
            try copyFiles(other.path, path)
            guard unsafe mkdir(path + "/log", 0o755) == 0 else { throw POSIXFailure() }
            try copyFiles(other.path + "/log", path + "/log")
        }
        writer = try EventLogWriter.open(path)
        builder = EventBatchBuilder(firstPosition: writer.nextPosition, run: "run-1")
    }

    deinit {
        writer.close()
        removeTree(path)
    }

    struct POSIXFailure: Error {}

    /// How the next event is spoilt, if it is.
    var spoiling: Spoiling?

    /// Ways in which an event cannot be read.
    enum Spoiling: CaseIterable {
        case newerSchema, truncated, otherType
    }

    /// Adds an event to the batch at hand.
    @discardableResult
    func add(
        _ stream: String,
        _ event: some EventPayload,
        stage: String = "",
        schemaVersion: UInt8? = nil
    ) -> EventPosition {
        add(
            stream,
            type: type(of: event).type.rawValue,
            facts: event.encoded,
            stage: stage,
            schemaVersion: schemaVersion ?? type(of: event).schemaVersion
        )
    }

    /// Adds an event by its bytes.
    @discardableResult
    func add(
        _ stream: String,
        type: String,
        facts: [UInt8],
        stage: String = "",
        schemaVersion: UInt8 = 1
    ) -> EventPosition {
        var facts = facts
        var schemaVersion = schemaVersion
        switch spoiling {
        case nil: break
        case .newerSchema: schemaVersion = 9
        case .truncated: facts.removeLast(facts.count - min(3, facts.count))
        case .otherType: facts = [0x83, 0x01, 0x02, 0x03]
        }
        spoiling = nil
        let position = builder.nextPosition
        builder.append(
            stream: stream,
            streamVersion: versions[stream, default: 0],
            type: type,
            schemaVersion: schemaVersion,
            stage: stage,
            cause: nil,
            facts: facts.span,
            content: nil
        )
        versions[stream, default: 0] += 1
        return position
    }

    /// Commits the batch at hand.
    func commit() throws {
        guard builder.count > 0 else { return }
        let batch = builder
        try writer.append(try batch.encode(compression: .none), time: time)
        time += 1_000_000
        renewBuilder()
    }

    /// Erases events that were committed.
    func erase(_ positions: Set<EventPosition>) throws {
        _ = try writer.erase(positions)
    }

    private func renewBuilder() {
        builder = EventBatchBuilder(firstPosition: writer.nextPosition, run: run)
    }

    /// An engine that sees what was committed so far.
    func engine(
        eventsPerCommit: Int? = nil,
        schemas: KnownSchemas = .current
    ) throws -> ProjectionEngine {
        try engine(in: path, eventsPerCommit: eventsPerCommit, schemas: schemas)
    }

    /// An engine whose projections are in a folder of their own.
    func engine(
        in folder: String,
        eventsPerCommit: Int? = nil,
        bytesPerCommit: Int? = nil,
        schemas: KnownSchemas = .current
    ) throws -> ProjectionEngine {
        var limits = ProjectionEngine.ChunkLimits()
        if let eventsPerCommit { limits.events = eventsPerCommit }
        if let bytesPerCommit { limits.bytes = bytesPerCommit }
        return ProjectionEngine(
            store: folder,
            reader: try EventLogReader.open(path),
            limits: limits,
            schemas: schemas
        )
    }

    /// A projection's view after catching up.
    func view(_ declaration: ProjectionDeclaration) throws -> ProjectionView {
        let engine = try engine()
        try engine.catchUp([declaration])
        return try engine.view(declaration)
    }

    /// The names of the files in the projections' folder, locks aside.
    func projectionFiles() -> [String] {
        filesIn(path + "/derived/projections").filter { !$0.hasSuffix(".lock") }.sorted()
    }

    /// The file of a projection.
    func file(_ name: String) -> String { path + "/derived/projections/\(name).sqlite" }
}

extension TemporaryStore {
    /// A document as a pipeline settles it: read, cleaned, unique, enriched.
    func addDocument(
        _ id: String,
        title: String? = nil,
        published: String? = nil,
        leaders: [Annotation] = [],
        topics: [Annotation] = [],
        source: String = "news.jsonl",
        metadata: CBORValue = .map([])
    ) {
        var fields = DocumentFields()
        fields.title = title
        fields.published = published.flatMap { CalendarDate(iso: $0) }
        addIngested(id, fields: fields, source: source, metadata: metadata)
        add(id, .cleaned(fields), stage: "clean")
        add(id, DocumentUnique(fingerprint: .none), stage: "deduplicate")
        addEnriched(id, "leaders", leaders)
        addEnriched(id, "topics", topics)
    }

    func addIngested(
        _ id: String,
        fields: DocumentFields = DocumentFields(),
        source: String = "news.jsonl",
        metadata: CBORValue = .map([])
    ) {
        add(
            id,
            DocumentIngested(
                source: source,
                offset: 0,
                record: 1,
                media: "text/plain",
                charset: "utf-8",
                sha256: "00",
                fields: fields,
                metadata: metadata
            ),
            stage: "ingest"
        )
    }

    func addEnriched(_ id: String, _ annotator: String, _ annotations: [Annotation]) {
        add(
            id,
            DocumentEnriched(annotator: annotator, annotations: annotations, unresolved: []),
            stage: "enrich"
        )
    }

    func addDuplicate(_ id: String, of original: String, similarity: Double = 0.9) {
        add(
            id,
            DocumentDuplicate(
                of: DocumentID(rawValue: original),
                kind: similarity == 1 ? .exact : .near,
                similarity: similarity,
                threshold: 0.8,
                fingerprint: .none
            ),
            stage: "deduplicate"
        )
    }

    @discardableResult
    func addFailed(_ id: String, code: String = "ingest.not-text") -> EventPosition {
        add(
            id,
            DocumentFailed(
                code: code,
                message: "not UTF-8",
                file: "bad.txt",
                offset: 17,
                attempt: 1,
                retryable: false,
                sha256: "00"
            ),
            stage: "ingest"
        )
    }

    func addRetracted(_ id: String) {
        var writer = CBORWriter()
        writer.map(1)
        writer.text("reason")
        writer.text("asked to")
        add(id, type: "document.retracted", facts: writer.bytes)
    }

    func addDropped(_ id: String) {
        add(
            id,
            DocumentDropped(rule: "words", value: 3, minimum: 20, maximum: nil),
            stage: "clean"
        )
    }
}

extension EventPayload where Self == DocumentCleaned {
    static func cleaned(_ fields: DocumentFields) -> Self {
        DocumentCleaned(fields: fields, rules: [], removed: [], measurements: [])
    }
}

extension DocumentFingerprint {
    static var none: DocumentFingerprint {
        DocumentFingerprint(exact: Hash128(high: 0, low: 0), minhash: [])
    }
}

extension Annotation {
    /// A leader mentioned so many times in the body, and once more in the title.
    static func leader(
        _ id: String,
        _ label: String,
        role: String? = nil,
        mentions: Int = 1,
        inTitle: Bool = false
    ) -> Annotation {
        Annotation(
            id: id,
            label: label,
            spans: (0..<mentions).map { ByteSpan(start: $0 * 10, end: $0 * 10 + 5) },
            titleSpans: inTitle ? [ByteSpan(start: 0, end: 5)] : [],
            fields: role.map { [CBORValue.Pair("role", .text($0))] } ?? []
        )
    }

    static func topic(_ id: String, _ label: String) -> Annotation {
        Annotation(
            id: id,
            label: label,
            spans: [ByteSpan(start: 0, end: 5)],
            fields: [CBORValue.Pair("score", .double(2.5))]
        )
    }
}

extension ProjectionDeclaration {
    /// One of each file.
    static var all: [ProjectionDeclaration] {
        [.leaders, .topicsByMonth, .documents, .duplicates, .failures, .runs] + aggregations
    }
}

/// A new folder, in memory where there is such a place: what is tested here is what is in the files,
/// not whether they outlive a power cut.
func makeTemporaryFolder() throws -> String {
    let parent = unsafe access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
    var template = Array("\(parent)/annals-projections-XXXXXX".utf8CString)
    let made = unsafe template.withUnsafeMutableBufferPointer { buffer -> String? in
        guard let name = buffer.baseAddress, unsafe mkdtemp(name) != nil else { return nil }
        return unsafe String(cString: name)
    }
    guard let made else { throw TemporaryStore.POSIXFailure() }
    return made
}

/// The names in a folder.
func filesIn(_ path: String) -> [String] {
    guard let folder = unsafe opendir(path) else { return [] }
    defer { _ = unsafe closedir(folder) }
    var names: [String] = []
    while let entry = unsafe readdir(folder) {
        let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
            unsafe String(cString: UnsafeRawPointer(pointer).assumingMemoryBound(to: CChar.self))
        }
        if name != ".", name != ".." { names.append(name) }
    }
    return names
}

/// Removes a folder and all that is in it, or a file.
func removeTree(_ path: String) {
    for name in filesIn(path) { removeTree(path + "/" + name) }
    if unsafe rmdir(path) != 0 { _ = unsafe unlink(path) }
}

/// Copies the files of a folder, not those of folders in it.
private func copyFiles(_ source: String, _ target: String) throws {
    for name in filesIn(source) {
        let input = unsafe open(source + "/" + name, O_RDONLY)
        guard input >= 0 else { throw TemporaryStore.POSIXFailure() }
        defer { close(input) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe block.withUnsafeMutableBytes { buffer in
                unsafe read(input, buffer.baseAddress, buffer.count)
            }
            if count <= 0 { break }
            bytes += block[0..<count]
        }
        // A folder can be opened, but not read.
        if !bytes.isEmpty { try overwrite(target + "/" + name, at: nil, with: bytes) }
    }
}

/// Overwrites bytes of a file from an offset on; an offset of nil replaces the whole file.
func overwrite(_ path: String, at offset: Int?, with bytes: [UInt8]) throws {
    let flags = offset == nil ? O_WRONLY | O_CREAT | O_TRUNC : O_WRONLY
    let descriptor = unsafe open(path, flags, 0o644)
    guard descriptor >= 0 else { throw TemporaryStore.POSIXFailure() }
    defer { close(descriptor) }
    let written = unsafe bytes.withUnsafeBytes { buffer in
        unsafe pwrite(descriptor, buffer.baseAddress, buffer.count, off_t(offset ?? 0))
    }
    guard written == bytes.count else { throw TemporaryStore.POSIXFailure() }
}
