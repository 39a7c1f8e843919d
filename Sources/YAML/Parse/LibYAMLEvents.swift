private import CLibYAML

/// One event of libyaml's parser, with its characters counted from 0.
struct ParserEvent {
    enum Kind {
        case streamStart
        case streamEnd
        case documentStart
        case documentEnd
        case alias(String)
        case scalar(Properties, ScalarText)
        case sequenceStart(Properties, isFlow: Bool)
        case sequenceEnd
        case mappingStart(Properties, isFlow: Bool)
        case mappingEnd
    }

    struct Properties {
        var anchor: String?
        var tag: String?
    }

    enum ScalarText {
        case text(String, isPlain: Bool)
        case tooLong
    }

    let kind: Kind
    let startIndex: Int
    let endIndex: Int
}

/// Why libyaml stopped.
struct ParserFailure: Error {
    let problem: String
    let index: Int
    let context: String?
    let contextIndex: Int
    let isOutOfMemory: Bool
}

/// libyaml's parser over bytes that outlive it; the only code that touches C.
///
/// The parser is on the heap because it points into itself. Safe to use once made: it owns its
/// pointer and no pointer leaves it; the duty that `init` names is the maker's.
@safe
struct LibYAMLEvents: ~Copyable {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let scalarLimit: Int

    /// A parser of `bytes`, which must stay where they are for as long as it lives.
    @unsafe
    init?(_ bytes: UnsafeBufferPointer<UInt8>, scalarLimit: Int) {
        let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
        unsafe parser.initialize(to: yaml_parser_t())
        guard unsafe yaml_parser_initialize(parser) == 1 else {
            unsafe parser.deallocate()
            return nil
        }
        unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        unsafe yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
        unsafe self.parser = parser
        self.scalarLimit = scalarLimit
    }

    deinit {
        unsafe yaml_parser_delete(parser)
        unsafe parser.deinitialize(count: 1)
        unsafe parser.deallocate()
    }

    /// The next event; must not be called after the end or a failure.
    mutating func next() throws(ParserFailure) -> ParserEvent {
        var event = unsafe yaml_event_t()
        guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw failure() }
        defer { unsafe yaml_event_delete(&event) }
        return unsafe ParserEvent(
            kind: kind(of: event),
            startIndex: event.start_mark.index,
            endIndex: event.end_mark.index,
        )
    }

    private func kind(of event: yaml_event_t) -> ParserEvent.Kind {
        switch unsafe event.type {
        case YAML_STREAM_START_EVENT: return .streamStart
        case YAML_DOCUMENT_START_EVENT: return .documentStart
        case YAML_DOCUMENT_END_EVENT: return .documentEnd
        case YAML_ALIAS_EVENT: return unsafe .alias(text(event.data.alias.anchor) ?? "")
        case YAML_SCALAR_EVENT:
            let scalar = unsafe event.data.scalar
            let properties = unsafe properties(anchor: scalar.anchor, tag: scalar.tag)
            guard unsafe scalar.length <= scalarLimit else {
                return .scalar(properties, .tooLong)
            }
            let bytes = unsafe UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            let isPlain = unsafe scalar.style == YAML_PLAIN_SCALAR_STYLE
            let text = unsafe String(decoding: bytes, as: UTF8.self)
            return .scalar(properties, .text(text, isPlain: isPlain))
        case YAML_SEQUENCE_START_EVENT:
            let start = unsafe event.data.sequence_start
            let properties = unsafe properties(anchor: start.anchor, tag: start.tag)
            return unsafe .sequenceStart(
                properties,
                isFlow: start.style == YAML_FLOW_SEQUENCE_STYLE
            )
        case YAML_SEQUENCE_END_EVENT: return .sequenceEnd
        case YAML_MAPPING_START_EVENT:
            let start = unsafe event.data.mapping_start
            let properties = unsafe properties(anchor: start.anchor, tag: start.tag)
            return unsafe .mappingStart(
                properties,
                isFlow: start.style == YAML_FLOW_MAPPING_STYLE
            )
        case YAML_MAPPING_END_EVENT: return .mappingEnd
        default: return .streamEnd
        }
    }

    private func properties(
        anchor: UnsafeMutablePointer<yaml_char_t>?,
        tag: UnsafeMutablePointer<yaml_char_t>?,
    ) -> ParserEvent.Properties {
        unsafe ParserEvent.Properties(anchor: text(anchor), tag: text(tag))
    }

    private func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        guard let pointer = unsafe pointer else { return nil }
        return unsafe String(cString: pointer)
    }

    private func failure() -> ParserFailure {
        let parser = unsafe parser.pointee
        let problem = unsafe parser.problem.map { unsafe String(cString: $0) }
        let context = unsafe parser.context.map { unsafe String(cString: $0) }
        return unsafe ParserFailure(
            problem: problem ?? "the text is not YAML",
            index: parser.problem_mark.index,
            context: context,
            contextIndex: parser.context_mark.index,
            isOutOfMemory: parser.error == YAML_MEMORY_ERROR,
        )
    }
}
