/// A check: which plugins it is for, and how it is done.
struct ConformanceCheck: Sendable {
    /// Its name, which stays the same from version to version.
    let id: String
    /// What is checked, as a sentence about the plugin.
    let title: String
    /// Where the protocol says so.
    let section: String
    /// The kinds of plugins that it is for.
    var kinds = Set(PluginManifest.Kind.allCases)
    /// The checks without which this one makes no sense.
    var needs: [String] = ["answers"]
    /// Does it; throws ``CheckFailure`` and ``PluginFault``.
    let body: @Sendable (inout ConformanceSuite) throws -> Void

    /// All checks, in the order in which they are done: a check stands behind those it needs.
    private static let all: [ConformanceCheck] =
        greetingChecks + answerChecks + documentChecks + kindChecks + disturbanceChecks
        + endingChecks
        + bystanderChecks

    /// The checks for a kind of plugins: all of them, or some with those that they need.
    static func all(of kind: PluginManifest.Kind, _ only: Set<String>) -> [ConformanceCheck] {
        let checks = all.filter { $0.kinds.contains(kind) }
        guard !only.isEmpty else { return checks }
        var wanted = only
        for check in checks.reversed() where wanted.contains(check.id) {
            wanted.formUnion(check.needs)
        }
        return checks.filter { wanted.contains($0.id) }
    }
}

/// Why a check is not passed.
enum CheckFailure: Error {
    /// The plugin does not do as it should.
    case failed(seen: String, expected: String)
    /// It cannot be asked.
    case skipped(String)
}
