/// A folder of a few documents, each of which fares differently: kept, a copy, too short, not text.
struct StoryFolder {
    let folder: TestFolder

    static let words = (1...40).map { "word\($0)" }
    static let text = words.joined(separator: " ") + "."
    /// The same but for its last three words.
    static let copy = words.dropLast(3).joined(separator: " ") + " and three others."

    init() throws {
        folder = try TestFolder()
        try folder.write("news/a.txt", "Talks in Syria\n\n\(Self.text)\n")
        try folder.write("news/b.txt", "More talks\n\n\(Self.copy)\n")
        try folder.write(
            "news/c.txt",
            "Short\n\nPutin spoke of Ukraine, and that was all there was.\n"
        )
        try folder.write("news/d.txt", bytes: Array("not \u{1B}[31m text ".utf8) + [0xFF, 0x00])
        try pipeline()
    }

    /// Writes the pipeline with its bounds.
    func pipeline(words: String = "20..1000", threshold: String = "0.6") throws {
        try PipelineText.write(into: folder, from: "[news]", words: words, threshold: threshold)
    }

    /// Runs the pipeline; documents that fail are no surprise.
    func run() throws {
        let run = try folder.annals("run", "news.yaml")
        guard run.status == 0 || run.status == 65 else {
            throw TestFolder.Failure(reason: run.messages)
        }
    }

    /// What a reading command prints of the store.
    func ask(_ arguments: String...) throws -> AnnalsProcess.Outcome {
        try AnnalsProcess(arguments + ["--store", "store"], in: folder).wait()
    }
}
