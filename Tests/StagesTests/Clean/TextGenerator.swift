@_spi(_Unicode) import Swift

/// The standard library's NFC.
func nfc(_ text: String) -> String {
    var scalars = String.UnicodeScalarView()
    scalars.append(contentsOf: text._nfc)
    return String(scalars)
}

/// Makes random texts, the same from the same seed (SplitMix64).
struct TextGenerator: RandomNumberGenerator {
    enum Kind: String, CaseIterable {
        /// Any bytes.
        case bytes
        /// Any code points, most of them of the kinds that rules look at.
        case scalars
        /// Letters, marks and spaces that normalising moves about.
        case marks
        /// Pieces of entities.
        case entities
        /// Lines that article rules look at, in any order.
        case article
    }

    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }

    mutating func text(of kind: Kind) -> [UInt8] {
        let length = Int.random(in: 0...120, using: &self)
        switch kind {
        case .bytes: return (0..<length).map { _ in UInt8.random(in: 0...255, using: &self) }
        case .scalars:
            return pieces(length) { generator in
                generator.pick(Self.scalars) ?? Character(generator.anyScalar()).description
            }
        case .marks: return pieces(length) { $0.pick(Self.marks) ?? "a" }
        case .entities: return pieces(length) { $0.pick(Self.entities) ?? ";" }
        case .article:
            return pieces(length / 8) { generator in
                (generator.pick(Self.lines) ?? "") + (generator.pick(Self.breaks) ?? "\n")
            }
        }
    }

    private mutating func pieces(_ count: Int, _ make: (inout Self) -> String) -> [UInt8] {
        var text: [UInt8] = []
        for _ in 0..<count { text += Array(make(&self).utf8) }
        return text
    }

    /// One of some texts; sometimes nil for `scalars`, which are not all there are.
    private mutating func pick(_ texts: [String]) -> String? {
        let index = Int.random(in: 0...texts.count, using: &self)
        return index < texts.count ? texts[index] : nil
    }

    private mutating func anyScalar() -> Unicode.Scalar {
        let planes: [ClosedRange<UInt32>] = [
            0...0x7F, 0x80...0x7FF, 0x800...0xFFFF, 0x10000...0x2FFFF, 0xE0000...0xE01FF,
        ]
        let value = UInt32.random(in: planes.randomElement(using: &self) ?? 0...0x7F, using: &self)
        return Unicode.Scalar(value) ?? "\u{FFFD}"
    }

    private static let scalars = [
        "a", "b", " ", " ", "\n", "\n", "\r", "\t", "\u{A0}", "\u{200B}", "\u{200C}", "\u{200D}",
        "\u{FEFF}", "\u{AD}", "\u{202E}", "\u{2028}", "é", "e\u{301}", "\u{301}", "\u{323}", "क",
        "\u{94D}", "م", "👩", "\u{FE0F}", ";", "&", "\u{0}", "\u{37E}", "한", "\u{1100}", "\u{1161}",
        "\u{11A8}", "\u{344}", "\u{F73}", "\u{212B}", "東",
    ]
    private static let marks = [
        "a", "e", "o", " ", "\n", "\u{301}", "\u{302}", "\u{323}", "\u{327}", "\u{344}", "\u{345}",
        "\u{200D}", "\u{200C}", "\u{200B}", "\u{94D}", "\u{93C}", "\u{951}", "क", "\u{9C7}",
        "\u{9BE}", "\u{1100}", "\u{1161}", "\u{11A8}", "\u{3099}", "か", "<", "=", "\u{338}",
        "&lt;", "&#769;",
    ]
    private static let entities = [
        "&", "&", ";", ";", "amp", "amp;", "lt", "#38", "#59", "#x26", "#97", "nbsp", "zwj", "shy",
        "\u{200B}", " ", "\n", "a", "#8203;", "&#x3B;", "\u{37E}", "&#10;", "&#0;", "&#769;",
    ]
    private static let breaks = ["\n", "\n\n", "\n\n", "\n \n", "\r\n", " "]
    private static let lines = [
        "Putin informs Trump about talks", "By Jane Doe", "By Jane Doe, Reuters, November 1, 2017",
        "November 21, 2017", "Published: 2017-11-21", "Comments", "Advertisement", "Share this",
        "Trump meets Putin, July 7, 2017, in Hamburg. / TRTWorld", "Photo: Jane Doe/AP",
        "SOURCE:TRTWorld and agencies", "(Reuters)", "Tags: a, b", "Russia, Putin, USA, Syria",
        "MOSCOW, Nov 21 (Reuters) - Russia agreed on a truce on Tuesday, officials said.",
        "WASHINGTON — PARIS — The two presidents met on Tuesday, officials said.",
        "The two presidents met in Moscow on Tuesday, officials said.", "Surprise summit in Sochi",
        "Reporting by Jane Doe; editing by John Roe", "© 2020 News. All rights reserved.",
        "This story has been updated to correct a name.", "the rest of a sentence", "He said:",
        "Will Putin meet Trump in Sochi?", "caf&eacute; &amp; more", "x", "1 2 3", "Dear friends,",
        "President Vladimir Putin met with", "- a point", "#Syria #G20", "e\u{301}\u{200B}t",
    ]
}
