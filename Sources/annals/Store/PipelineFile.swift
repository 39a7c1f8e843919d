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
    static func loadToRun(
        _ path: String,
        profile: String? = nil
    ) async throws -> PipelineDefinition {
        try await toRun(read(path, profile: profile), path)
    }

    /// The pipeline that a file was read as, after its stages were asked what only trying can tell;
    /// quietly, only errors are printed.
    static func toRun(
        _ result: PipelineLoader.Result,
        _ path: String,
        quietly: Bool = false
    ) async throws -> PipelineDefinition {
        let pipeline = try sound(result, path, quietly: quietly)
        // That a plugin is not locked yet is for check to say.
        let found = await Self.found(in: pipeline).filter { $0.code != "plugin.unlocked" }
        for diagnostic in found where !quietly || diagnostic.severity == .error {
            show(diagnostic)
        }
        guard !found.contains(where: { $0.severity == .error }) else { throw Failure(.badData) }
        return pipeline
    }

    /// A pipeline, and everything that is wrong with it.
    ///
    /// If no profile is chosen, all of them are looked at.
    static func check(_ path: String, profile: String? = nil) async -> PipelineLoader.Result {
        let result = await tried(read(path, profile: profile))
        guard chosen(profile) == nil else { return result }
        var diagnostics = result.diagnostics
        var isSound = true
        for name in result.profiles {
            let other = read(path, profile: name.text)
            isSound = isSound && other.pipeline != nil
            let note = Diagnostic.Note("so it is with this profile", at: name.range)
            for diagnostic in other.diagnostics
            where !diagnostics.contains(where: { $0.says(same: diagnostic) }) {
                diagnostics.append(diagnostic.with(note))
            }
        }
        return PipelineLoader.Result(
            pipeline: isSound ? result.pipeline : nil,
            diagnostics: diagnostics,
            secrets: result.secrets,
            profiles: result.profiles
        )
    }

    /// A pipeline as it takes effect, and everything that is wrong with it.
    static func effective(
        _ path: String,
        profile: String?
    ) async -> (result: PipelineLoader.Result, pipeline: EffectivePipeline?) {
        let (result, pipeline) = loader.effective(path, profile: chosen(profile))
        Console.mask(result.secrets)
        return (await tried(result), pipeline)
    }

    /// The projections that a definition in the log declares; its secrets are masked from here on.
    static func projections(in yaml: String, folder: String) -> [DeclaredProjection] {
        var secrets = SecretFiles()
        defer { Console.mask(secrets.values) }
        return PipelineLoader.projections(
            in: yaml,
            folder: folder,
            environment: environment,
            secrets: &secrets
        )
    }

    /// What came of a file, with what only trying can tell.
    private static func tried(_ result: PipelineLoader.Result) async -> PipelineLoader.Result {
        guard let pipeline = result.pipeline else { return result }
        let found = await found(in: pipeline)
        let isSound = !found.contains { $0.severity == .error }
        return PipelineLoader.Result(
            pipeline: isSound ? pipeline : nil,
            diagnostics: result.diagnostics + found,
            secrets: result.secrets,
            profiles: result.profiles
        )
    }

    /// What came of a file; from here on nothing that is printed holds one of its secrets.
    static func read(_ path: String, profile: String?) -> PipelineLoader.Result {
        let result = loader.load(path, profile: chosen(profile))
        Console.mask(result.secrets)
        return result
    }

    /// The profile to lay over a pipeline: the one that was named, or that of the environment.
    static func chosen(_ profile: String?) -> String? {
        let standard = environment["ANNALS_PROFILE"].flatMap { $0.isEmpty ? nil : $0 }
        return profile ?? standard
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
    static func load(_ path: String, profile: String? = nil) throws -> PipelineDefinition {
        try sound(read(path, profile: profile), path)
    }

    private static func sound(
        _ result: PipelineLoader.Result,
        _ path: String,
        quietly: Bool = false
    ) throws -> PipelineDefinition {
        for diagnostic in result.diagnostics where !quietly || diagnostic.severity == .error {
            show(diagnostic)
        }
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

extension Diagnostic {
    /// Whether another says the same of the same place.
    fileprivate func says(same other: Diagnostic) -> Bool {
        code == other.code && message == other.message && file == other.file
            && range?.start == other.range?.start
    }
}
