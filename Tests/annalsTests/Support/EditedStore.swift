import Glibc

/// A store whose pipeline and documents are edited at random, and the same documents run from
/// scratch.
struct EditedStore {
    let folder: TestFolder
    private(set) var pipeline = EditedPipeline()
    /// The documents as they are now, by file.
    private(set) var documents: [String: String] = [:]
    /// Every document's file in the order in which runs saw them first.
    private var order: [String] = []
    private var random: SeededRandom

    init(seed: UInt64) throws {
        folder = try TestFolder()
        random = SeededRandom(state: seed)
        for _ in 0..<8 { addDocument() }
        try write()
    }

    /// What the store and one made from scratch have in common.
    struct State: Equatable {
        var digests: [String]
        var exports: [[String]]
    }

    /// Makes one to three edits; says which.
    mutating func edit() throws -> String {
        var made: [String] = []
        for _ in 0...random.next(below: 3) {
            switch random.next(below: 8) {
            case 0, 1: made.append("add " + addDocument())
            case 2: made.append("change " + changeDocument())
            case 3: made.append("remove " + removeDocument())
            default: made.append(pipeline.edit(&random))
            }
        }
        try write()
        return made.joined(separator: ", ")
    }

    /// Makes one to three edits of documents; says which.
    mutating func editDocuments() throws -> String {
        var made: [String] = []
        for _ in 0...random.next(below: 3) {
            switch random.next(below: 4) {
            case 0: made.append("add " + addDocument())
            case 1: made.append("remove " + removeDocument())
            default: made.append("change " + changeDocument())
            }
        }
        try write()
        return made.joined(separator: ", ")
    }

    /// Runs it, now and then killed half-way first.
    mutating func run() throws -> AnnalsProcess.Outcome {
        for file in documents.keys.sorted() where !order.contains(file) { order.append(file) }
        if random.next(below: 3) == 0 {
            let points = ["group.appended", "group.written", "run.begun", "rewrite.appended"]
            let point = points[random.next(below: points.count)]
            _ = try AnnalsProcess(
                ["run", "news.yaml"],
                in: folder,
                environment: [
                    "ANNALS_FAILPOINT": "\(point):\(1 + random.next(below: 3))",
                    "ANNALS_GROUP_DOCUMENTS": "2",
                ]
            ).wait()
        }
        return try folder.annals("run", "news.yaml", "--format", "json")
    }

    /// Runs it until it reaches a point, where it kills itself, unless it ends before.
    func interrupt(at point: String) throws {
        let environment = ["ANNALS_FAILPOINT": point, "ANNALS_GROUP_DOCUMENTS": "2"]
        try folder.annals("run", "news.yaml", environment: environment)
    }

    /// The digests of its projections and the records of its exports.
    func state() throws -> State { try Self.state(of: folder, pipeline) }

    /// The same of a new store of the same documents, in the order in which they were first seen.
    func fromScratch() throws -> State {
        let fresh = try TestFolder()
        try pipeline.write(into: fresh)
        var left = order.filter { documents[$0] != nil }[...]
        while !left.isEmpty {
            // Those that stand in the order of their names come in one run.
            var last = ""
            while let file = left.first, file > last {
                try fresh.write(file, documents[file] ?? "")
                last = file
                left.removeFirst()
            }
            try fresh.annals("run", "news.yaml")
        }
        return try Self.state(of: fresh, pipeline)
    }

    private static func state(of folder: TestFolder, _ pipeline: EditedPipeline) throws -> State {
        let names = PipelineText.projections
        let outcome = try AnnalsProcess(
            ["replay", "news.yaml"] + names + ["--format", "json"],
            in: folder
        ).wait()
        let digests = outcome.output.split(separator: "\"").map(String.init)
            .filter { $0.count == 64 }
        let exports = pipeline.exports.map { file in
            folder.read(file).split(whereSeparator: \.isNewline).map(withoutPosition).sorted()
        }
        return State(digests: zip(names, digests).map { "\($0) \($1)" }, exports: exports)
    }

    /// A record of JSON lines or of CSV without the position of its event.
    private static func withoutPosition(_ record: Substring) -> String {
        if record.hasPrefix("{") { return Store.withoutPosition(record) }
        let cells = record.split(separator: ",", omittingEmptySubsequences: false)
        return (cells.prefix(1) + cells.dropFirst(2)).joined(separator: ",")
    }

    private func write() throws {
        try pipeline.write(into: folder)
        for (file, text) in documents { try folder.write(file, text) }
    }

    @discardableResult
    private mutating func addDocument() -> String {
        let file = "news/\(["a", "k", "z"][random.next(below: 3)])\(random.next(below: 40)).txt"
        documents[file] = text()
        return file
    }

    private mutating func changeDocument() -> String {
        let files = documents.keys.sorted()
        guard !files.isEmpty else { return "nothing" }
        let file = files[random.next(below: files.count)]
        documents[file] = text()
        return file
    }

    private mutating func removeDocument() -> String {
        let files = documents.keys.sorted()
        // A pattern that names nothing cannot be told from one that is mistaken.
        guard files.count > 2 else { return "nothing" }
        let file = files[random.next(below: files.count)]
        documents[file] = nil
        folder.delete(file)
        return file
    }

    /// One of a few texts with some of its words changed, so that many are alike.
    private mutating func text() -> String {
        var words = (0..<(10 + random.next(below: 3) * 15)).map { "word\($0)" }
        let base = random.next(below: 3)
        words = words.map { $0 + "of\(base)" }
        for _ in 0..<random.next(below: 4) {
            words[random.next(below: words.count)] = "other\(random.next(below: 50))"
        }
        for name in ["President Putin", "Donald Trump", "Syria", "Ukraine"]
        where random.next(below: 3) == 0 {
            words.insert(name, at: random.next(below: words.count))
        }
        return words.joined(separator: " ") + ".\n"
    }
}

/// A pipeline that is edited at random.
struct EditedPipeline {
    private var words = 20
    private var threshold = 8
    private var shingle = 2
    private var isExact = true
    private var deduplicates = true
    private var enrichesFirst = false
    private var splitsEnrich = false
    private var cleansTwice = false
    private var hasTable = false
    private var knowsTrump = true
    private var topicThreshold = 1

    /// The files that it writes.
    var exports: [String] { ["out/news.jsonl"] + (hasTable ? ["out/news.csv"] : []) }

    /// Changes one thing; says what.
    mutating func edit(_ random: inout SeededRandom) -> String {
        switch random.next(below: 11) {
        case 0: words = 5 + random.next(below: 40)
        case 1: threshold = 4 + random.next(below: 6)
        case 2: shingle = 1 + random.next(below: 3)
        case 3: isExact.toggle()
        case 4: deduplicates.toggle()
        case 5: enrichesFirst.toggle()
        case 6: splitsEnrich.toggle()
        case 7: cleansTwice.toggle()
        case 8: hasTable.toggle()
        case 9: knowsTrump.toggle()
        default: topicThreshold = 1 + random.next(below: 4)
        }
        return "pipeline"
    }

    func write(into folder: TestFolder) throws {
        try PipelineText.write(into: folder)
        let deduplicate =
            deduplicates
            ? "  - deduplicate: {exact: \(isExact), near: {threshold: 0.\(threshold),"
                + " shingle: \(shingle) words}}\n" : ""
        let leaders = "leaders: {dictionary: leaders.yaml}"
        let topics = "topics: {dictionary: topics.yaml}"
        let enrich =
            splitsEnrich
            ? "  - enrich: [\(leaders)]\n  - enrich: [\(topics)]\n"
            : "  - enrich: [\(leaders), \(topics)]\n"
        let text =
            "pipeline: news\nstore: store\nstages:\n  - ingest: {from: [news/*.txt]}\n"
            + "  - clean: {require: {words: \(words)..1000}}\n"
            + (cleansTwice ? "  - clean: {article: false}\n" : "")
            + (enrichesFirst ? enrich + deduplicate : deduplicate + enrich)
            + exports.map { "  - export: {to: \($0)}\n" }.joined()
            + "projections:\n  leaders: {index: leaders, by: leader}\n"
            + "  topics: {count: topics, by: [topic, month]}\n"
        try folder.write("news.yaml", text)
        if !knowsTrump {
            let all = folder.read("leaders.yaml")
            let known = all.components(before: "  - id: donald-trump")
            try folder.write("leaders.yaml", known)
        }
        let topicText = folder.read("topics.yaml")
        let changed = topicText.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.hasPrefix("threshold:") ? "threshold: \(topicThreshold).0" : String($0) }
        try folder.write("topics.yaml", changed.joined(separator: "\n"))
    }
}

extension String {
    /// What stands before a part of it.
    fileprivate func components(before part: String) -> String {
        var rest = self[...]
        while !rest.isEmpty, !rest.hasPrefix(part) { rest.removeFirst() }
        return String(self[..<rest.startIndex])
    }
}
