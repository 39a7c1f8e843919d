internal import Bytes

/// News agencies and broadcasters whose name alone says that a line is a credit.
enum AgencyNames {
    /// Whether some text, in any case, names one.
    static func contains(_ text: String) -> Bool {
        names.contains(text.lowercased())
    }

    /// Whether some text in lower case names one.
    static func contains(_ folded: ArraySlice<UInt8>) -> Bool {
        guard let first = folded.first, initials.contains(first) else { return false }
        return names.contains(String(decoding: folded, as: UTF8.self))
    }

    /// Whether a text of names joined by `/`, `,` or `and` names at least one.
    static func areIn(_ text: String) -> Bool {
        text.split { $0 == "/" || $0 == "," || $0 == "|" }.contains { part in
            contains(trimmed(part))
                || part.split(separator: " ").last.map { contains(String($0)) } ?? false
        }
    }

    private static func trimmed(_ text: Substring) -> String {
        let start = text.drop { $0 == " " }
        return String(start.reversed().drop { $0 == " " }.reversed())
    }

    private static let initials = Set(names.compactMap(\.utf8.first))

    private static let names: Set<String> = [
        "aa", "abc news", "afp", "agence france-presse", "agencies", "agency", "al jazeera",
        "anadolu", "anadolu agency", "ani", "ansa", "ap", "ap images", "ap photo",
        "associated press", "bbc", "bbc news", "belta", "bernama", "bloomberg", "caixin",
        "canadian press", "cbs news", "cctv", "cgtn", "cnn", "dpa", "dw", "efe", "epa", "epa-efe",
        "fars", "getty", "getty images", "globe newswire", "ians", "interfax", "irna", "isna",
        "itar-tass", "kcna", "kuna", "kyodo", "kyodo news", "lusa", "mena", "nbc news",
        "news agencies", "npr", "pa", "pa media", "pa wire", "petra", "pool",
        "press association", "press trust of india", "prensa latina", "pti", "reuters", "rferl",
        "ria", "ria novosti", "sana", "shutterstock", "spa", "sputnik", "staff and agencies",
        "tanjug", "tass", "the associated press", "the canadian press",
        "thomson reuters foundation", "trt", "trt world", "trtworld", "ukrinform",
        "ukrainian news", "upi", "voa", "wafa", "wam", "wire services", "wires", "xinhua",
        "xinhua news agency", "yonhap", "zuma press",
    ]
}
