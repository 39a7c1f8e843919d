internal import Events

extension LineRule {
    /// What an image shows and who took it: `Putin meets Trump. / TRTWorld`, `Photo: Jane Doe/AP`,
    /// `FILE PHOTO: …`, `… (AP Photo/Jane Doe)`.
    static let caption = LineRule(name: "caption") { line, fields in
        guard let image = labelled(line) ?? slashed(line) ?? bracketed(line) ?? agencyFirst(line)
        else { return false }
        if let caption = image.caption { fields.caption = fields.caption ?? caption }
        if let credit = image.credit { fields.credit = fields.credit ?? credit }
        return true
    }

    private typealias Image = (caption: String?, credit: String?)

    private static let imageWords = [
        "photograph", "photo", "image", "picture", "illustration", "video", "pic",
    ]
    /// What a labelled line can begin with.
    private static let openings = Array("([filecaptionpv".utf8)

    /// Reads what follows a label such as `Photo:`, `Photo by`, `Image credit:` or `FILE PHOTO:`.
    private static func labelled(_ line: Line) -> Image? {
        guard let first = line.folded.first, openings.contains(first) else { return nil }
        var scanner = LineScanner(line)
        let isBracketed = scanner.accept("(") || scanner.accept("[")
        let isFile = scanner.accept(anyOf: ["file ", "archive "])
        let isCaption = scanner.accept("caption")
        let isImage = !isCaption && scanner.accept(anyOf: imageWords)
        let isCredit = scanner.accept(anyOf: [" credit", " courtesy", "credit", "credits"])
        guard isCaption || isImage || isCredit else { return nil }
        _ = isImage && scanner.accept("s")
        let isBy = isImage && scanner.accept(anyOf: [" by ", " from "])
        guard isBy || scanner.accept(":") else { return nil }
        scanner.skipSpaces()
        var end = line.text.count
        if isBracketed, line.text.last == 0x29 || line.text.last == 0x5D { end -= 1 }
        guard scanner.index < end else { return nil }
        let text = line.string(scanner.index..<end)
        if isBy { return text.utf8.count <= 100 && !text.hasSuffix(".") ? (nil, text) : nil }
        if isCaption { return (text, nil) }
        if let image = slashed(line, from: scanner.index) { return image }
        let isProse = text.hasSuffix(".") || text.split(separator: " ").count > 10
        if isFile { return (text, nil) }
        return isProse && !isCredit ? (text, nil) : (nil, text)
    }

    /// `Putin meets Trump. / TRTWorld`: a slash between spaces and a name after it.
    private static func slashed(_ line: Line) -> Image? { slashed(line, from: 0) }

    private static func slashed(_ line: Line, from start: Int) -> Image? {
        guard line.has("/") else { return nil }
        var slash: Int?
        var index = start
        while let next = line.offset(of: " / ", from: index) {
            slash = next
            index = next + 3
        }
        guard let slash, slash - start >= 20 else { return nil }
        var scanner = LineScanner(line, from: slash + 3)
        let credit = line.string(scanner.rest)
        guard credit.utf8.count <= 60 else { return nil }
        if !AgencyNames.areIn(credit) {
            guard PersonNames.names(&scanner) > 0, scanner.isAtEnd else { return nil }
        }
        return (line.string(start..<slash), credit)
    }

    /// `Putin meets Trump. (AP Photo/Jane Doe)`, `… [Jane Doe/Reuters]`.
    private static func bracketed(_ line: Line) -> Image? {
        guard let last = line.text.last, last == 0x29 || last == 0x5D else { return nil }
        let opening: UInt8 = last == 0x29 ? 0x28 : 0x5B
        guard let open = line.text.lastIndex(of: opening) else { return nil }
        let inside = (open + 1)..<(line.text.count - 1)
        guard !inside.isEmpty, inside.count <= 100 else { return nil }
        var credit = line.string(inside)
        let folded = line.folded[inside]
        let label = imageWords.flatMap { [$0 + " by ", $0 + ": ", $0 + " credit: "] }
            .first { folded.starts(with: $0.utf8) }
        if let label {
            credit = line.string((inside.lowerBound + label.utf8.count)..<inside.upperBound)
        }
        let isAgencyPhoto = credit.contains("/") && AgencyNames.areIn(credit)
        guard label != nil || isAgencyPhoto else { return nil }
        let caption = line.string(0..<open)
        return (caption.isEmpty ? nil : caption, credit)
    }

    /// `REUTERS/Jane Doe`, `AP Photo/Jane Doe`, `Putin meets Trump. REUTERS/Jane Doe`.
    private static func agencyFirst(_ line: Line) -> Image? {
        guard line.has("/") else { return nil }
        for agency in ["reuters/", "ap photo/", "afp/", "getty images/"] {
            guard let offset = line.offset(of: agency) else { continue }
            let isStart = offset == 0
            guard isStart || (offset > 2 && line.text[offset - 2] == 0x2E) else { continue }
            var scanner = LineScanner(line, from: offset + agency.utf8.count)
            guard PersonNames.names(&scanner) > 0 else { continue }
            _ = scanner.accept(anyOf: ["/file photo", "/file", "/pool", "/handout"])
            guard scanner.isAtEnd else { continue }
            return (isStart ? nil : line.string(0..<offset), line.string(offset..<line.text.count))
        }
        return nil
    }
}
