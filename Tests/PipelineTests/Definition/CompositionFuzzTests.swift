internal import Pipeline
internal import Testing
internal import YAML

/// Seeded, so that a failure can be repeated.
@Suite("Compositions at random")
struct CompositionFuzzTests {
    private static let leaves = [
        "~", "1", "x", "\"\"", "clean", "use", "tidy", "\"${param:a}\"", "\"${param:b} x\"",
        "\"${param:\"", "\"$${param:a}\"", "\"${file:/etc/passwd}\"", "\"${env:NONE}\"", "\"$\"",
        "20..", "[]", "{}", "p.yaml", "prod",
    ]
    private static let keys = [
        "pipeline", "include", "templates", "profiles", "projections", "tests", "stages", "store",
        "use", "template", "with", "parameters", "default", "required", "clean", "deduplicate",
        "ingest", "export", "plugin", "options", "name", "a", "b", "tidy", "prod", "require",
        "near",
        "from", "to", "\"${param:a}\"",
    ]

    private static func node(_ depth: Int, _ random: inout Random) -> String {
        let choice = random.below(depth > 6 ? 2 : 6)
        switch choice {
        case 0, 1: return leaves[random.below(leaves.count)]
        case 2:
            return "["
                + (0..<random.below(4)).map { _ in node(depth + 1, &random) }
                .joined(separator: ", ") + "]"
        default:
            var seen: Set<String> = []
            let entries = (0..<random.below(5)).compactMap { _ -> String? in
                let key = keys[random.below(keys.count)]
                let value = node(depth + 1, &random)
                return seen.insert(key).inserted ? "\(key): \(value)" : nil
            }
            return "{" + entries.joined(separator: ", ") + "}"
        }
    }

    private struct Random {
        var state: UInt64

        mutating func below(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
    }

    /// Everything in the places where a pipeline has it, and anything in those places.
    private static func pipeline(_ random: inout Random) -> String {
        var lines = ["pipeline: news"]
        for key in ["templates", "profiles", "projections", "tests", "include"]
        where random.below(3) > 0 {
            lines.append("\(key): \(node(2, &random))")
        }
        lines.append(
            "templates2: {}".replacing("templates2", with: random.below(9) == 0 ? "x" : "store")
        )
        let stages = (0..<random.below(5)).map { _ in node(3, &random) }
        lines.append("stages: [{ingest: {from: x}}, \(stages.joined(separator: ", "))]")
        return lines.joined(separator: "\n") + "\n"
    }

    @Test("whatever is composed is a pipeline or errors with places, and never a trap")
    func random() throws {
        let folder = try DefinitionFolder(["p.yaml": ""])
        for seed in 0..<600 {
            var random = Random(state: UInt64(seed))
            let text = Self.pipeline(&random)
            try folder.write("p.yaml", text)
            let profile = random.below(2) == 0 ? "prod" : nil
            let result = folder.load(profile: profile)
            #expect(
                result.pipeline != nil || result.diagnostics.contains { $0.severity == .error },
                "seed \(seed): \(text)"
            )
            for diagnostic in result.diagnostics {
                #expect(diagnostic.range != nil, "seed \(seed): \(diagnostic.message)")
                _ = diagnostic.rendered()
            }
            if let pipeline = result.pipeline {
                // What the log keeps is read again without complaint.
                let kept = YAMLSource(name: "kept", text: pipeline.yaml)
                #expect(throws: Never.self) { try YAMLParser.parse(kept) }
            }
        }
    }
}
