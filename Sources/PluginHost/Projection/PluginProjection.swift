package import Bytes
package import EventLog
internal import Glibc

/// A projection that a plugin folds and answers questions of (PROTOCOL.md §5.5).
///
/// What it keeps lies in the store, in `plugins/NAME/state`, with a checkpoint beside it. It is
/// folded anew from the first event when the plugin, its options or the log are other ones, or when
/// the plugin ended while it folded.
package struct PluginProjection: Sendable {
    /// Its name in the pipeline.
    package let name: String
    private let reference: PluginReference
    private let reader: EventLogReader
    private let folder: String

    /// Takes the plugin and the store.
    package init(name: String, reference: PluginReference, store: String, reader: EventLogReader) {
        self.name = name
        self.reference = reference
        self.reader = reader
        folder = store + "/plugins/" + name
    }

    /// What folding came to.
    package struct Folded: Sendable {
        /// How many events were folded.
        package let events: Int
        /// The position up to which it is complete.
        package let position: EventPosition
        /// SHA-256 of what the plugin keeps.
        package let digest: SHA256Digest
    }

    /// An answer: the names of the columns, and the rows.
    package struct Answer: Sendable {
        package let columns: [String]
        package let rows: [[CBORValue]]
    }

    /// Forgets all that projections of plugins keep in a store; each is folded anew when it is asked.
    package static func discardAll(store: String) throws(PluginFault) {
        let path = store + "/plugins"
        for name in FolderTree.names(in: path) where !name.hasSuffix(".lock") {
            // These are changed under the lock of their projection.
            var projection = name
            for suffix in [".rebuilding", ".until"] where name.hasSuffix(suffix) {
                projection = String(name.dropLast(suffix.count))
            }
            let lock = try lock("\(path)/\(projection).lock", of: projection)
            FolderTree.remove("\(path)/\(name)")
            close(lock)
        }
    }

    /// Brings it to the log's end.
    package func catchUp() async throws {
        let lock = try lock()
        defer { close(lock) }
        try await fold(into: folder, until: reader.end)
    }

    /// Whether another plugin, or the same with other options, has folded it.
    package var isOfAnother: Bool {
        let found = ProjectionCheckpoint(path: folder + "/checkpoint")
        return found.map { $0.fingerprint != reference.fingerprint } ?? false
    }

    /// Folds it anew beside the live one, then swaps; up to an earlier moment, leaves the live one.
    ///
    /// - Returns: what it came to, and the folder that holds it.
    package func rebuild(until limit: EventPosition?) async throws -> (Folded, path: String) {
        let lock = try lock()
        defer { close(lock) }
        return try await rebuildLocked(until: limit)
    }

    private func rebuildLocked(
        until limit: EventPosition?
    ) async throws -> (Folded, path: String) {
        let fresh = folder + (limit == nil ? ".rebuilding" : ".until")
        FolderTree.remove(fresh)
        let events = try await fold(into: fresh, until: limit ?? reader.end)
        let folded = Folded(
            events: events,
            position: limit ?? reader.end,
            digest: try PluginDigest.of(fresh + "/state").sha256
        )
        guard limit == nil else { return (folded, fresh) }
        FolderTree.remove(folder)
        guard unsafe rename(fresh, folder) == 0 else { throw fault("renamed to \(folder)", fresh) }
        return (folded, folder)
    }

    /// Asks it, at the log's end or as of an earlier moment.
    package func answer(
        to arguments: [String],
        asOf limit: EventPosition?
    ) async throws -> Answer {
        // Held until the rows are there: nobody else may fold meanwhile.
        let lock = try lock()
        defer { close(lock) }
        let path: String
        if let limit {
            path = try await rebuildLocked(until: limit).path
        } else {
            try await fold(into: folder, until: reader.end)
            path = folder
        }
        defer { if limit != nil { FolderTree.remove(path) } }
        let conversation = PluginConversation(with: reference, keeping: path + "/state")
        let message = [
            CBORValue.Pair("type", .text("query")),
            CBORValue.Pair("arguments", .array(arguments.map { .text($0) })),
        ]
        let name = reference.manifest.name
        do {
            let answer = try await conversation.step { (session) throws(PluginFault) in
                try session.ask(message, for: "rows")
            }
            await conversation.end()
            return try Self.answer(answer, of: name)
        } catch {
            await conversation.end()
            throw error
        }
    }

    private static func answer(_ said: CBORValue, of plugin: String) throws(PluginFault) -> Answer {
        if let error = said["error"]?.text { throw PluginFault(.question, plugin, error) }
        let columns = said["columns"]?.array?.compactMap(\.text) ?? []
        let rows = said["rows"]?.array?.compactMap(\.array) ?? []
        guard !columns.isEmpty, rows.count == said["rows"]?.array?.count,
            rows.allSatisfy({ $0.count == columns.count })
        else { throw PluginFault(.wire, plugin, "its rows have not as many cells as columns") }
        return Answer(columns: columns, rows: rows)
    }

    /// Folds what is not folded yet; how many events that were.
    @discardableResult
    private func fold(into folder: String, until end: EventPosition) async throws -> Int {
        let path = folder + "/checkpoint"
        var checkpoint = ProjectionCheckpoint(
            store: reader.storeID.description,
            fingerprint: reference.fingerprint,
            position: .first,
            isFolding: false
        )
        let found = ProjectionCheckpoint(path: path)
        if let found, !found.isFolding, found.store == checkpoint.store,
            found.fingerprint == checkpoint.fingerprint, found.position <= end
        {
            checkpoint.position = found.position
            guard found.position < end else { return 0 }
        } else {
            FolderTree.remove(folder)
        }
        try make(folder + "/state")
        checkpoint.isFolding = true
        try checkpoint.write(to: path, plugin: reference.manifest.name)
        let conversation = PluginConversation(with: reference, keeping: folder + "/state")
        do {
            let count = try await fold(from: checkpoint.position, until: end, conversation)
            await conversation.end()
            checkpoint.isFolding = false
            checkpoint.position = end
            try checkpoint.write(to: path, plugin: reference.manifest.name)
            return count
        } catch {
            await conversation.end()
            throw error
        }
    }

    private func fold(
        from start: EventPosition,
        until end: EventPosition,
        _ conversation: PluginConversation
    ) async throws -> Int {
        let types = Set(reference.manifest.consumes)
        let size = reference.manifest.needs.batch
        var cursor = reader.cursor(from: start, until: end, types: types)
        var count = 0
        while try cursor.next() {
            let events = try Self.events(in: cursor.batch, types)
            count += events.count
            for first in stride(from: 0, to: events.count, by: size) {
                let part = Array(events[first..<min(events.count, first + size)])
                // Said once: what a plugin that fell has folded is not known.
                try await conversation.step(attempts: 1) { (session) throws(PluginFault) in
                    try session.fold(part)
                }
            }
        }
        return count
    }

    private static func events(
        in batch: borrowing EventBatch,
        _ types: Set<String>
    ) throws(CBORError) -> [CBORValue] {
        var events: [CBORValue] = []
        // What was erased says nothing; that its document was withdrawn, an event of its own does.
        for index in batch.indices where types.contains(batch.type(index)) && !batch.isErased(index)
        {
            events.append(
                .map([
                    CBORValue.Pair("position", .integer(Int(batch[index].position.rawValue))),
                    CBORValue.Pair("type", .text(batch.type(index))),
                    CBORValue.Pair("stream", .text(batch.streamName(index))),
                    CBORValue.Pair("facts", try CBORValue(decoding: batch.facts(index))),
                ])
            )
        }
        return events
    }

    /// Held while the folder changes; another program waits.
    private func lock() throws(PluginFault) -> Int32 {
        guard let slash = folder.lastIndex(of: "/") else { return -1 }
        try make(String(folder[..<slash]))
        return try Self.lock(folder + ".lock", of: reference.manifest.name)
    }

    private static func lock(_ path: String, of plugin: String) throws(PluginFault) -> Int32 {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0, flock(descriptor, LOCK_EX) == 0 else {
            let reason = unsafe String(cString: strerror(errno))
            throw PluginFault(.folder, plugin, "\(path) cannot be locked: \(reason)")
        }
        return descriptor
    }

    private func make(_ path: String) throws(PluginFault) {
        if unsafe access(path, F_OK) == 0 { return }
        if let slash = path.lastIndex(of: "/"), slash > path.startIndex {
            try make(String(path[..<slash]))
        }
        guard unsafe mkdir(path, 0o755) == 0 || errno == EEXIST else { throw fault("made", path) }
    }

    private func fault(_ verb: String, _ path: String) -> PluginFault {
        let reason = unsafe String(cString: strerror(errno))
        return PluginFault(.folder, reference.manifest.name, "\(path) cannot be \(verb): \(reason)")
    }
}
