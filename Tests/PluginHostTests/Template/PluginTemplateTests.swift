import Glibc
import Testing

@testable import PluginHost

/// What `annals plugin new` makes.
@Suite("A new plugin")
struct PluginTemplateTests {
    private func make(
        _ kind: PluginManifest.Kind,
        _ language: PluginTemplate.Language
    ) throws -> (folder: PluginFolder, manifest: PluginManifest) {
        let folder = try PluginFolder()
        _ = try PluginTemplate("new-one", kind: kind, language: language).make(in: folder.path)
        return (folder, try PluginFolder.manifest(of: folder.path + "/new-one"))
    }

    @Test(
        "in Python is conformant, and passes its own tests",
        arguments: PluginManifest.Kind.allCases
    )
    func python(kind: PluginManifest.Kind) throws {
        let (folder, manifest) = try make(kind, .python)
        expectConformance(of: manifest)
        let tests = "cd '\(folder.path)/new-one' && python3 -m unittest discover -q -s tests"
        let status = Shell.run("\(tests) > ../log 2>&1")
        let log = try folder.read("log")
        #expect(status == 0, "\(log)")
    }

    @Test(
        "in Bash is conformant, and passes its own tests",
        .enabled(if: Shell.run("command -v jq > /dev/null") == 0, "there is no jq"),
        arguments: PluginManifest.Kind.allCases
    )
    func shell(kind: PluginManifest.Kind) throws {
        let (folder, manifest) = try make(kind, .shell)
        expectConformance(of: manifest)
        let tests = "cd '\(folder.path)/new-one' && tests/test.sh"
        let status = Shell.run("\(tests) > ../log 2>&1")
        let log = try folder.read("log")
        #expect(status == 0, "\(log)")
    }

    /// Building one takes a quarter of a minute; ANNALS_SWIFT_PLUGINS=5 builds one of each kind.
    private static let swiftKinds: [PluginManifest.Kind] = {
        let order: [PluginManifest.Kind] = [.enrich, .clean, .reader, .exporter, .projection]
        let count = unsafe getenv("ANNALS_SWIFT_PLUGINS").map { unsafe String(cString: $0) }
        return Array(order.prefix(count.flatMap(Int.init) ?? 1))
    }()

    @Test(
        "in Swift is built by its install step, is conformant, and passes its own tests",
        .enabled(if: Shell.run("command -v swift > /dev/null") == 0, "there is no Swift"),
        arguments: swiftKinds
    )
    func swift(kind: PluginManifest.Kind) throws {
        let (folder, manifest) = try make(kind, .swift)
        #expect(PluginInstaller.missing(manifest) != nil)
        try PluginInstaller.run(manifest) { _ in }
        #expect(PluginInstaller.missing(manifest) == nil)
        expectConformance(of: manifest)
        guard Self.swiftKinds.count > 1 else { return }
        let status = Shell.run("cd '\(folder.path)/new-one' && swift test > ../log 2>&1")
        let log = try folder.read("log")
        #expect(status == 0, "\(log)")
    }

    @Test("is not made where there is something, nor with a name that names nothing")
    func refused() throws {
        let folder = try PluginFolder(["there/file": "mine"])
        let template = try PluginTemplate("there", kind: .enrich, language: .python)
        let error = #expect(throws: PluginTemplateError.self) { try template.make(in: folder.path) }
        #expect(error?.code == .exists)
        #expect(try folder.read("there/file") == "mine")
        for name in ["", "Name", "a/b", "..", "-a", "a b", String(repeating: "a", count: 65)] {
            let error = #expect(throws: PluginTemplateError.self) {
                try PluginTemplate(name, kind: .enrich, language: .python)
            }
            #expect(error?.code == .name)
        }
    }

    @Test("leaves nothing behind where it cannot be written")
    func unwritable() throws {
        let folder = try PluginFolder(["file": ""])
        let template = try PluginTemplate("new-one", kind: .enrich, language: .python)
        #expect(throws: PluginTemplateError.self) { try template.make(in: folder.path + "/file") }
        #expect(Shell.run("[ \"$(ls -A '\(folder.path)')\" = file ]") == 0)
    }

    private func expectConformance(of manifest: PluginManifest) {
        let results = Conformance.run(manifest)
        for result in results where result.outcome.isFailure {
            Issue.record("\(result.id): \(result.outcome)")
        }
    }
}
