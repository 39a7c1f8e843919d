package import Bytes
internal import YAML

/// Placeholder until the lock file's digest is merged.
package enum PluginDigest {
    package static func of(folder: String) throws(PluginFault) -> SHA256Digest {
        SHA256.hash(Array(folder.utf8).span)
    }
    package static func of(_ manifest: PluginManifest) throws(PluginFault) -> String {
        let bytes = (try? YAMLSource.read(manifest.folder + "/plugin.yaml").bytes) ?? []
        return SHA256.hash(bytes.span).description
    }
}
