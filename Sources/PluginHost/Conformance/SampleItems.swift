internal import Bytes

/// What plugins are asked about: a text, wrapped as the plugin's kind has it.
extension ProbedPlugin {
    /// A document, source or event with a text.
    func item(_ id: String, _ text: String, title: String? = "A title") -> CBORValue {
        switch manifest.kind {
        case .reader: source(id + ".txt", Array(text.utf8))
        case .projection: event(id, text)
        case .clean, .enrich, .exporter: document(id, text, title)
        }
    }

    /// Some that have nothing special.
    func items(_ count: Int) -> [CBORValue] {
        (0..<count).map { number in
            item("sample-\(number)", "Sample \(number). " + Self.plain)
        }
    }

    /// A source with bytes that need not be text.
    func source(_ id: String, _ bytes: [UInt8]) -> CBORValue {
        .map([
            CBORValue.Pair("id", .text(id)), CBORValue.Pair("path", .text(id)),
            CBORValue.Pair("bytes", .bytes(bytes)),
        ])
    }

    private func document(_ id: String, _ text: String, _ title: String?) -> CBORValue {
        let titles = title.map { [CBORValue.Pair("title", .text($0))] } ?? []
        var pairs = [CBORValue.Pair("id", .text(id)), CBORValue.Pair("text", .text(text))]
        pairs.append(CBORValue.Pair("fields", .map(titles)))
        pairs.append(CBORValue.Pair("metadata", .map([])))
        if manifest.kind == .exporter {
            pairs.append(CBORValue.Pair("position", .integer(record.nextPosition())))
            let found = CBORValue.map([CBORValue.Pair("id", .text("sample"))])
            pairs.append(
                CBORValue.Pair("annotations", .map([CBORValue.Pair("topics", .array([found]))]))
            )
        }
        return .map(pairs)
    }

    private func event(_ id: String, _ text: String) -> CBORValue {
        .map([
            CBORValue.Pair("position", .integer(record.nextPosition())),
            CBORValue.Pair("type", .text(manifest.consumes.first ?? "document.ingested")),
            CBORValue.Pair("stream", .text(id)),
            CBORValue.Pair("facts", .map([CBORValue.Pair("text", .text(text))])),
        ])
    }

    /// A sentence or two in a language that most plugins know.
    static let plain =
        "The committee met on Tuesday and agreed on a budget for the coming year. "
        + "Several members asked for more time, but the chair of the committee refused."

    /// Texts that break programs which take bytes, units or letters for characters.
    static let unicode: [(name: String, text: String)] = [
        ("letters of several bytes", "Füße, naïve œuvre, ångström; Ελλάδα, Москва, Հայաստան."),
        ("scripts from right to left", "שלום עולם, مرحبا بالعالم \u{202E}override\u{202C}"),
        ("ideographs", "東京は日本の首都です。 中华人民共和国 한국어"),
        (
            "marks that combine",
            "e\u{301}\u{323} a\u{300}\u{301}\u{302}\u{303} \u{928}\u{93F} \u{E01}\u{E49}"
        ),
        (
            "characters of four bytes",
            "\u{1F600} \u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467} \u{1D49C} \u{20000}"
        ),
        ("every plane", planes),
        ("U+0000 and control characters", "before\u{0}after \u{1}\u{1B}[31m\u{7F}\u{85}"),
        ("a byte order mark", "\u{FEFF}begins and ends\u{FEFF}"),
        ("all kinds of line ends", "one\rtwo\r\nthree\u{2028}four\u{2029}five\u{B}six\u{C}seven"),
        ("quotes and backslashes", "\"quoted\" \\u0041 \\\\ \\n {\"type\":\"answer\"}"),
        ("noncharacters", "\u{FFFE} \u{FFFF} \u{10FFFF} \u{FFFD}"),
    ]

    /// The first characters and the last of each of the seventeen planes.
    private static let planes = String(
        String.UnicodeScalarView(
            (0..<17).flatMap { plane in
                [0x100, 0xFFFD].compactMap { Unicode.Scalar(UInt32(plane) << 16 | $0) }
            }
        )
    )
}
