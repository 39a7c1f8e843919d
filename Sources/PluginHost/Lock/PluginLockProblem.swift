internal import YAML

/// How a plugin differs from what was locked.
package struct PluginLockProblem: Sendable, Equatable {
    /// In what it differs.
    package enum Kind: Sendable, Equatable {
        /// The folder has no lock file.
        case noLock
        /// The lock file does not have the plugin.
        case notLocked
        /// It has another version of it.
        case otherVersion(locked: String)
        /// It has the same version, of another content.
        case otherDigest(locked: PluginDigest)
    }

    /// In what it differs.
    package let kind: Kind
    /// The plugin's name.
    package let plugin: String
    /// The version that is there.
    package let version: String
    /// The digest of what is there.
    package let digest: PluginDigest

    /// Whether a pipeline may not run so; else it is a warning of `annals check`.
    package var isError: Bool { kind != .noLock }

    /// What it is, as scripts know it.
    package var code: String {
        switch kind {
        case .noLock: "plugin.unlocked"
        case .notLocked: "plugin.not-locked"
        case .otherVersion: "plugin.other-version"
        case .otherDigest: "plugin.changed"
        }
    }

    /// What it is, in words.
    package var message: String {
        switch kind {
        case .noLock: "plugin \(plugin) is not locked: there is no \(PluginLock.fileName)"
        case .notLocked: "plugin \(plugin) is not in \(PluginLock.fileName)"
        case .otherVersion(let locked):
            "plugin \(plugin) is version \(version); \(PluginLock.fileName) has version \(locked)"
        case .otherDigest(let locked):
            "plugin \(plugin) has changed since version \(version) was locked: its digest is"
                + " \(digest.short)…, \(PluginLock.fileName) has \(locked.short)…"
        }
    }

    /// What to do about it.
    package func hint(_ pipeline: String) -> String {
        let command = "annals plugin lock \(pipeline)"
        return switch kind {
        case .noLock: "\(command) pins the plugins that the pipeline runs"
        case .notLocked: "if it is to run, \(command) adds it"
        case .otherVersion, .otherDigest:
            "look at what changed; if that is right, \(command) accepts it"
        }
    }
}

extension PluginLock {
    /// How a plugin differs from what is locked; nil if it does not.
    package func problem(
        with manifest: PluginManifest,
        digest: PluginDigest
    ) -> PluginLockProblem? {
        let kind: PluginLockProblem.Kind
        switch plugins[manifest.name] {
        case nil: kind = .notLocked
        case .some(let entry) where entry.version != manifest.version:
            kind = .otherVersion(locked: entry.version)
        case .some(let entry) where entry.digest != digest:
            kind = .otherDigest(locked: entry.digest)
        case .some: return nil
        }
        return PluginLockProblem(
            kind: kind,
            plugin: manifest.name,
            version: manifest.version,
            digest: digest
        )
    }

    /// How a plugin differs from a lock that may not be there.
    package static func problem(
        _ lock: PluginLock?,
        _ manifest: PluginManifest,
        _ digest: PluginDigest
    ) -> PluginLockProblem? {
        if let lock { return lock.problem(with: manifest, digest: digest) }
        return PluginLockProblem(
            kind: .noLock,
            plugin: manifest.name,
            version: manifest.version,
            digest: digest
        )
    }
}
