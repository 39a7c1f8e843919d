package import Bytes
internal import Pipeline
internal import Synchronization
package import YAML

/// A plugin as a pipeline names it: which one, with what options, within what limits.
package struct PluginReference: Sendable {
    package let manifest: PluginManifest
    /// The options, defaults filled in.
    package let options: CBORValue
    /// The options with the names of secrets in place of what they are.
    private let publicOptions: CBORValue
    /// What of the options must neither be shown nor logged.
    private let mask: SecretMask
    /// The digest of the plugin's folder.
    package let digest: PluginDigest
    /// Where `plugins.lock` lies.
    private let pipelineFolder: String
    /// Whether its answers are recorded and taken from the log ever after.
    package let keepsAnswers: Bool
    /// The folder that is an exporter's or a projection's from run to run.
    package let folder: String?
    let limits: PluginPool.Limits
    let grants: PluginWalls.Grants
    /// Where the options stand, or the plugin's name where there are none.
    private let place: Node
    private let log: StageContext.Log

    init(
        _ manifest: PluginManifest,
        options: CBORValue,
        publicOptions: CBORValue,
        digest: PluginDigest,
        pipelineFolder: String,
        settings: PluginSettings,
        log: @escaping StageContext.Log
    ) {
        self.manifest = manifest
        self.options = options
        self.publicOptions = publicOptions
        mask = SecretMask(settings.options?.secrets ?? [])
        self.digest = digest
        self.pipelineFolder = pipelineFolder
        keepsAnswers = manifest.determinism == .recorded || settings.keepsAnswers
        folder = settings.folder
        limits = settings.limits
        grants = settings.grants
        place = settings.options ?? settings.place
        self.log = log
    }

    /// What determines the plugin's answers: its folder's digest, its name, version and
    /// options; not what secrets are, for another key to the same service gives the same answers.
    package var fingerprint: String {
        let value = CBORValue.map([
            CBORValue.Pair("digest", .text(digest.description)),
            CBORValue.Pair("name", .text(manifest.name)),
            CBORValue.Pair("options", publicOptions),
            CBORValue.Pair("version", .text(manifest.version)),
        ])
        return SHA256.hash(value.encoded.span).description
    }

    /// Its processes, started when they are needed; `folder` is what it keeps, if it is not the
    /// pipeline's to say.
    func pool(keeping folder: String? = nil) -> PluginPool {
        let scratches = Mutex<[Int: String]>([:])
        let (manifest, grants, kept) = (manifest, grants, folder ?? self.folder)
        return PluginPool(
            manifest,
            options: options,
            limits: limits,
            mask: mask,
            program: { instance throws(PluginFault) in
                let scratch = try Scratch.make(for: manifest.name)
                scratches.withLock { scratches in
                    if let last = scratches.updateValue(scratch, forKey: instance) {
                        Scratch.remove(last)
                    }
                }
                return try PluginWalls.program(
                    of: manifest,
                    scratch: scratch,
                    keeping: kept,
                    grants
                )
            },
            log: lines,
            onEnd: {
                scratches.withLock { scratches in
                    for scratch in scratches.values { Scratch.remove(scratch) }
                    scratches = [:]
                }
            }
        )
    }

    private var lines: @Sendable (PluginLogLine) -> Void {
        { [log, mask] line in
            log("plugin " + line.plugin, line.level, mask.masked(cut: line.text))
        }
    }

    /// A process that shook hands.
    func session(scratch: String, keeping folder: String?) throws(PluginFault) -> PluginSession {
        let program = try PluginWalls.program(
            of: manifest,
            scratch: scratch,
            keeping: folder,
            grants
        )
        return try PluginSession.begin(manifest, program, log: lines)
    }

    /// Holds the plugin against the lock, then asks it what is wrong with its options.
    package func check() -> [Diagnostic] {
        let problem = lockProblem()
        guard problem?.severity != .error else { return [problem].compactMap(\.self) }
        return [problem].compactMap(\.self) + said()
    }

    /// How the plugin differs from what `plugins.lock` says of it.
    package func lockProblem() -> Diagnostic? {
        do throws(YAMLErrors) {
            let lock = try PluginLock.read(pipelineFolder)
            guard let problem = PluginLock.problem(lock, manifest, digest) else { return nil }
            return Diagnostic(
                problem.isError ? .error : .warning,
                code: problem.code,
                problem.message,
                at: place.range,
                hint: problem.hint(place.range.source.name)
            )
        } catch {
            return error.diagnostics.first
        }
    }

    private func said() -> [Diagnostic] {
        do throws(PluginFault) {
            let scratch = try Scratch.make(for: manifest.name)
            defer { Scratch.remove(scratch) }
            var session = try session(scratch: scratch, keeping: nil)
            let found = try session.validate(options)
            _ = session.shutDown()
            return found.map { diagnostic(mask.masked($0)) }
        } catch {
            return [
                Diagnostic(
                    .error,
                    code: error.code.rawValue,
                    "plugin \(manifest.name): \(mask.masked(error.message))",
                    at: place.range
                )
            ]
        }
    }

    private func diagnostic(_ said: PluginDiagnostic) -> Diagnostic {
        var node = place
        var rest = said.steps
        while let step = rest.first, let next = Self.step(step, into: node) {
            node = next
            rest.removeFirst()
        }
        let path = said.steps.joined(separator: "/")
        let name = path.isEmpty ? "" : " '\(path)':"
        return Diagnostic(
            said.isError ? .error : .warning,
            code: "plugin:\(manifest.name)/\(said.code)",
            "plugin \(manifest.name):\(name) \(said.message)",
            at: node.range,
            hint: said.hint
        )
    }

    private static func step(_ step: String, into node: Node) -> Node? {
        if let items = node.sequence {
            return Int(step).flatMap { items.indices.contains($0) ? items[$0] : nil }
        }
        return node[step]
    }
}
