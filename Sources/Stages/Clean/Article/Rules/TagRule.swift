internal import Events

extension LineRule {
    /// The tags: `Tags: Syria, G20`, `#Syria #G20`, and at the very foot `Russia, Putin, USA, Syria`.
    static let tags = LineRule(name: "tags") { line, fields in
        guard line.has(":") || line.has("#") || line.has(",") else { return false }
        guard let tags = labelled(line) ?? hashed(line) ?? bare(line) else { return false }
        if fields.tags.isEmpty { fields.tags = tags }
        return true
    }

    private static let labels = [
        "tags:", "tag:", "keywords:", "key words:", "topics:", "related topics:", "filed under:",
        "filed in:", "labels:", "categories:", "category:",
    ]
    private static let tagLimit = 40
    private static let longestTag = 60

    private static func labelled(_ line: Line) -> [String]? {
        var scanner = LineScanner(line)
        guard line.has(":"), scanner.accept(anyOf: labels), line.text.last != 0x2E else {
            return nil
        }
        let marks: Set<UInt8> = [0x2C, 0x3B, 0x7C]
        let tags = split(line, scanner.rest, at: marks)
        let isShort = tags.allSatisfy { $0.utf8.count <= longestTag }
        return tags.isEmpty || tags.count > tagLimit || !isShort ? nil : tags
    }

    private static func hashed(_ line: Line) -> [String]? {
        guard line.text.first == 0x23 else { return nil }
        let words = line.text.split(separator: 0x20)
        guard words.count >= 2, words.count <= tagLimit else { return nil }
        guard words.allSatisfy({ $0.first == 0x23 && $0.count > 1 }) else { return nil }
        return words.map { String(decoding: $0.dropFirst(), as: UTF8.self) }
    }

    /// Four or more short items that neither make a sentence nor list full names.
    private static func bare(_ line: Line) -> [String]? {
        guard line.place == .foot, line.isOutermost, line.text.count <= 300 else { return nil }
        let sentenceMarks: Set<UInt8> = [0x2E, 0x21, 0x3F, 0x3A, 0x3B, 0x22, 0x28, 0x29]
        guard !line.text.contains(where: sentenceMarks.contains) else { return nil }
        let tags = split(line, 0..<line.text.count, at: [0x2C])
        guard tags.count >= 4, tags.count <= tagLimit else { return nil }
        let lengths = tags.map { $0.split(separator: " ").count }
        guard lengths.allSatisfy({ $0 <= 3 }) else { return nil }
        let isJoined = tags.contains {
            $0.hasPrefix("and ") || $0.hasPrefix("or ") || $0.contains(" and ")
        }
        guard !isJoined, tags.allSatisfy({ $0.utf8.count <= 30 }) else { return nil }
        let words = lengths.reduce(0, +)
        let capitalized = tags.count { $0.first?.isUppercase ?? false }
        let isMixed = capitalized > 0 && capitalized < tags.count
        let isTerse = words * 2 <= tags.count * 3
        return capitalized > 0 && (isTerse || isMixed) ? tags : nil
    }

    private static func split(_ line: Line, _ range: Range<Int>, at marks: Set<UInt8>) -> [String] {
        line.text[range].split(whereSeparator: marks.contains)
            .map { line.string($0.startIndex..<$0.endIndex) }
            .filter { !$0.isEmpty }
    }
}
