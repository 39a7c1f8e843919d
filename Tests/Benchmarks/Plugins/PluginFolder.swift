internal import Glibc
internal import Pipeline
internal import PluginHost
internal import YAML

/// A folder with a plugin, for as long as it is measured.
final class PluginFolder {
    private let path: String

    struct Failure: Error {
        let reason: String
    }

    init(program: String, _ encoding: String, _ documentsPerBatch: Int) throws {
        var template = Array("/tmp/annals-bench-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil, let real = unsafe realpath(program, nil) else {
            throw Failure(reason: "there is no \(program), or no room for a folder")
        }
        defer { unsafe free(real) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        unsafe mkdir(path + "/plugins", 0o700)
        unsafe mkdir(path + "/plugins/empty", 0o700)
        let manifest = """
            plugin: empty
            version: 1.0.0
            protocol: 1
            kind: enrich
            command: ['\(unsafe String(cString: real))', \(encoding), '\(documentsPerBatch)']
            determinism: pure
            needs: {batch: \(documentsPerBatch)}

            """
        guard let file = unsafe fopen(path + "/plugins/empty/plugin.yaml", "w") else {
            throw Failure(reason: "the manifest cannot be written")
        }
        unsafe fputs(manifest, file)
        unsafe fclose(file)
    }

    deinit {
        unsafe unlink(path + "/plugins/empty/plugin.yaml")
        for folder in ["/plugins/empty", "/plugins", ""] { unsafe rmdir(path + folder) }
    }

    /// The stage as a pipeline has it; without walls, which cost the host nothing: the package
    /// manager links even C with Swift's libraries, which may lie where no plugin reads.
    func stage() throws -> any Stage {
        let source = YAMLSource(
            name: "pipeline.yaml",
            text: "{name: empty, instances: 1, sandbox: off}"
        )
        let node = try YAMLParser.parse(source)
        var context = StageContext(
            name: "plugin",
            number: 1,
            folder: path,
            diagnostics: DiagnosticBag(),
            log: { _, _, text in print("plugin: \(text)") }
        )
        guard let stage = PluginStage.kind.build(node, &context) else {
            throw Failure(reason: "the stage cannot be built: \(context.diagnostics)")
        }
        return stage
    }
}
