internal import ArgumentParser
internal import Bytes
internal import PluginHost

/// `annals plugin install`: a plugin's own install step.
struct PluginInstallCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "install",
        abstract: "Run the plugins' install steps.",
        discussion: """
            A plugin that needs more than its folder has an executable file 'install', which makes \
            a virtual environment, say, or builds it. It runs in your environment, with the network \
            and without the sandbox: look at it first. What it prints is shown, marked with the \
            plugin's name. A plugin without that file needs none.
            """
    )

    @Argument(help: ArgumentHelp("Plugins, by name or folder.", valueName: "plugin"))
    var plugins: [String]

    @OptionGroup var place: PluginPlace

    func run() throws {
        for plugin in plugins { try install(plugin) }
    }

    private func install(_ plugin: String) throws {
        let manifest = try PluginPlace.manifest(try place.find(plugin))
        let name = manifest.name
        if PluginInstaller.hasStep(manifest) {
            try PluginInstaller.run(manifest) {
                PipelineFile.log("plugin " + $0.plugin, $0.level, $0.text)
            }
        }
        if let missing = PluginInstaller.missing(manifest) { throw missing }
        let outcome =
            PluginInstaller.hasStep(manifest)
            ? "\(name) \(manifest.version) is installed" : "\(name) needs no install step"
        Console.out(TerminalText.escaped(outcome) + "\n")
    }
}
