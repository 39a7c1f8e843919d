/// What is checked in the bytes before libyaml sees them.
///
/// libyaml would stop at the first bad byte; here all of them (up to a limit) get a place.
struct SourceScan {
    static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
    /// A file needs two at most; libyaml compares each `%TAG` with all before it.
    static let directiveLimit = 32
    private static let problemLimit = 20

    private let source: YAMLSource
    private let limits: YAMLLimits

    init(_ source: YAMLSource, limits: YAMLLimits) {
        self.source = source
        self.limits = limits
    }

    /// Where the content begins.
    var contentStart: Int {
        source.bytes.starts(with: Self.byteOrderMark) ? 3 : 0
    }

    /// What is wrong with the source as a whole, before anything in it is looked at.
    func wholeProblem() -> Diagnostic? {
        let bytes = source.bytes
        if bytes.count > limits.inputBytes || bytes.count > UInt32.max {
            return .tooLarge(file: source.name, limits: limits)
        }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            return Diagnostic(
                code: YAMLCode.encoding,
                "the file is UTF-16",
                file: source.name,
                expected: "UTF-8",
                found: "UTF-16",
                hint: "save it as UTF-8",
            )
        }
        return nil
    }

    /// Bytes and characters that must not be there.
    func problems(_ positions: inout PositionMap) -> [Diagnostic] {
        let bytes = source.bytes.span
        var problems: [Diagnostic] = []
        var directives = 0
        var offset = contentStart
        var isLineStart = true
        while offset < bytes.count && problems.count < Self.problemLimit {
            let byte = bytes[offset]
            if isLineStart && byte == UInt8(ascii: "%") {
                directives += 1
                if directives > Self.directiveLimit {
                    let mark = positions.mark(offset: offset)
                    problems.append(tooManyDirectives(at: mark))
                    break
                }
            }
            isLineStart = byte == 0x0A || byte == 0x0D
            if (byte >= 0x20 && byte < 0x7F) || isLineStart || byte == 0x09 {
                offset += 1
                continue
            }
            let decoded = UTF8Scalar(bytes, at: offset)
            if !Self.isAllowed(decoded.value) {
                let start = positions.mark(offset: offset)
                let end = Mark(
                    line: start.line,
                    column: start.column + 1,
                    offset: offset + decoded.byteCount,
                )
                let range = SourceRange(source: source, start: start, end: end)
                problems.append(problem(decoded.value, byte: byte, at: range))
            }
            offset += decoded.byteCount
        }
        return problems
    }

    /// The characters that libyaml's reader accepts (YAML 1.1, c-printable).
    private static func isAllowed(_ scalar: Unicode.Scalar?) -> Bool {
        guard let scalar else { return false }
        switch scalar.value {
        case 0x09, 0x0A, 0x0D, 0x20...0x7E, 0x85, 0xA0...0xD7FF, 0xE000...0xFFFD,
            0x1_0000...0x10_FFFF:
            return true
        default: return false
        }
    }

    private func problem(
        _ scalar: Unicode.Scalar?,
        byte: UInt8,
        at range: SourceRange,
    ) -> Diagnostic {
        guard let scalar else {
            let found = "the byte 0x\(String(byte, radix: 16, uppercase: true))"
            return Diagnostic(
                code: YAMLCode.encoding,
                "\(found) is not UTF-8",
                at: range,
                expected: "UTF-8",
                found: found,
                hint: "save the file as UTF-8",
            )
        }
        let isNUL = scalar == "\0"
        var name = ""
        DisplayText.appendEscaped(scalar, to: &name)
        return Diagnostic(
            code: isNUL ? YAMLCode.nul : YAMLCode.controlCharacter,
            isNUL ? "the file holds a NUL" : "the character \(name) is not allowed",
            at: range,
            expected: "printable characters",
            found: isNUL ? "NUL" : name,
            hint: isNUL
                ? "check that the file is text, and remove it"
                : "remove it, or write it as an escape in double quotes",
        )
    }

    private func tooManyDirectives(at mark: Mark) -> Diagnostic {
        Diagnostic(
            code: YAMLCode.tooManyDirectives,
            "more than \(Self.directiveLimit) lines begin with %",
            at: SourceRange(source: source, at: mark),
            expected: "at most \(Self.directiveLimit) directives",
            found: "one more",
            hint: "remove the directives; only tags of the core schema are supported",
        )
    }
}

extension Diagnostic {
    static func tooLarge(file: String, limits: YAMLLimits) -> Diagnostic {
        Diagnostic(
            code: YAMLCode.tooLarge,
            "the file is larger than \(limits.inputBytes) bytes",
            at: nil,
            file: file,
            expected: "at most \(limits.inputBytes) bytes",
            found: "more",
            hint: "split it",
        )
    }
}
