/// Checks every byte of a store, without a lock.
package enum LogVerifier {
    /// Reads everything: checksums, contents, chain, footers, join blocks, HEAD.
    ///
    /// Damage is in the report; an error means that the check itself could not be made.
    package static func verify(
        _ directory: String,
        storage: any LogStorage = POSIXStorage()
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
        try verification.run()
        return verification.report
    }
}
