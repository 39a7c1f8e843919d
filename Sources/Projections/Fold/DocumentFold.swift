internal import Bytes
internal import EventLog

/// The fold of a projection that keeps a record of each document.
struct DocumentFold<Record: DocumentRecord>: ProjectionFold {
    private let schemas: KnownSchemas
    private var part: DocumentPart<Record>
    private var recordByteCount = 0
    /// The number of the document of each of a batch's streams; -1 where it is not known yet.
    private var numbersOfStreams: [Int32] = []

    /// Begins a stretch.
    init(_ schemas: KnownSchemas, context: Record.Context) {
        self.schemas = schemas
        part = DocumentPart(context: context)
    }

    var byteCount: Int {
        part.names.byteCount + part.records.count * MemoryLayout<Record>.stride + recordByteCount
    }

    mutating func apply(
        _ batch: borrowing EventBatch,
        _ range: Range<Int>,
        held: HeldStreams
    ) throws(EventFault) {
        let kinds = batch.types.map { name in
            let kind = FactKind(type: name)
            return Record.kinds.contains(kind) ? kind : .other
        }
        if kinds.allSatisfy({ $0 == .other }) { return }
        numbersOfStreams.removeAll(keepingCapacity: true)
        numbersOfStreams.append(contentsOf: repeatElement(-1, count: batch.streamCount))
        for index in range {
            let kind = kinds[batch.typeIndex(index)]
            if kind == .other { continue }
            if batch.isErased(index) {
                noteErased(index, of: batch)
                continue
            }
            let version = batch.schemaVersion(index)
            guard schemas.canRead(kind, version) else {
                throw EventFault(.newer, index, of: batch, found: "version \(version)")
            }
            let facts = batch.facts(index)
            let first = batch.firstPosition
            let place = EventPlace(position: first.advanced(by: index), batch: first)
            do throws(CBORError) {
                guard try Record.wants(kind, facts, part.context) else { continue }
            } catch {
                throw EventFault(.undecodable, index, of: batch, found: error.description)
            }
            try held.check(batch, index)
            let record: Record
            do throws(CBORError) {
                record = try Record.read(kind, facts, place, &part.context)
            } catch {
                throw EventFault(.undecodable, index, of: batch, found: error.description)
            }
            join(record, to: batch.streamIndex(index), in: batch)
        }
    }

    /// What was erased says nothing but where it stood.
    private mutating func noteErased(_ index: Int, of batch: borrowing EventBatch) {
        let first = batch.firstPosition
        let place = EventPlace(position: first.advanced(by: index), batch: first)
        guard let record = Record.erased(at: place) else { return }
        join(record, to: batch.streamIndex(index), in: batch)
    }

    consuming func finish() -> DocumentPart<Record> {
        part.order = part.names.sortedNumbers()
        return part
    }

    @inline(__always)
    private mutating func join(
        _ record: Record,
        to stream: Int,
        in batch: borrowing EventBatch
    ) {
        var number = Int(numbersOfStreams[stream])
        if number < 0 {
            number = part.names.number(of: batch.streamBytes(at: stream))
            numbersOfStreams[stream] = Int32(number)
        }
        recordByteCount += record.byteCount
        if number < part.records.count {
            part.records[number].join(record)
        } else {
            part.records.append(record)
        }
    }
}

/// What a stretch of the log says of documents.
struct DocumentPart<Record: DocumentRecord>: FoldedPart {
    /// The documents, numbered in order of first sight.
    var names = ByteInterner(room: 12_000)
    /// What is said of each, by number.
    var records: [Record] = []
    /// The numbers in order of the names' bytes.
    var order: [Int32] = []
    var context: Record.Context

    init(context: Record.Context) {
        self.context = context
    }

    func touches(_ streams: Set<[UInt8]>) -> Bool {
        streams.contains { names.contains($0.span) }
    }
}
