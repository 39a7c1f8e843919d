internal import Bytes
package import YAML

/// Writes what came of tests in the place of what was expected, and nothing else: comments, order
/// and layout stay.
package struct TestBlessing: Sendable {
    /// The file's new text.
    package let bytes: [UInt8]
    /// How many expectations are written anew.
    package let count: Int
    /// Why some cannot be, a sentence each.
    package let refusals: [String]

    /// Takes the results of the tests of a file.
    package init(of results: [PipelineTestResult], in source: YAMLSource) {
        var edits: [SourceEdit] = []
        var refusals: [String] = []
        var count = 0
        for result in results {
            if let problem = result.problem {
                refusals.append("'\(result.test.name)' could not be run: \(problem)")
            }
            for mismatch in result.mismatches {
                do {
                    edits += try Self.edits(of: mismatch, in: source)
                    count += 1
                } catch {
                    let place = mismatch.place.start
                    refusals.append(
                        "line \(place.line), column \(place.column): \(error.reason)"
                    )
                }
            }
        }
        guard let bytes = SourceEdit.apply(edits, to: source.bytes) else {
            self.bytes = source.bytes
            self.count = 0
            self.refusals =
                refusals + ["an alias is expected to be two things; write the value out twice"]
            return
        }
        self.bytes = bytes
        self.count = count
        self.refusals = refusals
    }

    private struct Refusal: Error {
        let reason: String
    }

    private static func edits(
        of mismatch: Mismatch,
        in source: YAMLSource
    ) throws(Refusal) -> [SourceEdit] {
        guard let edits = mismatch.edits else {
            let isThere = mismatch.path.isEmpty && !mismatch.found.isEmpty
            throw Refusal(
                reason: isThere
                    ? "there is no such document to expect anything of"
                    : "the value comes from the environment"
            )
        }
        for edit in edits where edit.range.source.name != source.name {
            throw Refusal(
                reason: "it stands in \(edit.range.source.name), which other files may include;"
                    + " change it there by hand"
            )
        }
        for edit in edits where edit.text.contains("\\u0000") {
            throw Refusal(reason: "the text holds a NUL character, which YAML cannot")
        }
        return edits
    }
}
