/// What is wrong with substitutions, in words.
extension TreeSubstitution {
    mutating func reportUnset(_ name: String, at range: SourceRange) {
        let similar = Suggestion.nearest(to: name, among: environment.keys.sorted())
        diagnostics.add(
            Diagnostic(
                code: YAMLCode.environmentUnset,
                "the environment variable \(name) is not set",
                at: range,
                expected: "a value of \(name)",
                found: "no such variable",
                hint: similar.map { "did you mean \($0)?" }
                    ?? "set it, or give a default: ${env:\(name):-default}",
            )
        )
    }

    mutating func reportMisplaced(_ written: String, at range: SourceRange) {
        diagnostics.add(
            Diagnostic(
                code: YAMLCode.secretPlace,
                "a secret may stand only in the options of a plugin",
                at: range,
                expected: "a value that may be shown",
                found: DisplayText.clipped(written),
                hint: "use ${env:NAME} for what is no secret",
            )
        )
    }

    mutating func reportSecret(
        _ written: String,
        _ refusal: SecretFiles.Refusal,
        at range: SourceRange,
    ) {
        diagnostics.add(
            Diagnostic(
                code: YAMLCode.secretUnreadable,
                "\(DisplayText.clipped(written)) cannot be read: \(refusal.found)",
                at: range,
                expected: "a file that holds a secret",
                found: refusal.found,
                hint: refusal.hint,
            )
        )
    }

    mutating func reportOpen(_ path: String, at range: SourceRange) {
        diagnostics.add(
            Diagnostic(
                .warning,
                code: YAMLCode.secretOpen,
                "everybody on this machine can read the secret \(DisplayText.quoted(path))",
                at: range,
                expected: "a file that only its owner can read",
                found: "a file that all can read",
                hint: "chmod 600 \(DisplayText.clipped(path))",
            )
        )
    }

    mutating func reportShort(_ path: String, at range: SourceRange) {
        diagnostics.add(
            Diagnostic(
                .warning,
                code: YAMLCode.secretShort,
                "the secret \(DisplayText.quoted(path)) is too short to be told from other text",
                at: range,
                expected: "at least \(SecretFiles.maskedBytesMin) bytes",
                found: "fewer",
                hint: "take care: where it turns up in output, it is not masked",
            )
        )
    }

    mutating func reportParameter(_ written: String, at range: SourceRange) {
        diagnostics.add(
            Diagnostic(
                code: YAMLCode.substitutionParameter,
                "\(DisplayText.quoted(written)) stands outside of a template",
                at: range,
                expected: "${env:NAME}, ${env:NAME:-default} or ${file:PATH}",
                found: DisplayText.quoted(written),
                hint: "parameters have values only in the stages of a template",
            )
        )
    }

    mutating func reportMalformed(_ written: String, at range: SourceRange) {
        diagnostics.add(
            Diagnostic(
                code: YAMLCode.substitution,
                "\(DisplayText.quoted(written)) is not a substitution",
                at: range,
                expected: "${env:NAME}, ${env:NAME:-default} or ${file:PATH}",
                found: DisplayText.quoted(written),
                hint: "write $${ for a literal ${",
            )
        )
    }
}
