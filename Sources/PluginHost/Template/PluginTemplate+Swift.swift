internal import PluginSDK

/// A plugin in Swift.
extension PluginTemplate {
    var swift: [File] { [] }
}
