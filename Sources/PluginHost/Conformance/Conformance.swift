package import Bytes

/// Puts a plugin through the protocol: what a host may ask of it, and what hosts come across.
///
/// A check that fails shows what was seen and what the protocol says. A plugin that hangs, floods or
/// dies fails the check that it did it in, and is started anew for the next one.
package enum Conformance {
    /// How the suite is run.
    package struct Settings: Sendable {
        /// Options of the plugin, beside the defaults of its schema.
        package var options: [CBORValue.Pair] = []
        /// Whether it is granted the network and the folders that its manifest asks for.
        package var isGranted = false
        /// The checks to do, beside those that they need; all if there is none.
        package var only: Set<String> = []

        /// The settings that suit most plugins.
        package init() {}
    }

    /// What came of a check.
    package enum Outcome: Sendable, Equatable {
        /// The plugin does as it should.
        case passed
        /// It does not: what was seen, and what the protocol says.
        case failed(seen: String, expected: String)
        /// It could not be asked, and why.
        case skipped(String)

        /// Whether it is a failure.
        package var isFailure: Bool { if case .failed = self { true } else { false } }
    }

    /// A check that was done.
    package struct Result: Sendable {
        /// The check's name, which stays the same from version to version.
        package let id: String
        /// What is checked, as a sentence about the plugin.
        package let title: String
        /// Where the protocol says so, such as `§4`.
        package let section: String
        /// What came of it.
        package let outcome: Outcome
        /// How long it took.
        package let seconds: Double
    }

    /// The checks that a plugin of a kind is put through, by name.
    package static func checks(of kind: PluginManifest.Kind) -> [String] {
        ConformanceCheck.all(of: kind, []).map(\.id)
    }

    /// Puts a plugin through the checks of its kind; `show` is told of each.
    package static func run(
        _ manifest: PluginManifest,
        _ settings: Settings = Settings(),
        show: (Result) -> Void = { _ in }
    ) -> [Result] {
        var suite = ConformanceSuite(ProbedPlugin(manifest: manifest, settings: settings))
        var results: [Result] = []
        var failed: Set<String> = []
        for check in ConformanceCheck.all(of: manifest.kind, settings.only) {
            let start = PluginChannel.now
            let outcome: Outcome
            if let cause = check.needs.first(where: failed.contains) {
                outcome = .skipped("it needs '\(cause)'")
            } else {
                outcome = suite.outcome(of: check)
            }
            // What was not done tells nothing to those that need it either.
            if outcome.isFailure || check.needs.contains(where: failed.contains) {
                failed.insert(check.id)
            }
            let result = Result(
                id: check.id,
                title: check.title,
                section: check.section,
                outcome: outcome,
                seconds: Double(PluginChannel.now - start) / 1e9
            )
            show(result)
            results.append(result)
        }
        return results
    }

    /// The options that a pipeline must give the plugin: they have no default.
    package static func missingOptions(
        _ manifest: PluginManifest,
        _ settings: Settings = Settings()
    ) -> [String] {
        ProbedPlugin(manifest: manifest, settings: settings).missingOptions
    }

    /// What a plugin says of itself and of its defaults: `annals plugin check`.
    ///
    /// Starts it, shakes hands and sends `validate`, unless the pipeline must give options.
    package static func greet(
        _ manifest: PluginManifest,
        _ settings: Settings = Settings()
    ) throws(PluginFault) -> [PluginDiagnostic] {
        let plugin = ProbedPlugin(manifest: manifest, settings: settings)
        let folder = try ScratchFolder(manifest.name)
        let program = try plugin.program(folder.path, isSandboxed: ProbedPlugin.hasWalls)
        var session = try PluginSession.begin(manifest, program) { _ in }
        var diagnostics: [PluginDiagnostic] = []
        if plugin.missingOptions.isEmpty {
            diagnostics = try session.validate(plugin.options)
        }
        _ = session.shutDown()
        return diagnostics
    }
}
