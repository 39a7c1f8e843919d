package import Pipeline
internal import YAML

extension DeduplicateStage {
    /// `deduplicate` in a pipeline.
    package static let kind = StageKind(
        name: "deduplicate",
        summary: "finds documents that repeat an earlier one, exactly or nearly",
        version: 1,
        decisionOptions: ["exact", "near/threshold"]
    ) { node, context in
        let errors = context.diagnostics.errors.count
        let options = FieldReader.read(
            node,
            context: "stage deduplicate",
            into: &context.diagnostics
        ) { reader in
            var options = DeduplicateOptions()
            options.exact = reader.bool("exact", default: true)
            options.near = readNear(&reader, into: &options)
            return options
        }
        guard context.diagnostics.errors.count == errors else { return nil }
        return DeduplicateStage(name: context.name, number: context.number, options: options)
    }

    /// `near: false`, or its options; near-duplicates are looked for unless it says no.
    private static func readNear(
        _ reader: inout FieldReader,
        into options: inout DeduplicateOptions
    ) -> Bool {
        let node = reader.optionalNode("near", like: .bool)
        if node?.text == "false" { return false }
        if node?.text == "true" { return true }
        var read = options
        reader.mappingOrDefaults("near") { near in
            read.threshold = near.double("threshold", in: 0.1...1, default: 0.8)
            read.shingleWords = near.quantity("shingle", unit: "words", in: 1...32, default: 5)
            read.permutations = near.integer("permutations", in: 16...1024, default: 128)
        }
        options = read
        return true
    }
}
