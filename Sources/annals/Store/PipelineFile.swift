internal import Bytes
internal import Glibc
internal import Pipeline
internal import Stages
internal import YAML

/// Reads pipeline files for commands.
enum PipelineFile {
    /// The loader with all stages that are installed.
    static var loader: PipelineLoader {
        PipelineLoader(
            kinds: BuiltInStages.kinds,
            environment: environment,
            log: log,
            checkingProjections: { projections, folder in
                projections.flatMap { projection in
                    projection.kind == .plugin
                        ? PluginProjections.diagnostics(of: projection, in: folder)
                        : projection.diagnostics
                }
            }
        )
    }

    /// A line of the run's log, marked with who wrote it; what it holds is untrusted.
    @Sendable
    static func log(_ source: String, _ level: String?, _ text: String) {
        let level = level.map { " \(TerminalText.escaped($0)):" } ?? ":"
        Console.error("\(source)\(level) \(TerminalText.escaped(text))\n")
    }

    /// The pipeline of a file, after its stages were asked what only trying can tell.
    static func loadToRun(_ path: String) async throws -> PipelineDefinition {
        let pipeline = try load(path)
        // That a plugin is not locked yet is for check to say.
        let found = await Self.found(in: pipeline).filter { $0.code != "plugin.unlocked" }
        for diagnostic in found { show(diagnostic) }
        guard !found.contains(where: { $0.severity == .error }) else { throw Failure(.badData) }
        return pipeline
    }

    /// A pipeline, and everything that is wrong with it.
    static func check(_ path: String) async -> PipelineLoader.Result {
        let result = loader.load(path)
        guard let pipeline = result.pipeline else { return result }
        let found = await found(in: pipeline)
        let isSound = !found.contains { $0.severity == .error }
        return PipelineLoader.Result(
            pipeline: isSound ? pipeline : nil,
            diagnostics: result.diagnostics + found
        )
    }

    /// What its stages say is wrong with a pipeline.
    private static func found(in pipeline: PipelineDefinition) async -> [Diagnostic] {
        var found: [Diagnostic] = []
        for stage in pipeline.stages {
            found += await stage.check()
        }
        for projection in pipeline.projections {
            found += PluginProjections.check(projection, in: pipeline.folder)
        }
        return found
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
