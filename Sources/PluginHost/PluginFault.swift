internal import Pipeline

/// A plugin did not do what it should: which one, what, and what to do about it.
package struct PluginFault: StageFault, Sendable, Equatable {
    /// What is wrong, as scripts know it.
    package enum Code: String, Sendable {
        /// It could not be started.
        case launch = "plugin.launch"
        /// The walls around it cannot be raised on this machine.
        case sandbox = "plugin.sandbox"
        /// It is not the plugin that its manifest describes, or speaks no protocol that we do.
        case handshake = "plugin.handshake"
        /// It ended.
        case crashed = "plugin.crashed"
        /// It took too long.
        case timeout = "plugin.timeout"
        /// It took more memory than it may.
        case memory = "plugin.memory"
        /// It took more of something else than it may: processes, scratch space.
        case limit = "plugin.limit"
        /// It wrote what is no answer.
        case wire = "plugin.protocol"
        /// It says that a document failed.
        case document = "plugin.document"
        /// It was asked what makes no sense to it.
        case question = "plugin.question"
        /// What it keeps cannot be read or written.
        case folder = "plugin.folder"
        /// It failed too often.
        case budget = "plugin.budget"
        /// The run was ended before it had answered.
        case cancelled = "plugin.cancelled"
    }

    /// What is wrong.
    package let code: Code
    /// The plugin's name.
    package let plugin: String
    /// In words, what was found, and where one can say, what was expected.
    package let message: String

    /// States a fault.
    package init(_ code: Code, _ plugin: String, _ message: String) {
        self.code = code
        self.plugin = plugin
        self.message = message
    }

    package var description: String { "plugin \(plugin): \(message) [\(code.rawValue)]" }
}
