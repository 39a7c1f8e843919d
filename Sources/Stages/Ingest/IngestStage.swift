internal import Bytes
internal import Events
package import Pipeline
internal import PluginHost
internal import YAML

/// Reads documents from files: text and JSON lines, compressed or not.
package struct IngestStage: SourceStage {
    package let name: String
    private let number: Int
    private let options: IngestOptions

    init(name: String, number: Int, options: IngestOptions) {
        self.name = name
        self.number = number
        self.options = options
    }

    package var sources: [String] { options.from }

    package var forgetsGone: Bool { options.gone == .remove && !options.from.contains("-") }

    package func measure(_ documents: inout [Document]) {}

    package func reads(_ path: String) -> Bool {
        let path = SourceFiles.normalised(path)
        return options.from.contains { SourcePattern(SourceFiles.normalised($0)).names(path) }
    }

    package func survey() -> SourceSurvey {
        let files = SourceFiles(patterns: options.from)
        return SourceSurvey(paths: files.entries.map(\.path), folders: files.folders)
    }

    package func reading(_ sources: [String]) -> any SourceStage { over(sources) }

    /// The same stage over other sources.
    func over(_ sources: [String]) -> IngestStage {
        var options = options
        options.from = sources
        return IngestStage(name: name, number: number, options: options)
    }

    package func makeReader() throws(SourceError) -> any RecordReader {
        let entries = SourceFiles(patterns: options.from).entries
        let faults = entries.compactMap { entry in
            if case .fault(_, let fault) = entry { fault.message } else { nil }
        }
        guard faults.count < entries.count else {
            throw SourceError(
                faults.isEmpty ? "there is nothing to read" : faults.joined(separator: "\n")
            )
        }
        return SourceReader(options: options, entries: entries)
    }

    package func parse(_ records: [RawRecord]) -> [Document] {
        records.map(document(of:))
    }

    private func document(of record: RawRecord) -> Document {
        if let fault = record.fault { return failed(record, fault) }
        do {
            return document(try parse(record), of: record)
        } catch {
            return failed(
                record,
                code: error.code,
                offset: record.origin.offset + error.offset,
                message: error.message,
                retryable: false,
                id: error.id
            )
        }
    }

    private func parse(_ record: RawRecord) throws(RecordFault) -> ParsedRecord {
        if record.origin.record == nil {
            try TextParser(charset: options.charset).parse(record)
        } else {
            try JSONParser(charset: options.charset, fields: options.fields).parse(record)
        }
    }

    /// A document of what a record says.
    func document(_ parsed: ParsedRecord, of record: RawRecord) -> Document {
        let revision = revision(of: parsed)
        let event = DocumentIngested(
            source: record.origin.source,
            offset: record.origin.offset,
            record: record.origin.record ?? 1,
            media: parsed.media,
            charset: parsed.charset.rawValue,
            sha256: revision,
            fields: parsed.fields,
            metadata: parsed.metadata
        )
        var document = Document(
            id: parsed.id,
            fields: parsed.fields,
            metadata: parsed.metadata,
            body: parsed.text,
            revision: revision,
            origin: record.origin
        )
        document.record(event, stage: number, content: parsed.text)
        return document
    }

    /// A document is the same as long as its text and what its source says of it are.
    private func revision(of parsed: ParsedRecord) -> String {
        var writer = CBORWriter()
        writer.bytes.reserveCapacity(480)
        parsed.fields.encode(into: &writer)
        parsed.metadata.encode(into: &writer)
        var digest = SHA256()
        digest.update(UInt64(writer.bytes.count))
        digest.update(writer.bytes.span)
        digest.update(parsed.text.span)
        return digest.finalize().description
    }

    /// A document that could not be read.
    func failed(_ record: RawRecord, _ fault: SourceFault) -> Document {
        failed(
            record,
            code: fault.code,
            offset: record.origin.offset,
            message: fault.message,
            retryable: fault.retryable
        )
    }

    private func failed(
        _ record: RawRecord,
        code: String,
        offset: Int,
        message: String,
        retryable: Bool,
        id: String? = nil
    ) -> Document {
        var digest = SHA256()
        digest.update(Array(code.utf8).span)
        digest.update(record.bytes.span)
        let failure = DocumentFailed(
            code: code,
            message: message,
            file: record.origin.source,
            offset: offset,
            attempt: 1,
            retryable: retryable,
            sha256: digest.finalize().description
        )
        return Document(
            failed: failure,
            id: id.map(DocumentID.init(rawValue:)),
            at: record.origin,
            stage: number
        )
    }
}

extension IngestStage {
    /// `ingest` in a pipeline.
    package static let kind = StageKind(
        name: "ingest",
        summary: "reads documents from files, folders and standard input",
        version: 1,
        incidentalOptions: [
            "from", "gone", "format/plugin/instances", "format/plugin/max_failed",
            "format/plugin/sandbox",
            "format/plugin/allow", "format/plugin/cache",
        ]
    ) { node, context in
        let errors = context.diagnostics.errors.count
        var plugin: Node?
        let options = FieldReader.read(
            node,
            context: "stage ingest",
            into: &context.diagnostics
        ) { reader in
            var options = IngestOptions()
            options.from = reader.strings("from")
            if options.from.isEmpty, let from = reader.optionalNode("from") {
                reader.error(
                    "pipeline.no-source",
                    "from names no source",
                    at: from,
                    hint: "list files, globs such as news/*.txt, folders, or - for standard input"
                )
            }
            if let format = reader.optionalNode("format", like: .definition("reader")),
                format.namesPlugin
            {
                plugin = format
                options.format = .text
            } else {
                options.format = reader.optionalChoice("format", of: IngestOptions.Format.self)
            }
            options.charset = reader.optionalChoice("charset", of: Charset.self)
            options.maximumBytes = reader.integer(
                "max_bytes",
                in: 1...(1 << 28),
                default: options.maximumBytes
            )
            options.gone = reader.choice("gone", default: .remove)
            options.fields = reader.mappingOrDefaults("fields", readFields)
            return options
        }
        guard context.diagnostics.errors.count == errors else { return nil }
        let stage = IngestStage(name: context.name, number: context.number, options: options)
        guard let plugin else { return stage }
        return PluginReader.read(plugin, in: &context).map {
            PluginIngest(files: stage, reader: $0)
        }
    }

    private static func readFields(_ reader: inout FieldReader) -> RecordFields {
        var fields = RecordFields()
        if reader.has("id") { fields.declared.insert("id") }
        fields.id = reader.string("id", default: fields.id)
        fields.text = reader.strings("text", default: fields.text)
        fields.title = reader.string("title", default: fields.title)
        fields.byline = reader.string("byline", default: fields.byline)
        fields.published = reader.string("published", default: fields.published)
        return fields
    }
}

extension Node {
    /// Whether a format is one that a plugin reads.
    fileprivate var namesPlugin: Bool {
        text?.hasPrefix("plugin:") == true || mapping?.entry("plugin") != nil
    }
}
