internal import ArgumentParser
internal import Bytes
internal import PluginHost

extension PluginTemplate.Language: ExpressibleByArgument {}
extension PluginManifest.Kind: ExpressibleByArgument {}

/// `annals plugin new`: a plugin that runs, to be changed.
struct PluginNewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Make a plugin that runs and passes 'annals plugin test', to start from.",
        discussion: """
            What it uses of an SDK is written beside it: it needs no checkout of Annals. Nothing \
            that is there is overwritten.
            """
    )

    @Argument(help: "Its name: lower-case letters, digits and hyphens, a letter first.")
    var name: String

    @Option(help: "What it is written in.")
    var language: PluginTemplate.Language = .python

    @Option(help: "What it does.")
    var kind: PluginManifest.Kind = .enrich

    @Option(help: ArgumentHelp("Where its folder is made.", valueName: "folder"))
    var folder: String = "plugins"

    func run() throws {
        let template = try PluginTemplate(name, kind: kind, language: language)
        let files = try template.make(in: folder)
        let place = folder + "/" + name
        var lines = files.map { place + "/" + $0 }
        let plugin = folder == "plugins" ? name : place
        let manifest = try PluginPlace.manifest(place)
        lines.append("")
        if PluginInstaller.hasStep(manifest) { lines.append("annals plugin install \(plugin)") }
        lines.append("annals plugin test \(plugin)")
        Console.out(TerminalText.escaped(lines.joined(separator: "\n"), keepingLines: true) + "\n")
    }
}
