package import Pipeline
internal import YAML

/// `export` in a pipeline: the format is told by the file's ending.
package enum ExportKind {
    private static let formats = ["jsonl", "csv"]

    /// Declares the stage.
    package static let kind = StageKind(
        name: "export",
        summary: "writes documents with their annotations into a file, each exactly once",
        version: 1
    ) { node, context in
        let annotators = context.annotators
        let name = context.name
        let number = context.number
        let errors = context.diagnostics.errors.count
        let stage = FieldReader.read(node, context: "stage export", into: &context.diagnostics) {
            reader -> (any Stage)? in
            let path = reader.string("to")
            let escapes = reader.bool("spreadsheet_safe", default: true)
            guard let target = reader.optionalNode("to"), !path.isEmpty else { return nil }
            if let reason = escape(path) {
                reader.error(
                    "export.path",
                    "'\(path)' \(reason)",
                    at: target,
                    hint: "exports lie below the working folder, such as out/leaders.jsonl"
                )
            }
            switch ending(of: path) {
            case "jsonl": return JSONLExport(name: name, number: number, path: path)
            case "csv":
                return CSVExport(
                    name: name,
                    number: number,
                    path: path,
                    annotators: annotators,
                    isSpreadsheetSafe: escapes
                )
            default:
                reader.error(
                    "export.format",
                    "'\(path)' ends in no format that can be written",
                    at: target,
                    expected: formats.map { "." + $0 }.joined(separator: " or "),
                    hint: "end the name in " + formats.map { "." + $0 }.joined(separator: " or ")
                )
                return nil
            }
        }
        if stage is CSVExport {
            // They are its columns.
            for annotator in annotators { context.dependsOn(digest: annotator) }
        }
        return context.diagnostics.errors.count == errors ? stage : nil
    }

    private static func ending(of path: String) -> String {
        let parts = (path.split(separator: "/").last ?? "").split(
            separator: ".",
            omittingEmptySubsequences: false
        )
        return parts.count > 1 ? parts.last.map(String.init) ?? "" : ""
    }

    /// Why a path may lead out of the working folder, or nil (invariant 8).
    private static func escape(_ path: String) -> String? {
        if path.hasSuffix("/") { return "names a folder, not a file" }
        if path.utf8.contains(0) { return "holds a NUL character" }
        if path.split(separator: "/").contains("..") { return "leads out of the working folder" }
        return nil
    }
}
