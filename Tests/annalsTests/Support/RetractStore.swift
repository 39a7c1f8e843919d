/// A small corpus with one document that is to be withdrawn.
struct RetractStore {
    let folder: TestFolder

    static let title = "Quagmire of the vermilion heron"
    static let secret =
        "By Jonquil Ashgrove. The zeppelin of the marquis was moored above the palimpsest archive"
        + " while President Putin spoke of Syria and of twelve unlikely gondolas. Nobody in the"
        + " courtyard had expected the oboist to resign so early in the season."

    /// What only that document says: in its title, body, metadata, annotations.
    static let phrases = [
        "vermilion heron", "zeppelin of the marquis", "Jonquil Ashgrove", "obsidian-ledger",
    ]

    init() throws {
        folder = try TestFolder()
        try write(secret: Self.line("secret", Self.title, Self.secret))
        try PipelineText.write(into: folder, words: "5..900")
    }

    static func line(_ id: String, _ title: String, _ text: String) -> String {
        "{\"id\":\"\(id)\",\"title\":\"\(title)\",\"text\":\"\(text)\",\"shelf\":\"obsidian-ledger\"}\n"
    }

    /// Writes the source that the document lies in, among others.
    func write(secret: String) throws {
        let others = (1...6).map { number in
            "{\"id\":\"strike-\(number)\",\"title\":\"Ferry strike \(number)\",\"text\":\"Donald"
                + " Trump said on day \(number) that ferries numbered"
                + " \((0..<12).map { "\($0 * number + 100 * number)" }.joined(separator: " and "))"
                + " stay in Ukraine.\"}\n"
        }
        let plain = Self.line(
            "plain",
            "Nothing of note",
            "Rain fell on the harbour, and those who waited for the boat talked of the price of tea."
        ).replacing("obsidian-ledger", with: "open")
        try folder.write("news/a.jsonl", secret + plain + others.joined())
    }

    func annals(_ arguments: [String], failpoint: String = "") throws -> AnnalsProcess.Outcome {
        try AnnalsProcess(
            arguments,
            in: folder,
            environment: ["ANNALS_FAILPOINT": failpoint, "ANNALS_SEGMENT_BYTES": "9000"]
        ).wait()
    }

    func run() throws -> AnnalsProcess.Outcome { try annals(["run", "news.yaml"]) }

    func retract(
        _ document: String,
        _ options: String...,
        failpoint: String = ""
    ) throws -> AnnalsProcess.Outcome {
        try annals(
            ["retract", document, "--reason", "a court order", "--yes", "--pipeline", "news.yaml"]
                + options,
            failpoint: failpoint
        )
    }

    /// Whether any file of store and exports, or any event of the log, holds a phrase.
    func holds(_ phrase: String) throws -> Bool {
        let found = try folder.shell("grep -rlaF '\(phrase)' store out")
        let events = try annals(["log", "export", "--store", "store"])
        return found.status == 0 || events.output.contains(phrase)
    }

    /// What became of a document, as `show documents` has it.
    func status(of document: String) throws -> String {
        let listed = try annals(["show", "documents", "--store", "store"]).output
        let row = listed.split(separator: "\n").first { $0.hasPrefix(document + " ") } ?? ""
        let columns = row.split(separator: " ")
        let words = ["kept", "dropped", "duplicate", "failed", "retracted", "removed"]
        return words.first { columns.contains(Substring($0)) } ?? "none"
    }

    /// A checksum of every file but projections and locks.
    func fingerprint() throws -> String {
        try folder.shell(
            "find store out -type f | grep -v derived | grep -v LOCK | grep -v HEAD | sort | xargs cksum"
        ).output
    }

    /// The first segment with one bit flipped in its last third.
    var flipped: [UInt8] {
        var bytes = folder.bytes("store/log/00000000000000000000.seg")
        bytes[bytes.count * 2 / 3] ^= 8
        return bytes
    }
}
