package import Bytes
package import EventLog

/// Whether a live projection is what the log says.
package struct ProjectionCheck: Sendable, Hashable {
    /// Its name.
    package let projection: String
    /// The position up to which it is complete; nil if it cannot be trusted at all.
    package let position: EventPosition?
    /// The digest of its contents; nil if it cannot be read.
    package let digest: SHA256Digest?
    /// What is wrong with it; nil if it equals what the log gives.
    package let fault: String?
}

extension ProjectionEngine {
    /// Folds the log again up to where a live projection is, and compares the digests.
    ///
    /// What is folded goes into a file without a name and is gone afterwards; nothing is repaired.
    ///
    /// - Returns: what was found; nil if the projection was never built.
    /// - Throws: ``LogError`` or ``ProjectionError`` if the log cannot be folded.
    package func check(_ declaration: ProjectionDeclaration) throws -> ProjectionCheck? {
        guard ProjectionFolder.exists(folder.live(declaration.name)) else { return nil }
        if try isOfOtherOptions(declaration) { return nil }
        let live: ProjectionView
        let digest: SHA256Digest
        let leftOut: [SetAsideEvent]
        do {
            live = try view(declaration)
            digest = try live.digest()
            leftOut = try live.leftOut()
        } catch let error as ProjectionError {
            guard error.code == .notBuilt || error.code == .damaged else { throw error }
            return ProjectionCheck(
                projection: declaration.name,
                position: nil,
                digest: nil,
                fault: error.found
            )
        }
        let rebuilt = try build(
            declaration,
            until: live.position,
            Self.policy(thatLeftOut: leftOut)
        )
        let isSame = try rebuilt.digest() == digest
        return ProjectionCheck(
            projection: declaration.name,
            position: live.position,
            digest: digest,
            fault: isSame ? nil : "other contents than the log gives"
        )
    }

    /// Whether the file of a projection was made for another declaration of its name, as one that a
    /// pipeline file has by now and no run has recorded: it is no answer to this one.
    private func isOfOtherOptions(_ declaration: ProjectionDeclaration) throws -> Bool {
        guard
            let database = try? ProjectionDatabase(folder.live(declaration.name), for: .read),
            let checkpoint = try? database.read({ try Checkpoint($0) })
        else { return false }
        return checkpoint.options != declaration.projection.options
    }

    /// Forgets all projections of the store: the next question builds them from the log.
    ///
    /// For a log whose history has changed under them, as a repair does.
    package func discardAll() throws {
        guard ProjectionFolder.exists(folder.path) else { return }
        let lock = try folder.lockForCatchUp()
        defer { _ = lock }
        try folder.discardAll()
    }

    /// The policy by which a projection came to leave these events out.
    private static func policy(thatLeftOut events: [SetAsideEvent]) -> PoisonPolicy {
        guard let first = events.first else { return .stop }
        return PoisonPolicy(first.isParked ? .park : .skip, limit: events.count)
    }
}
