internal import Events

extension LineRule {
    /// What the page has around any article: share prompts, newsletters, copyright, comments.
    static let residue = LineRule(name: "residue") { line, _ in
        isLabel(line) || isPrompt(line) || isCopyright(line) || isCommentCount(line)
    }

    /// Lines that are nothing but a label of the page.
    private static let labels: Set<String> = [
        "advertisement", "advertising", "sponsored", "sponsored content", "promoted content",
        "story continues below advertisement", "article continues below advertisement",
        "continue reading", "continue reading below", "read more", "read next", "read also",
        "see also", "show more", "load more", "more", "loading", "comments", "comment",
        "leave a comment", "leave a reply", "post a comment", "add a comment", "view comments",
        "show comments", "no comments", "no comments yet", "write a comment", "join the discussion",
        "share", "share this", "share this article", "share this story", "share this page",
        "share on facebook", "share on twitter", "share via email", "email this", "tweet",
        "copy link", "print", "print this", "print this page", "print this article", "email",
        "save", "save article", "bookmark", "related", "related articles", "related stories",
        "related news", "related topics", "related links", "more on this story", "most read",
        "most popular", "trending", "trending now", "recommended", "recommended for you",
        "you may also like", "editor's picks", "top stories", "latest news", "follow us",
        "subscribe",
        "subscribe now", "sign up", "log in", "sign in", "register", "newsletter", "back to top",
        "all rights reserved", "terms of use", "privacy policy", "skip to content",
        "skip to main content", "menu", "home", "previous article", "next article",
    ]

    private static func isLabel(_ line: Line) -> Bool {
        guard line.text.count <= 40 else { return false }
        let closing: Set<UInt8> = [0x2E, 0x21, 0x3A, 0x20, 0x3E]
        var core = line.folded[...]
        while let last = core.last, closing.contains(last) { core = core.dropLast() }
        return labels.contains(String(decoding: core, as: UTF8.self))
    }

    /// Sentences and lines that address the reader of the page.
    private static let prompts: [Prompt] = [
        Prompt("read more:"), Prompt("read more at "), Prompt("read also:"), Prompt("also read:"),
        Prompt("see also:"), Prompt("related:"), Prompt("read next:"), Prompt("more on this:"),
        Prompt("watch:"), Prompt("listen:"), Prompt("read:"),
        Prompt("our standards:"),
        Prompt(
            "share this ",
            ["facebook", "twitter", "email", "article", "story", "post", "friends"]
        ),
        Prompt("follow us on "), Prompt("follow us @"), Prompt("find us on "),
        Prompt("like us on "),
        Prompt("follow ", ["on twitter", "on facebook", "on instagram", "on telegram", "on x"]),
        Prompt("sign up ", ["newsletter", "inbox", "alerts", "email", "briefing", "free"]),
        Prompt(
            "subscribe ",
            ["newsletter", "inbox", "channel", "podcast", "alerts", "our ", "youtube"]
        ),
        Prompt("get the latest ", ["newsletter", "inbox", "email", "app"]),
        Prompt("get our ", ["newsletter", "inbox", "email", "app"]),
        Prompt("join ", ["telegram", "whatsapp", "newsletter", "conversation", "facebook"]),
        Prompt("download ", [" app"]), Prompt("click here "), Prompt("click to "),
        Prompt("tap here "),
        Prompt("contact the newsroom"), Prompt("contact our newsroom"), Prompt("contact us at "),
        Prompt("contact the author"), Prompt("contact the writer"),
        Prompt("have a tip"), Prompt("send us a tip"), Prompt("got a tip"),
        Prompt("already a subscriber"), Prompt("support our journalism"),
        Prompt("this story has been ", updates), Prompt("this article has been ", updates),
        Prompt("this story was ", updates), Prompt("this article was ", updates),
        Prompt("this report has been ", updates),
        Prompt("this version ", ["corrects", "corrected"]),
        Prompt("(this story has ", updates), Prompt("(this story has not been edited"),
        Prompt("this material may not be "), Prompt("all rights reserved"),
        Prompt("terms of use", ["privacy"]),
        Prompt("for more ", ["visit our", "newsletter", "follow us"]),
        Prompt("thank you for reading"), Prompt("thanks for reading"),
        Prompt("you are reading ", ["free"]), Prompt("to read more", ["subscri", "click"]),
    ]
    private static let updates = [
        "updated", "corrected", "amended", "edited", "originally published", "first published",
        "published on", "revised",
    ]
    private static let longestPrompt = 300

    /// The prompts by the first byte of their openings.
    private static let promptsByFirst: [[Prompt]] = {
        var table = [[Prompt]](repeating: [], count: 256)
        for prompt in prompts { table[Int(prompt.opening.utf8.first ?? 0)].append(prompt) }
        return table
    }()

    private static func isPrompt(_ line: Line) -> Bool {
        guard line.text.count <= longestPrompt, let first = line.folded.first else { return false }
        return promptsByFirst[Int(first)].contains { prompt in
            line.begins(with: prompt.opening)
                && (prompt.words.isEmpty || prompt.words.contains { line.contains($0) })
        }
    }

    /// Whether it is a notice of copyright, by its sign, its year or its last sentence.
    private static func isCopyright(_ line: Line) -> Bool {
        if line.begins(with: "©") || line.begins(with: "copyright ©") { return true }
        if line.place == .foot, line.contains("all rights reserved") { return true }
        var scanner = LineScanner(line)
        guard scanner.accept(anyOf: ["(c) ", "copyright (c) ", "copyright "]) else { return false }
        return scanner.number(digits: 4...4) != nil
    }

    /// `12 comments`, `Comments (12)`.
    private static func isCommentCount(_ line: Line) -> Bool {
        guard line.hasDigit else { return false }
        var scanner = LineScanner(line)
        if scanner.number(digits: 1...6) != nil {
            return scanner.accept(anyOf: [" comments", " comment", " shares", " share"])
                && scanner.isAtEnd
        }
        guard scanner.accept(anyOf: ["comments (", "comments: "]),
            scanner.number(digits: 1...6) != nil
        else { return false }
        _ = scanner.accept(")")
        return scanner.isAtEnd
    }
}

/// How a prompt of the page begins, and what must follow.
private struct Prompt {
    let opening: String
    /// One of these must occur; none is no condition.
    let words: [String]

    init(_ opening: String, _ words: [String] = []) {
        self.opening = opening
        self.words = words
    }
}
