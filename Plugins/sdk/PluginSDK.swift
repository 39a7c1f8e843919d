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
    package static var swift: [File] { [] }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
