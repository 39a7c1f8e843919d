internal import Glibc

/// Where plugins are looked for.
package enum PluginFolders {
    /// The folders that plugins lie in, in the order in which they are searched for a pipeline whose
    /// file is in a folder; "" is the working folder.
    package static func all(_ pipelineFolder: String) -> [String] {
        let near = pipelineFolder.isEmpty ? "" : pipelineFolder + "/"
        var folders: [String] = []
        for folder in [near + "plugins", near + "../Plugins", "plugins", "Plugins"]
        where !folders.contains(folder) { folders.append(folder) }
        return folders
    }

    /// The folder of a plugin; nil if there is none of that name.
    package static func find(_ name: String, _ pipelineFolder: String) -> String? {
        guard PluginManifest.isName(name) else { return nil }
        return all(pipelineFolder).map { $0 + "/" + name }.first(where: isPlugin)
    }

    /// Whether a folder holds a plugin.
    package static func isPlugin(_ folder: String) -> Bool {
        unsafe access(folder + "/" + PluginManifest.fileName, F_OK) == 0
    }

    /// The folders of all plugins that a pipeline's folder finds: of equal names, the first.
    package static func plugins(_ pipelineFolder: String) -> [String] {
        var found: [(name: String, folder: String)] = []
        for folder in all(pipelineFolder) {
            for name in FolderTree.names(in: folder)
            where !found.contains(where: { $0.name == name }) {
                let path = folder + "/" + name
                if !name.hasPrefix("."), isPlugin(path) { found.append((name, path)) }
            }
        }
        return found.sorted { $0.name < $1.name }.map(\.folder)
    }
}
