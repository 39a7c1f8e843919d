/// A folder that goes with its owner; a class because that is when it is deleted.
final class ScratchFolder: Sendable {
    let path: String

    init(_ plugin: String) throws(PluginFault) {
        path = try Scratch.make(for: plugin)
    }

    deinit { Scratch.remove(path) }
}
