import Foundation
import Glibc
import Testing
import YAML

@testable import PluginHost

/// A plugin's folder that goes with the test.
final class PluginFolder: Sendable {
    let path: String

    /// Makes a folder with these files.
    init(_ files: [String: String] = [:]) throws {
        var template = Array("/tmp/annals-plugin-test-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else {
            throw PluginFault(.launch, "test", "no folder")
        }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        for (name, text) in files { try write(name, text) }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file and the folders above it.
    func write(_ name: String, _ text: String) throws {
        let file = URL(fileURLWithPath: path + "/" + name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(text.utf8).write(to: file)
    }

    func read(_ name: String) throws -> String {
        try String(contentsOfFile: path + "/" + name, encoding: .utf8)
    }

    /// What its manifest says.
    func manifest() throws -> PluginManifest { try Self.manifest(of: path) }

    /// What the manifest of a folder says.
    static func manifest(of path: String) throws -> PluginManifest {
        var diagnostics = DiagnosticBag()
        let manifest = PluginManifest.read(path, into: &diagnostics)
        return try #require(manifest, "\(diagnostics.errors.map { $0.rendered() })")
    }
}
