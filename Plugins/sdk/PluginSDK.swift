/// The SDKs, as `annals plugin new` writes them beside a new plugin.
///
/// Embedded from their own files: Package.swift lists them, and each has its line here.
package enum PluginSDK {
    /// A file of an SDK.
    package struct File: Sendable {
        /// Its name.
        package let name: String
        /// What is in it.
        package let text: String
    }

    /// The SDK for Python: one module.
    package static var python: String { text(PackageResources.annals_plugin_py) }

    /// The SDK for Swift: the files of the module PluginKit.
    package static var swift: [File] {
        [
            File(name: "Answer.swift", text: text(PackageResources.Answer_swift)),
            File(name: "Base64.swift", text: text(PackageResources.Base64_swift)),
            File(name: "CBOR.swift", text: text(PackageResources.CBOR_swift)),
            File(name: "Channel.swift", text: text(PackageResources.Channel_swift)),
            File(name: "Conversation.swift", text: text(PackageResources.Conversation_swift)),
            File(name: "Document.swift", text: text(PackageResources.Document_swift)),
            File(name: "JSON.swift", text: text(PackageResources.JSON_swift)),
            File(name: "Plugin.swift", text: text(PackageResources.Plugin_swift)),
            File(name: "Value.swift", text: text(PackageResources.Value_swift)),
        ]
    }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
