internal import Bytes
internal import Glibc
package import YAML

/// `plugins.lock`: which version of each plugin the pipelines of a folder run, and its digest.
///
/// A folder without the file runs whatever plugins it finds, and `annals check` says so: the first
/// pipeline with a plugin works. Once there is one, it is the whole truth, as with the lock files of
/// npm and Terraform: a plugin that is not in it, or differs from it, is an error.
package struct PluginLock: Sendable, Equatable {
    /// The file's name, beside the pipeline's.
    package static let fileName = "plugins.lock"
    private static let formatVersion = 1

    /// A plugin, as it was when it was locked.
    package struct Entry: Sendable, Equatable {
        /// Its version.
        package let version: String
        /// Its folder's digest.
        package let digest: PluginDigest

        /// States what is locked.
        package init(version: String, digest: PluginDigest) {
            self.version = version
            self.digest = digest
        }
    }

    /// The plugins by name.
    package var plugins: [String: Entry]

    /// A lock of these plugins.
    package init(plugins: [String: Entry] = [:]) { self.plugins = plugins }

    /// The lock file's path in the folder of a pipeline's file; "" is the working folder.
    package static func path(in folder: String) -> String {
        folder.isEmpty ? fileName : folder + "/" + fileName
    }

    /// Reads a folder's lock; nil if it has none.
    package static func read(_ folder: String) throws(YAMLErrors) -> PluginLock? {
        let path = path(in: folder)
        var status = stat()
        if unsafe lstat(path, &status) != 0, errno == ENOENT { return nil }
        let tree = try YAMLParser.parse(try YAMLSource.read(path))
        var diagnostics = DiagnosticBag()
        var plugins: [String: Entry] = [:]
        FieldReader.read(tree, context: fileName, area: "lock", into: &diagnostics) { reader in
            _ = reader.integer("lock", in: formatVersion...formatVersion)
            reader.mapping("plugins") { reader in
                for entry in reader.entries() {
                    guard let name = entry.key.text else { continue }
                    plugins[name] = Self.entry(name, entry.value, &reader)
                }
            }
        }
        try diagnostics.throwIfErrors()
        return PluginLock(plugins: plugins)
    }

    private static func entry(
        _ name: String,
        _ node: Node,
        _ reader: inout FieldReader
    ) -> Entry? {
        reader.nested(node, context: "plugin \(name)") { reader in
            let version = reader.string("version")
            let text = reader.string("sha256")
            guard let digest = PluginDigest(text) else {
                if let place = reader.optionalNode("sha256") {
                    reader.error(
                        "lock.digest",
                        "this is no digest",
                        at: place,
                        expected: "64 hexadecimal digits",
                        hint: "annals plugin lock writes the file anew"
                    )
                }
                return nil
            }
            return Entry(version: version, digest: digest)
        }
    }

    /// The file's text: a line a plugin, by name, the same for the same plugins.
    package var text: String {
        var text = """
            # The plugins of the pipelines in this folder. 'annals plugin lock' writes this file, and \
            'annals check' and
            # 'annals run' hold plugins to it: keep it beside the pipelines, under version control.
            lock: \(Self.formatVersion)
            plugins:\(plugins.isEmpty ? " {}" : "")

            """
        for (name, entry) in plugins.sorted(by: { $0.key < $1.key }) {
            var version = JSONWriter()
            version.string(entry.version)
            let quoted = String(decoding: version.bytes, as: UTF8.self)
            text += "  \(name): {version: \(quoted), sha256: \"\(entry.digest)\"}\n"
        }
        return text
    }

    /// Writes it to a folder: all of it or, if the machine stops meanwhile, what was there before.
    package func write(_ folder: String) throws(PluginLockError) {
        try TextFile.replace(Self.path(in: folder), with: text)
    }
}
