internal import Bytes
internal import Events
internal import YAML

/// Hashes everything that determines a stage's result.
enum StageFingerprinter {
    /// SHA-256, in hexadecimal, over kind, version, options and the digests of resource files.
    ///
    /// Options count as trees: comments, order of keys and way of quoting do not matter. Of a
    /// secret its path counts, never what it is: another key to the same service does the same
    /// work, and nothing about it can be guessed from the log.
    static func fingerprint(
        of kind: StageKind,
        named name: String,
        options: Node,
        context: StageContext
    ) -> PipelineDefined.StageFingerprint {
        PipelineDefined.StageFingerprint(
            stage: name,
            fingerprint: digest(kind, options, kind.incidentalOptions, context),
            measurement: digest(
                kind,
                options,
                kind.incidentalOptions.union(kind.decisionOptions),
                context
            ),
            resources: context.resources
        )
    }

    private static func digest(
        _ kind: StageKind,
        _ options: Node,
        _ paths: Set<String>,
        _ context: StageContext
    ) -> String {
        let value = CBORValue.map([
            CBORValue.Pair("kind", .text(kind.name)),
            CBORValue.Pair("options", tree(options, without: paths)),
            CBORValue.Pair("version", .integer(kind.version)),
            CBORValue.Pair("resources", .array(context.resourceDigests.map { .text($0) })),
        ])
        return SHA256.hash(value.encoded.span).description
    }

    /// A tree as a value, without the options of some paths.
    static func tree(
        _ node: Node,
        below path: String = "",
        without paths: Set<String> = []
    ) -> CBORValue {
        switch node.kind {
        case .scalar(let scalar): .text(scalar.publicText)
        case .sequence(let items): .array(items.map { tree($0, below: path, without: paths) })
        case .mapping(let mapping):
            .map(
                mapping.entries.compactMap { entry in
                    let key = entry.key.text ?? ""
                    let place = path + key
                    guard !paths.contains(place) else { return nil }
                    let value = tree(entry.value, below: place + "/", without: paths)
                    return CBORValue.Pair(key, value)
                }
            )
        }
    }
}
