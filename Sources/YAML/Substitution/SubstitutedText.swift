/// What a scalar was before values were put in place of `${…}`.
///
/// A class, because few scalars have one and every scalar of a dictionary would pay for it.
package final class SubstitutedText: Sendable {
    /// Where a part of the text came from.
    package enum Origin: Sendable, Hashable {
        /// A variable of the environment; without a value, the default behind `:-`.
        case environment(name: String, isDefault: Bool)
        /// A secret, by the path as it is written.
        case secret(path: String)
    }

    /// The text as it stands in the file.
    package let written: String
    /// Where the parts came from, in order.
    package let origins: [Origin]
    /// The text with `${file:…}` still in it.
    package let publicText: String

    /// The secrets that are parts of the text.
    package let secrets: [String]

    init(written: String, origins: [Origin], publicText: String, secrets: [String]) {
        self.secrets = secrets
        self.written = written
        self.origins = origins
        self.publicText = publicText
    }

    /// Whether a part of the text is secret.
    package var holdsSecret: Bool {
        origins.contains { if case .secret = $0 { true } else { false } }
    }

    /// What to do where the value is wrong, without saying what it is.
    var hint: String {
        holdsSecret ? "check the file of the secret" : "check the environment variable"
    }
}
