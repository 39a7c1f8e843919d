internal import ArgumentParser
internal import EventLog
internal import Glibc
internal import Pipeline
internal import Synchronization

/// Which store a reading command reads: named by `--store`, by a pipeline, or the only one there.
struct StoreArgument: ParsableArguments {
    @Option(help: ArgumentHelp("The store's folder.", valueName: "folder"))
    var store: String?

    @Option(help: ArgumentHelp("A pipeline file whose store to read.", valueName: "file"))
    var pipeline: String?

    @OptionGroup var profile: ProfileOption

    /// The store's folder; says so where a takedown of it is not completed.
    func folder() throws -> String {
        let folder = try find()
        if TakedownMark(store: folder).isThere, !Self.hasTold.exchange(true, ordering: .relaxed) {
            Console.error(
                "annals: a takedown of this store was interrupted: what it withdraws may still be"
                    + " shown; the same command, or annals run, completes it\n"
            )
        }
        return folder
    }

    private static let hasTold = Atomic(false)

    private func find() throws -> String {
        if let store { return store }
        if let pipeline { return try PipelineFile.load(pipeline, profile: profile.name).store }
        let stores = Self.storesHere()
        switch stores.count {
        case 1: return stores[0]
        case 0:
            throw Failure(
                .noInput,
                "there is no store below .annals here; name one with --store or --pipeline,"
                    + " or run a pipeline first"
            )
        default:
            throw Failure(
                .usage,
                "there are several stores; name one with --store: "
                    + stores.joined(separator: ", ")
            )
        }
    }

    /// The folder of the pipeline file, if one is named.
    var pipelineFolder: String? { pipeline.map { PipelineFile.folder(of: $0) } }

    /// The projections of the store: those that the pipeline file declares if one is named, else
    /// those of the definition that the log holds last.
    func projections() throws -> StoreProjections {
        guard let pipeline else { return try StoreProjections(store: folder()) }
        let definition = try PipelineFile.load(pipeline, profile: profile.name)
        return try StoreProjections(store: folder(), pipeline: definition)
    }

    /// Opens the store's log for reading.
    func reader() throws -> EventLogReader { try Self.reader(of: folder()) }

    /// Opens a log for reading; says so where what was appended last may be missing.
    static func reader(of folder: String) throws -> EventLogReader {
        let reader = try EventLogReader.open(folder)
        if try !reader.isHeadSound() {
            Console.error(
                "annals: HEAD is damaged: what was appended last may be missing here;"
                    + " annals log repair --apply, or the next run, renews it\n"
            )
        }
        return reader
    }

    private static func storesHere() -> [String] {
        guard let stream = unsafe opendir(".annals") else { return [] }
        defer { unsafe closedir(stream) }
        var stores: [String] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
                    unsafe String(cString: $0)
                }
            }
            let path = ".annals/" + name
            if !name.hasPrefix("."), unsafe access(path + "/STORE", F_OK) == 0 {
                stores.append(path)
            }
        }
        return stores.sorted()
    }
}
