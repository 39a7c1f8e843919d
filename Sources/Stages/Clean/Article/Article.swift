internal import Bytes
internal import Events

/// A news text taken apart: the body, and what stood around it.
struct Article {
    /// What is left: the paragraphs.
    var body: [UInt8]
    /// The fields known from here on.
    var fields: DocumentFields
    /// What was taken out, in the order in which it was found.
    var removed: [DocumentCleaned.Removal]

    /// A text with more such pieces is no article, and is left alone.
    static let removalLimit = 64
    private static let removalTextLimit = 512

    /// How often each rule took something.
    var ruleCounts: [DocumentCleaned.RuleCount] {
        var counts: [DocumentCleaned.RuleCount] = []
        for removal in removed {
            if let index = counts.firstIndex(where: { $0.rule == removal.rule }) {
                counts[index].count += 1
            } else {
                counts.append(DocumentCleaned.RuleCount(rule: removal.rule, count: 1))
            }
        }
        return counts
    }

    /// Splits a text with clean characters; nil if there is nothing to take out.
    ///
    /// What a pass takes out may bring a line to an end of the text where a rule applies to it, so
    /// passes repeat until one finds nothing: splitting what was split changes nothing.
    static func split(_ text: [UInt8], known: DocumentFields) -> Article? {
        var article = Article(body: text, fields: known, removed: [])
        while true {
            let pass = ArticlePass.run(article.body.span, known: article.fields)
            if pass.cuts.isEmpty { break }
            guard article.removed.count + pass.cuts.count <= removalLimit else { return nil }
            article.apply(pass)
        }
        return article.removed.isEmpty ? nil : article
    }

    private mutating func apply(_ pass: ArticlePass) {
        let whole = body
        let text = whole.span
        for cut in pass.cuts {
            removed.append(Self.removal(text.extracting(cut.range), rule: cut.rule))
        }
        fields = pass.fields
        body = ArticleSeam.join(text, without: pass.cuts.map(\.range))
    }

    /// Cuts the text of a removal on the border of a code point.
    static func removal(_ piece: Span<UInt8>, rule: String) -> DocumentCleaned.Removal {
        var end = min(piece.count, removalTextLimit)
        while end > 0, end < piece.count, piece[end] & 0xC0 == 0x80 { end -= 1 }
        return DocumentCleaned.Removal(
            rule: rule,
            text: String(lossyUTF8: piece.extracting(0..<end)),
            length: piece.count
        )
    }
}
