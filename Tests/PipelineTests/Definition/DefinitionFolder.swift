internal import Foundation
internal import Pipeline
internal import Stages
internal import YAML

/// A folder of pipeline files, loaded as the program does.
final class DefinitionFolder {
    let path: String

    init(_ files: KeyValuePairs<String, String>) throws {
        path = NSTemporaryDirectory() + "annals-definition-" + UUID().uuidString
        for (name, text) in files { try write(name, text) }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ name: String, _ text: String) throws {
        let url = URL(fileURLWithPath: path + "/" + name)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(text.utf8).write(to: url)
    }

    static func loader(_ environment: [String: String] = [:]) -> PipelineLoader {
        PipelineLoader(kinds: BuiltInStages.kinds, environment: environment)
    }

    func load(
        _ name: String = "p.yaml",
        profile: String? = nil,
        environment: [String: String] = [:]
    ) -> PipelineLoader.Result {
        Self.loader(environment).load(path + "/" + name, profile: profile)
    }

    /// What is wrong with a pipeline, with the files named as from the folder; empty if nothing is.
    func complaint(_ name: String = "p.yaml", profile: String? = nil) -> String {
        load(name, profile: profile).diagnostics.map { $0.rendered() }.joined(separator: "\n")
            .replacing(path + "/", with: "")
    }

    /// Where each value of a pipeline comes from.
    func effective(
        profile: String? = nil,
        environment: [String: String] = [:]
    ) -> EffectivePipeline? {
        Self.loader(environment).effective(path + "/p.yaml", profile: profile).pipeline
    }
}
