internal import Glibc
internal import Pipeline

/// The files that a run reads, and the folders in which the kernel is asked about them.
struct WatchedFiles {
    private let inotify: Inotify
    private var store = ""
    /// The paths of a watch: links may lead to a folder by several.
    private var folders: [Int32: [String]] = [:]
    /// The files that the pipeline is made of.
    private var definition: Set<String> = []
    private var source: (any SourceStage)?
    private var survey = SourceSurvey(paths: [], folders: [])
    /// Files that were written to and not closed yet.
    private var open: Set<String> = []

    /// What a change is to a run.
    enum Relevance: Equatable {
        case none
        case source(String)
        case definition(String)
        case folder(isMoved: Bool)
        case everything
    }

    init(_ inotify: Inotify) {
        self.inotify = inotify
    }

    /// Whether a file is being written.
    var isWriting: Bool { !open.isEmpty }

    /// Watches the files that a pipeline is made of, besides those from before.
    ///
    /// - Returns: whether there is a folder among theirs that was not watched so far.
    mutating func watch(definition files: [String]) throws -> Bool {
        definition.formUnion(files.map(FilePath.normalised))
        let known = Set(folders.keys)
        try watchAll()
        return !known.isSuperset(of: folders.keys)
    }

    /// Watches the files of a pipeline that is sound, and its sources, and none from before.
    mutating func watch(
        _ source: any SourceStage,
        store: String,
        definition files: [String]
    ) throws {
        self.store = store
        definition = Set(files.map(FilePath.normalised))
        self.source = source
        survey = source.survey()
        open = []
        try watchAll()
    }

    /// Looks for the sources again, and says whether they are other files.
    mutating func surveyAgain() throws -> Bool {
        guard let source else { return false }
        let before = survey.paths
        survey = source.survey()
        try watchAll()
        return survey.paths != before
    }

    private mutating func watchAll() throws {
        var found: [Int32: [String]] = [:]
        for folder in survey.folders.union(definition.map(PipelineFile.folder)).sorted() {
            let folder = folder.isEmpty ? "." : folder
            guard let watch = try inotify.add(folder) else { continue }
            found[watch, default: []].append(folder)
        }
        for watch in folders.keys where found[watch] == nil { inotify.remove(watch) }
        folders = found
    }

    /// What an event is to a run.
    mutating func take(_ event: Inotify.Event) -> Relevance {
        if event.isAny(of: .overflow, .unmounted) {
            open = []
            return .everything
        }
        guard !event.isAny(of: .ignored), let paths = folders[event.watch] else { return .none }
        guard let name = event.name else {
            let isMoved = event.isAny(of: .folderMoved)
            return isMoved || event.isAny(of: .folderDeleted) ? .folder(isMoved: isMoved) : .none
        }
        for folder in paths {
            let path = folder == "." ? name : folder == "/" ? "/" + name : folder + "/" + name
            let relevance = relevance(of: path, event)
            if relevance == .none { continue }
            return event.isAny(of: .folder) || settle(path, event) ? relevance : .none
        }
        return .none
    }

    private func relevance(of path: String, _ event: Inotify.Event) -> Relevance {
        if definition.contains(FilePath.normalised(path)) { return .definition(path) }
        guard !FilePath.lies(path, in: store) else { return .none }
        if event.isAny(of: .folder) {
            guard !event.isAny(of: .attributes) else { return .everything }
            return .folder(isMoved: event.isAny(of: .movedAway, .movedHere))
        }
        return source?.reads(path) == true ? .source(path) : .none
    }

    /// Notes whether a file is being written; false for one that is only just made, and empty.
    private mutating func settle(_ path: String, _ event: Inotify.Event) -> Bool {
        if event.isAny(of: .modified) { open.insert(path) }
        if event.isAny(of: .closedAfterWriting, .deleted, .movedAway) { open.remove(path) }
        // A link is made without being written.
        guard event.isAny(of: .created), !Self.isLink(path) else { return true }
        open.insert(path)
        return false
    }

    private static func isLink(_ path: String) -> Bool {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { return false }
        return status.st_mode & S_IFMT == S_IFLNK || status.st_nlink > 1
    }
}
