package import YAML

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

    /// Holds a plugin that a pipeline names to the lock of the pipeline's folder.
    ///
    /// What a stage is built with: reports at the place where the pipeline names the plugin.
    ///
    /// - Parameters:
    ///   - manifest: the plugin that was found.
    ///   - folder: the pipeline file's folder, "" for the working folder.
    ///   - node: where the pipeline names the plugin.
    ///   - diagnostics: takes what is wrong: an error, or a warning where there is no lock.
    /// - Returns: the plugin's digest, a part of the stage's fingerprint; nil after an error.
    package static func check(
        _ manifest: PluginManifest,
        pipelineFolder folder: String,
        at node: Node,
        into diagnostics: inout DiagnosticBag
    ) -> PluginDigest? {
        let digest: PluginDigest
        let lock: PluginLock?
        do throws(PluginLockError) {
            digest = try PluginDigest.of(manifest.folder)
        } catch {
            diagnostics.error(
                error.code.rawValue,
                "plugin \(manifest.name) has no digest: \(error)",
                at: node,
                hint: "make its files readable"
            )
            return nil
        }
        do throws(YAMLErrors) {
            lock = try read(folder)
        } catch {
            diagnostics.add(error)
            return nil
        }
        guard let problem = problem(lock, manifest, digest) else { return digest }
        let hint = problem.hint(node.range.source.name)
        if problem.isError {
            diagnostics.error(problem.code, problem.message, at: node, hint: hint)
            return nil
        }
        diagnostics.warning(problem.code, problem.message, at: node, hint: hint)
        return digest
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
