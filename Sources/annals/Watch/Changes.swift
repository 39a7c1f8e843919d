/// What has changed since the last run, and whether it goes on changing.
struct Changes {
    /// Sources that changed, by path.
    private var sources: Set<String> = []
    /// Files that the pipeline is made of that changed, by path.
    private var definition: Set<String> = []
    /// Whether folders came or went: what is to be read may be other files.
    private var folders = false
    /// Whether folders were moved: files of the same names may be others.
    private var movedFolders = false
    /// Whether so much changed that the kernel no longer told what.
    private var overflowed = false
    private var first: ContinuousClock.Instant?
    private var last = ContinuousClock.now

    /// How long nothing must have changed.
    private static let quiet = Duration.milliseconds(100)
    /// The same while a file is open that is being written.
    private static let quietWhileWriting = Duration.seconds(1)
    /// After so long a run begins whatever goes on.
    private static let patience = Duration.seconds(10)

    /// Whether anything has changed.
    var isEmpty: Bool { first == nil }

    /// Takes in that something changed.
    mutating func note(_ relevance: WatchedFiles.Relevance) {
        switch relevance {
        case .none: return
        case .source(let path): sources.insert(path)
        case .definition(let path): definition.insert(path)
        case .folder(isMoved: false): folders = true
        case .folder(isMoved: true): movedFolders = true
        case .everything: overflowed = true
        }
        last = .now
        if first == nil { first = last }
    }

    /// Whether only folders came or went.
    var areOfFoldersOnly: Bool {
        sources.isEmpty && definition.isEmpty && !movedFolders && !overflowed
    }

    /// Whether the pipeline may be another.
    var concernDefinition: Bool { !definition.isEmpty || movedFolders || overflowed }

    /// How long to wait for more; nil for as long as it takes.
    func wait(isWriting: Bool) -> Duration? {
        guard let first else { return nil }
        let end = min(
            last + (isWriting ? Self.quietWhileWriting : Self.quiet),
            first + Self.patience
        )
        return max(.zero, end - .now)
    }

    /// What changed, in a few words.
    var text: String {
        guard !overflowed else { return "much has changed" }
        let paths = definition.sorted() + sources.sorted()
        guard let path = paths.first else { return "folders have changed" }
        let others = paths.count - 1
        return switch others {
        case 0: "\(path) has changed"
        case 1: "\(path) and another file have changed"
        default: "\(path) and \(BalanceSheet.grouped(others)) other files have changed"
        }
    }
}
