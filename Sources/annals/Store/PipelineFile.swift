internal import Glibc
internal import Pipeline
internal import PluginHost
internal import Stages
internal import YAML

/// Reads pipeline files for commands.
enum PipelineFile {
    /// The loader with all stages that are installed.
    static var loader: PipelineLoader {
        PipelineLoader(
            kinds: BuiltInStages.kinds + [PluginStage.kind { PluginLog.write($0) }],
            environment: environment,
            checkingProjections: { projections in
                projections.flatMap { StoreProjections.diagnostics(of: $0) }
            }
        )
    }

    /// The pipeline of a file; every error is printed before it throws.
    static func load(_ path: String) throws -> PipelineDefinition {
        let result = loader.load(path)
        for diagnostic in result.diagnostics { show(diagnostic) }
        guard let pipeline = result.pipeline else {
            throw Failure(isMissing(path, result) ? .noInput : .badData)
        }
        return pipeline
    }

    /// The folder of a pipeline's file; "" is the working folder.
    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "" }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Whether nothing came of a file because it cannot be read.
    static func isMissing(_ path: String, _ result: PipelineLoader.Result) -> Bool {
        result.diagnostics.contains { $0.code == YAMLCode.unreadable && $0.file == path }
    }

    /// Prints a diagnostic.
    static func show(_ diagnostic: Diagnostic) {
        Console.error(diagnostic.rendered(color: Console.isErrorColored) + "\n")
    }

    /// What `${env:NAME}` stands for.
    static var environment: [String: String] {
        var variables: [String: String] = [:]
        var entry = unsafe environ
        while let text = unsafe entry.pointee {
            let pair = unsafe String(cString: text)
            if let equals = pair.firstIndex(of: "=") {
                variables[String(pair[..<equals])] = String(pair[pair.index(after: equals)...])
            }
            unsafe entry += 1
        }
        return variables
    }
}
