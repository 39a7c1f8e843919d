import Foundation
import Testing

/// A few short documents of which some name leaders, with a pipeline over them, for plans.
struct PlanFolder {
    let folder: TestFolder

    /// A plan as programs read it.
    struct Plan {
        let status: Int32
        let text: String
        private let members: [String: Any]

        init(_ outcome: AnnalsProcess.Outcome) throws {
            status = outcome.status
            text = outcome.output
            try #require(outcome.output.hasPrefix("{"), "\(outcome.messages)")
            let value = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
            members = try #require(value as? [String: Any], "\(outcome.messages)")
        }

        subscript(key: String) -> Any? { members[key] }

        /// The members' names.
        var keys: Set<String> { Set(members.keys) }

        /// What each stage would do: run, redecide, reuse, retry, remove.
        func work(_ stage: String) -> [Int] {
            guard let stage = self.stage(stage) else { return [] }
            return ["run", "redecide", "reuse", "retry", "remove"].map { stage[$0] as? Int ?? -1 }
        }

        func reasons(_ stage: String) -> [String] {
            self.stage(stage)?["reasons"] as? [String] ?? []
        }

        /// `ACTION DOCUMENT`, in the plan's order.
        var items: [String] { documents.map { "\($0["action"] ?? "") \($0["document"] ?? "")" } }

        var documents: [[String: String]] { members["documents"] as? [[String: String]] ?? [] }

        private func stage(_ name: String) -> [String: Any]? {
            (members["stages"] as? [[String: Any]])?.first { $0["stage"] as? String == name }
        }
    }

    init() throws {
        folder = try TestFolder()
        try document("a", "President Putin spoke of Syria")
        try document("b", "Donald Trump spoke of Ukraine")
        try document("c", "nobody spoke")
        try PipelineText.write(into: folder, from: "[news]")
    }

    /// Writes a document of some forty words that no other resembles.
    func document(_ name: String, _ start: String, words: Int = 40) throws {
        let rest = (0..<words).map { "\(name)word\($0)" }.joined(separator: " ")
        try folder.write("news/\(name).txt", "\(start) \(rest).\n")
    }

    /// Replaces a part of a file.
    func edit(_ file: String, _ part: String, _ other: String) throws {
        let text = folder.read(file)
        try #require(text.contains(part), "\(file): \(text)")
        try folder.write(file, text.replacingOccurrences(of: part, with: other))
    }

    func run(_ options: String...) throws -> AnnalsProcess.Outcome {
        try AnnalsProcess(["run", "news.yaml"] + options, in: folder).wait()
    }

    func text(_ options: String...) throws -> AnnalsProcess.Outcome {
        try AnnalsProcess(["plan", "news.yaml"] + options, in: folder).wait()
    }

    func plan(_ options: String...) throws -> Plan {
        try Plan(
            AnnalsProcess(["plan", "news.yaml", "--format", "json"] + options, in: folder).wait()
        )
    }

    /// Every file of the folder and its bytes, but for what programs printed.
    func everything() throws -> String {
        let list = "find . -type f ! -name '.output-*' ! -name '.messages-*' | sort"
        return try folder.shell("\(list) | xargs -d '\\n' sha256sum; find . -type d | sort").output
    }
}
