/// Checks every byte of a store, without a lock.
package enum LogVerifier {
    /// Reads everything: checksums, contents, chain, footers, join blocks, HEAD.
    ///
    /// Damage is in the report; an error means that the check itself could not be made. Up to
    /// `jobs` segments are checked at a time, each with memory for its largest batch; the report
    /// does not depend on it. `progress` is called now and then, from one thread at a time, and
    /// at the end.
    package static func verify(
        _ directory: String,
        storage: any LogStorage = POSIXStorage(),
        jobs: Int = 1,
        progress: (@Sendable (VerifyProgress) -> Void)? = nil
    ) throws(LogError) -> VerifyReport {
        guard
            let identity = try StoreIdentity.read(directory, storage: storage, writing: false)
        else {
            throw LogError(
                .notAStore,
                path: directory,
                expected: "a store",
                found: "no STORE file"
            )
        }
        var verification = StoreVerification(
            search: DurableEndSearch(
                directory: directory,
                storeID: identity.id,
                storage: storage
            )
        )
        try verification.run(jobs: jobs, progress: progress)
        return verification.report
    }
}
