internal import Bytes
internal import Events

/// What an agency's first paragraph begins with: `MOSCOW, Nov 21 (Reuters) - `.
struct Dateline {
    /// The rule's name.
    static let name = "dateline"

    /// The bytes it takes, with the dash and the spaces after it.
    let length: Int
    private let text: String
    private let agency: String?
    private let published: CalendarDate?

    private static let longest = 120
    private static let placeWords = 5
    private static let dashes = [" - ", " -- ", " – ", " — ", "— ", " —", "—", "– "]

    /// Words in capitals that begin a paragraph and are no place.
    private static let noPlaces: Set<String> = [
        "answer", "analysis", "breaking", "corrected", "correction", "editorial", "exclusive",
        "explainer", "fact check", "factbox", "interviewer", "live", "moderator", "note", "opinion",
        "question", "read", "reporter", "speaker", "update", "warning", "watch",
    ]

    /// Reads the beginning of a paragraph.
    init?(_ paragraph: Span<UInt8>) {
        let head = paragraph.extracting(first: Self.longest)
        guard Self.hasDash(head) else { return nil }
        var scanner = LineScanner(Line(whole: head, place: .head, isOutermost: true))
        let place = Self.place(&scanner)
        var date: WrittenDate?
        var agency: String?
        let agencyFirst = scanner
        if place != nil, scanner.accept(", ") {
            date = WrittenDate.read(&scanner)
            if date == nil { scanner = agencyFirst }
        }
        agency = Self.agency(&scanner, needsSpace: place != nil)
        if date == nil, place != nil, agency != nil, scanner.accept(", ") {
            date = WrittenDate.read(&scanner)
            if date == nil { return nil }
        }
        guard place != nil || agency != nil else { return nil }
        let isMarked = date != nil || agency != nil
        guard place?.isCapitals ?? true || isMarked else { return nil }
        let end = scanner.index
        if scanner.accept(". /"), let service = Self.service(&scanner), place != nil {
            agency = service
        } else if !scanner.accept(anyOf: Self.dashes) {
            return nil
        }
        scanner.skipSpaces()
        let rest = paragraph.extracting(min(scanner.index, paragraph.count)...)
        guard Prose.beginsSentence(rest) else { return nil }
        length = scanner.index
        text = scanner.line.string(0..<end)
        self.agency = agency
        published = date?.day
    }

    /// Fills the fields that are not known yet.
    func fill(_ fields: inout DocumentFields) {
        fields.dateline = fields.dateline ?? text
        fields.agency = fields.agency ?? agency
        fields.published = fields.published ?? published
    }

    /// Whether a dash or a slash occurs: the cheap look before the grammar.
    private static func hasDash(_ head: Span<UInt8>) -> Bool {
        for index in head.indices where index > 0 {
            let byte = head[index]
            if byte == 0x2D || byte == 0x2F { return true }
            if byte == 0x80, head[index - 1] == 0xE2, index + 1 < head.count,
                head[index + 1] == 0x93 || head[index + 1] == 0x94
            {
                return true
            }
        }
        return false
    }

    /// `MOSCOW`, `NEW YORK`, `PARIS/LONDON`, `AUSTIN, Texas`; others than capitals need a date or
    /// an agency to be believed.
    private static func place(_ scanner: inout LineScanner) -> (isCapitals: Bool, words: Int)? {
        var words = 0
        var isCapitals = true
        var end = scanner.index
        while words < placeWords, let word = scanner.capitalizedWord() {
            if words == 0, noPlaces.contains(folded(scanner, word)) { break }
            isCapitals = isCapitals && scanner.isAllCapitals(word)
            words += 1
            if scanner.next == 0x2E, word.count <= 3 { scanner.index += 1 }
            end = scanner.index
            guard scanner.accept(" ") || scanner.accept("/") else { break }
        }
        scanner.index = end
        guard words > 0 else { return nil }
        qualifier(&scanner)
        return (isCapitals, words)
    }

    private static func folded(_ scanner: LineScanner, _ word: Range<Int>) -> String {
        String(decoding: scanner.line.folded[word], as: UTF8.self)
    }

    /// `, Texas`, `, D.C.`, `, Saudi Arabia`: the state or country of the place.
    private static func qualifier(_ scanner: inout LineScanner) {
        let start = scanner.index
        guard scanner.accept(", ") else { return }
        let dateStart = scanner.index
        if WrittenDate.read(&scanner) == nil {
            scanner.index = dateStart
            var words = 0
            while words < 3, let word = scanner.capitalizedWord() {
                words += 1
                while scanner.next == 0x2E, word.count <= 4 {
                    scanner.index += 1
                    _ = scanner.capitalizedWord()
                }
                let end = scanner.index
                guard scanner.accept(" ") else { return }
                let isMore = scanner.isUpper(at: scanner.index)
                if !isMore {
                    scanner.index = end
                    return
                }
            }
            if words > 0 { return }
        }
        scanner.index = start
    }

    /// `(Reuters)`, `(AP/UPI)`.
    private static func agency(_ scanner: inout LineScanner, needsSpace: Bool) -> String? {
        let start = scanner.index
        if !needsSpace || scanner.accept(" "), scanner.accept("(") {
            let inside = scanner.index
            while !scanner.isAtEnd, scanner.next != 0x29 { scanner.index += 1 }
            let name = scanner.line.string(inside..<scanner.index)
            if scanner.accept(")"), AgencyNames.areIn(name) { return name }
        }
        scanner.index = start
        return nil
    }

    /// `TASS/. ` after `. /`.
    private static func service(_ scanner: inout LineScanner) -> String? {
        guard let word = scanner.word(), scanner.accept("/. ") || scanner.accept("/ ") else {
            return nil
        }
        return scanner.line.string(word)
    }
}
