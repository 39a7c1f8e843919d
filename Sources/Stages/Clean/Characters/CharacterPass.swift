internal import Bytes

/// One pass over a text that makes its characters plain: spaces, line ends, entities, and what
/// cannot be seen.
///
/// The output never begins or ends with white space and never holds an entity, a run of spaces or
/// more than two line feeds, so that a second pass finds nothing to do. Complexity: O(n).
struct CharacterPass {
    /// The text so far.
    private(set) var output: [UInt8] = []
    /// What was done.
    private(set) var changes = CharacterChanges()
    /// The offset in the output of the first code point that may not be in normal form.
    private(set) var firstSuspect: Int?

    private let composes: Bool
    private var gap = Gap()
    /// A joiner that waits for what follows it, or 0.
    private var joiner: UInt32 = 0

    /// White space that waits for the next visible character.
    private struct Gap {
        var spaces = 0
        var newlines = 0
        var isEmpty: Bool { spaces == 0 && newlines == 0 }
    }

    /// Runs over a text; `composes` tells whether the result will be brought to NFC.
    static func run(_ text: Span<UInt8>, composes: Bool) -> CharacterPass {
        var pass = CharacterPass(composes: composes)
        pass.output.reserveCapacity(text.count)
        pass.read(text)
        return pass
    }

    private init(composes: Bool) {
        self.composes = composes
    }

    private mutating func read(_ text: Span<UInt8>) {
        var index = 0
        while index < text.count {
            let end = PlainRun.end(text, from: index)
            if end > index {
                closeGap(before: UTF8Scalar.decode(text, at: index).scalar)
                output.append(contentsOf: text.extracting(index..<end))
                index = end
            } else {
                index += step(text, at: index)
            }
        }
        closeText()
    }

    /// Takes one character that is not plain; returns its width.
    private mutating func step(_ text: Span<UInt8>, at index: Int) -> Int {
        let byte = text[index]
        guard byte < 0x80 else {
            let (scalar, width) = UTF8Scalar.decode(text, at: index)
            if width == 1 { changes.invalid += 1 }
            emit(scalar)
            return width
        }
        let isPair = byte == 0x0D && index + 1 < text.count && text[index + 1] == 0x0A
        emit(UInt32(byte))
        return isPair ? 2 : 1
    }

    /// Takes one code point, read or decoded from an entity.
    private mutating func emit(_ scalar: UInt32) {
        if scalar < 0x80 { return emit(ascii: UInt8(scalar)) }
        // The Greek question mark composes to a semicolon, which may end an entity.
        if scalar == 0x37E && composes {
            changes.unicode += 1
            return emit(ascii: 0x3B)
        }
        switch CharacterClass(scalar) {
        case .keep: appendVisible(scalar)
        case .suspect:
            closeGap(before: scalar)
            if firstSuspect == nil { firstSuspect = output.count }
            UTF8Scalar.append(scalar, to: &output)
        case .space:
            changes.oddSpaces += 1
            addSpace()
        case .newline:
            changes.lineEnds += 1
            addNewline()
        case .control: changes.controls += 1
        case .zeroWidth: changes.zeroWidth += 1
        case .bidi: changes.bidi += 1
        case .joiner: hold(joiner: scalar)
        }
    }

    private mutating func emit(ascii byte: UInt8) {
        switch byte {
        case 0x20: addSpace()
        case 0x0A: addNewline()
        case 0x0B, 0x0C, 0x0D:
            changes.lineEnds += 1
            addNewline()
        case 0x09:
            changes.oddSpaces += 1
            addSpace()
        case 0..<0x20, 0x7F: changes.controls += 1
        case 0x3B: closeEntity()
        default: appendVisible(UInt32(byte))
        }
    }

    private mutating func appendVisible(_ scalar: UInt32) {
        closeGap(before: scalar)
        UTF8Scalar.append(scalar, to: &output)
    }
}

// MARK: White space and joiners

extension CharacterPass {
    private mutating func addSpace() {
        if joiner != 0 { release(before: nil) }
        gap.spaces += 1
    }

    private mutating func addNewline() {
        if joiner != 0 { release(before: nil) }
        gap.newlines += 1
    }

    /// Writes the white space before a visible character in its plain form.
    private mutating func closeGap(before scalar: UInt32) {
        if joiner != 0 { release(before: scalar) }
        if gap.isEmpty { return }
        let isAtStart = output.isEmpty
        if gap.newlines > 0 {
            if gap.spaces > 0 { changes.spaces += 1 }
            if gap.newlines > 2 || isAtStart { changes.blankLines += 1 }
            if !isAtStart {
                output.append(0x0A)
                if gap.newlines > 1 { output.append(0x0A) }
            }
        } else {
            if gap.spaces > 1 || isAtStart { changes.spaces += 1 }
            if !isAtStart { output.append(0x20) }
        }
        gap = Gap()
    }

    private mutating func closeText() {
        if joiner != 0 { release(before: nil) }
        if gap.spaces > 0 { changes.spaces += 1 }
        if gap.newlines > 0 { changes.blankLines += 1 }
        gap = Gap()
    }

    private mutating func hold(joiner scalar: UInt32) {
        if gap.isEmpty && joiner == 0 && !output.isEmpty {
            joiner = scalar
        } else {
            changes.zeroWidth += 1
        }
    }

    /// Writes or drops the joiner that waits.
    private mutating func release(before next: UInt32?) {
        if Joiner.isNeeded(after: lastScalar, before: next) {
            UTF8Scalar.append(joiner, to: &output)
        } else {
            changes.zeroWidth += 1
        }
        joiner = 0
    }

    private var lastScalar: UInt32 {
        var index = output.count - 1
        while index > 0, output[index] & 0xC0 == 0x80 { index -= 1 }
        return index < 0 ? 0 : UTF8Scalar.decode(output.span, at: index).scalar
    }
}

// MARK: Entities

extension CharacterPass {
    /// Takes a semicolon: if it ends an entity, that is replaced by what it stands for.
    ///
    /// The entity is looked for in the output, where characters without width are gone and earlier
    /// entities are decoded, so that no entity is left (`&amp;quot;` is a quotation mark).
    private mutating func closeEntity() {
        appendVisible(0x3B)
        while let entity = Entity.atEnd(of: output.span) {
            changes.entities += 1
            output.removeLast(entity.length)
            reopenGap()
            guard entity.scalar == 0x3B else { return emit(entity.scalar) }
            appendVisible(0x3B)
        }
    }

    /// Takes the white space at the end of the output back, to be joined with what follows.
    private mutating func reopenGap() {
        while let last = output.last, last == 0x20 || last == 0x0A {
            output.removeLast()
            if last == 0x20 { gap.spaces += 1 } else { gap.newlines += 1 }
        }
    }
}
