internal import Bytes
internal import Events

/// Finds out who is meant, in one document published on a day that may be unknown.
///
/// A text is read in three passes over the few places that the dictionary knows: offices with their
/// countries (`OfficePhrase`), names (with the offices beside them), and the offices that stand
/// alone. What cannot be told apart stays open; nothing is guessed.
struct LeaderResolver {
    let dictionary: LeaderDictionary
    let grammar: GrammarWords
    let day: Day?
    /// Whether the text being read is the title.
    var isTitle = false
    /// Whether capitals tell nothing, as in a headline where every word has one.
    var isTitleCase = false

    /// Reads one text; mentions, and in a body also what stays open, are appended to `state`.
    mutating func read(_ bytes: Span<UInt8>, _ words: Span<WordToken>, _ state: inout LeaderState) {
        state.clearText()
        dictionary.table.match(words, in: bytes, into: &state.matches)
        guard !state.matches.isEmpty else { return }
        let text = TextReading(
            bytes: bytes,
            words: words,
            grammar: grammar,
            joint: dictionary.table.joint
        )
        isTitleCase = isTitle && text.isTitleCase
        state.collectItems(dictionary.senses)
        for item in state.items.indices where !state.items[item].kinds.isDisjoint(with: .post) {
            readOffice(item, text, &state)
        }
        for item in state.items.indices where !state.items[item].kinds.isDisjoint(with: .person) {
            readName(item, text, &state)
        }
        for phrase in state.phrases.indices { readLoneOffice(phrase, text, &state) }
    }

    /// The bytes of some words.
    func span(_ text: borrowing TextReading, _ words: Range<Int>) -> ByteSpan {
        ByteSpan(
            start: text.words[words.lowerBound].range.lowerBound,
            end: text.words[words.upperBound - 1].range.upperBound
        )
    }

    /// Records a mention that stays open; a title's has no place in the body and is left out.
    func leaveOpen(
        _ text: borrowing TextReading,
        _ words: Range<Int>,
        reason: OpenReason,
        _ candidates: some Sequence<Int>,
        _ state: inout LeaderState
    ) {
        if isTitle { return }
        let place = span(text, words)
        state.unresolved.append(
            UnresolvedMention(
                text: String(lossyUTF8: text.bytes.extracting(place.start..<place.end)),
                reason: reason.rawValue,
                candidates: Set(candidates).sorted().map { dictionary.leaders[$0].id },
                span: place
            )
        )
    }
}

/// Why a mention stays open.
enum OpenReason: String {
    /// Several people fit.
    case ambiguous
    /// The document's date would tell, but it does not state one.
    case dateUnknown = "date-unknown"
    /// The dictionary knows nobody in the office on that day.
    case nobodyInOffice = "nobody-in-office"
    /// The name fits, the office beside it does not.
    case otherOffice = "other-office"
}
