internal import Bytes

/// What a plugin says is wrong with the options that a pipeline gives it.
package struct PluginDiagnostic: Sendable, Equatable {
    /// Whether the pipeline cannot run.
    package let isError: Bool
    /// Where, a JSON Pointer (RFC 6901) into the options.
    package let path: String
    /// What it is, as scripts know it.
    package let code: String
    /// What it is, in words.
    package internal(set) var message: String
    /// What to do about it.
    package internal(set) var hint: String?

    init(_ value: CBORValue) {
        isError = value["severity"]?.text != "warning"
        path = value["path"]?.text ?? ""
        let code = value["code"]?.text ?? ""
        self.code = PluginManifest.isName(code) ? code : "option"
        message = value["message"]?.text ?? "the plugin refuses the options"
        hint = value["hint"]?.text
    }

    /// The keys and indices of the path, unescaped.
    package var steps: [String] {
        path.split(separator: "/", omittingEmptySubsequences: true).map { step in
            step.split(separator: "~1", omittingEmptySubsequences: false).joined(separator: "/")
                .split(separator: "~0", omittingEmptySubsequences: false).joined(separator: "~")
        }
    }
}
