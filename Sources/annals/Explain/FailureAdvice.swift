/// What to do about a failure, by its code.
enum FailureAdvice {
    /// Advice in a sentence.
    static func text(code: String, isRetryable: Bool) -> String {
        switch code {
        case "ingest.not-text":
            "convert it to UTF-8, or name its encoding: ingest: {charset: …}; if it is no text,"
                + " leave it out of ingest: from"
        case "ingest.empty": "there is nothing to read: fill it, or leave it out of ingest: from"
        case "ingest.bad-json":
            "mend the line where the excerpt stands; the next run reads it again"
        case "ingest.missing-field", "ingest.wrong-type":
            "mend the record, or name the right keys: ingest: {fields: {text: …}}"
        case "ingest.long-id": "name a shorter key: ingest: {fields: {id: …}}"
        case "ingest.repeated-key":
            "give each record a key of its own: ingest: {fields: {id: …}}, or remove the repetition"
        case "ingest.too-large": "raise ingest: {max_bytes: …}, or split the document"
        case "ingest.truncated", "ingest.bad-compression":
            "fetch the file again: what is compressed in it is damaged"
        case "ingest.missing", "ingest.no-match", "ingest.not-a-file", "ingest.unnameable":
            "put the file where ingest: from looks for it, or mend ingest: from"
        case "ingest.unreadable": "give leave to read the file; the next run reads it again"
        case "plugin.timeout":
            "give the plugin more time (needs: seconds in plugin.yaml), or take the document apart"
        case "plugin.memory":
            "give the plugin more memory (needs: memory in plugin.yaml), or split the document"
        default:
            code.hasPrefix("plugin.")
                ? "mend the plugin, or what it stumbles over in the document; then run again"
                : isRetryable
                    ? "the same input can succeed when it is tried again"
                    : "mend the input; the next run reads it again"
        }
    }

    /// The command that tries it again, if that can help.
    static func command(document: String, isRetryable: Bool) -> String? {
        isRetryable ? "annals failed retry \(quoted(document))" : nil
    }

    /// A word for a shell.
    static func quoted(_ text: String) -> String {
        let isPlain =
            !text.isEmpty
            && text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
                    || (0x61...0x7A).contains(byte) || [0x2D, 0x2E, 0x2F, 0x5F].contains(byte)
            }
        guard !isPlain else { return text }
        return "'"
            + text.split(separator: "'", omittingEmptySubsequences: false)
            .joined(separator: "'\\''") + "'"
    }
}
