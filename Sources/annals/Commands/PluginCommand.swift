internal import ArgumentParser

/// `annals plugin`: plugins are made, tried and pinned.
struct PluginCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plugin",
        abstract: "Make, try, install and lock plugins.",
        discussion: """
            A plugin is a folder with a plugin.yaml and a program in any language. It is named by \
            its folder, or by its name if it lies in plugins/ or Plugins/ here, or in plugins/ or \
            ../Plugins/ beside a pipeline's file.
            """,
        subcommands: [
            PluginListCommand.self, PluginNewCommand.self, PluginInstallCommand.self,
            PluginCheckCommand.self, PluginTestCommand.self, PluginLockCommand.self,
        ]
    )
}
