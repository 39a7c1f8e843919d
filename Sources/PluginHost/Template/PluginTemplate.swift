internal import Glibc
internal import PluginSDK

/// A new plugin: ready to run, and it passes `annals plugin test`.
///
/// It needs no checkout of Annals: what it uses of an SDK is written beside it.
package struct PluginTemplate: Sendable {
    /// What a plugin can be written in, of what there are templates for.
    package enum Language: String, Sendable, CaseIterable {
        case python
        case swift
        case shell
    }

    /// Its name.
    package let name: String
    /// What it is for.
    package let kind: PluginManifest.Kind
    /// What it is written in.
    package let language: Language

    /// A file of the plugin.
    struct File: Sendable {
        /// Below the plugin's folder.
        let path: String
        let text: String
        var isProgram = false
    }

    /// A plugin with a name.
    package init(
        _ name: String,
        kind: PluginManifest.Kind,
        language: Language
    ) throws(PluginTemplateError) {
        guard PluginManifest.isName(name) else { throw PluginTemplateError(.name, name) }
        self.name = name
        self.kind = kind
        self.language = language
    }

    /// Makes the plugin's folder, whole or not at all; answers the paths of its files.
    package func make(in folder: String) throws(PluginTemplateError) -> [String] {
        let place = folder + "/" + name
        if unsafe access(place, F_OK) == 0 { throw PluginTemplateError(.exists, place) }
        try makeFolders(of: folder + "/x")
        var template = Array("\(folder)/.\(name)-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else {
            throw PluginTemplateError(.unwritable, folder, errno)
        }
        let draft = String(
            decoding: template.dropLast().map { UInt8(bitPattern: $0) },
            as: UTF8.self
        )
        do throws(PluginTemplateError) {
            for file in files { try write(file, in: draft) }
            guard unsafe chmod(draft, 0o755) == 0, unsafe rename(draft, place) == 0 else {
                throw PluginTemplateError(.unwritable, place, errno)
            }
        } catch {
            FolderTree.remove(draft)
            throw error
        }
        return files.map(\.path)
    }

    /// All its files.
    var files: [File] {
        let own: [File] =
            switch language {
            case .python: python
            case .swift: swift
            case .shell: shell
            }
        return [manifest, readme] + own
    }

    private func write(_ file: File, in folder: String) throws(PluginTemplateError) {
        let path = folder + "/" + file.path
        try makeFolders(of: path)
        do throws(PluginLockError) {
            try TextFile.replace(path, with: file.text)
        } catch {
            throw PluginTemplateError(.unwritable, path, reason: error.reason)
        }
        if file.isProgram, unsafe chmod(path, 0o755) != 0 {
            throw PluginTemplateError(.unwritable, path, errno)
        }
    }

    /// Makes the folders above a file.
    private func makeFolders(of path: String) throws(PluginTemplateError) {
        var folder = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/").dropLast() {
            folder += part + "/"
            guard unsafe mkdir(folder, 0o755) == 0 || errno == EEXIST else {
                throw PluginTemplateError(.unwritable, folder, errno)
            }
        }
    }
}

/// A plugin could not be made.
package struct PluginTemplateError: Error, Sendable, CustomStringConvertible {
    /// What is wrong.
    package enum Code: String, Sendable {
        /// The name cannot name a plugin.
        case name = "plugin.name"
        /// There is something of that name.
        case exists = "plugin.exists"
        /// A file cannot be written.
        case unwritable = "plugin.unwritable"
    }

    /// What is wrong.
    package let code: Code
    /// The name, or the file or folder.
    package let subject: String
    /// What the system says, if it was the system.
    package let reason: String

    init(_ code: Code, _ subject: String, _ number: Int32? = nil, reason: String = "") {
        self.code = code
        self.subject = subject
        self.reason = number.map { unsafe String(cString: strerror($0)) } ?? reason
    }

    package var description: String {
        switch code {
        case .name:
            "'\(subject)' cannot name a plugin: a name has at most 64 lower-case letters, digits and"
                + " hyphens, a letter first"
        case .exists: "\(subject) is there already; nothing was written"
        case .unwritable: "\(subject) cannot be written: \(reason)"
        }
    }
}
