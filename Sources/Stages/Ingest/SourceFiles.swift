internal import Bytes
internal import Events
internal import Glibc
internal import Pipeline

/// The files that a pipeline's `from` names, in path order.
struct SourceFiles {
    /// A file to read, or a place where none can be read.
    enum Entry: Equatable {
        case file(String)
        case standardInput
        case fault(path: String, SourceFault)

        var path: String {
            switch self {
            case .file(let path): path
            case .standardInput: "-"
            case .fault(let path, _): path
            }
        }
    }

    private(set) var entries: [Entry] = []
    /// The folders that were gone through, and for each pattern the one in which it begins.
    private(set) var folders: Set<String> = []
    /// Paths as bytes: two that are canonically equivalent are two files.
    private var seen: Set<DocumentID> = []
    /// Paths whose last name is not UTF-8, written with `\xff` for such bytes.
    private var unnameable: Set<DocumentID> = []
    /// How many times a pattern led to a file or a fault, known before or not.
    private var finds = 0
    /// The directories that are being gone through, so that a link back up ends.
    private var ancestors: [FileKind.Identity] = []

    /// Finds the files of all patterns; equal paths once, ordered by the bytes of the path.
    init(patterns: [String]) {
        for pattern in patterns { add(Self.normalised(pattern)) }
        entries.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    private mutating func add(_ pattern: String) {
        if pattern == "-" {
            insert(.standardInput)
            return
        }
        let components = pattern.split(separator: "/", omittingEmptySubsequences: false)
            .map(String.init)
        let firstPattern = components.firstIndex(where: Self.isPattern)
        // A file may have a name that reads like a pattern.
        guard let firstPattern, FileKind.of(pattern) == .missing else {
            noteParent(of: pattern)
            addPlain(pattern)
            return
        }
        let root = components[..<firstPattern].joined(separator: "/")
        if !root.isEmpty { noteParent(of: root) }
        finds = 0
        match(root: root.isEmpty && firstPattern > 0 ? "/" : root, components[firstPattern...])
        if finds == 0 {
            insert(
                .fault(
                    path: pattern,
                    SourceFault(
                        code: "ingest.no-match",
                        message: "no file matches \(pattern)",
                        retryable: true
                    )
                )
            )
        }
    }

    /// Notes the folder in which something lies, or would: the nearest that there is.
    private mutating func noteParent(of path: String) {
        var folder = path
        repeat {
            guard let slash = folder.lastIndex(of: "/") else {
                folders.insert(".")
                return
            }
            folder = slash == folder.startIndex ? "/" : String(folder[..<slash])
        } while FileKind.of(folder) == .missing && folder != "/"
        folders.insert(folder)
    }

    private mutating func addPlain(_ path: String) {
        guard !unnameable.contains(DocumentID(rawValue: path)) else {
            return insert(.fault(path: path, .unnameable(path)))
        }
        switch FileKind.of(path) {
        case .file: insert(.file(path))
        case .directory: walk(path)
        case .missing:
            insert(.fault(path: path, .missing(path)))
        case .unreadable(let number): insert(.fault(path: path, .unreadable(path, number)))
        }
    }

    /// Every file below a directory, hidden ones aside.
    private mutating func walk(_ directory: String) {
        entering(directory) { files in
            for name in files.list(directory) where !name.hasPrefix(".") {
                files.addPlain(Self.join(directory, name))
            }
        }
    }

    /// The files that the components of a pattern name, from a directory on.
    private mutating func match(root: String, _ components: ArraySlice<String>) {
        guard let component = components.first else { return }
        let rest = components.dropFirst()
        let directory = root.isEmpty ? "." : root
        if component == "**" {
            if rest.isEmpty { return walk(directory) }
            match(root: root, rest)
        }
        entering(directory) { files in
            for name in files.list(directory) {
                let path = Self.join(root, name)
                let isDirectory = FileKind.of(path) == .directory
                if component == "**" {
                    if isDirectory && !name.hasPrefix(".") {
                        files.match(root: path, components)
                    }
                } else if unsafe fnmatch(component, name, FNM_PERIOD) == 0 {
                    if rest.isEmpty {
                        files.addPlain(path)
                    } else if isDirectory {
                        files.match(root: path, rest)
                    }
                }
            }
        }
    }

    /// Goes through a directory unless that is going on already, further up.
    private mutating func entering(_ directory: String, _ body: (inout SourceFiles) -> Void) {
        guard let identity = FileKind.identity(of: directory) else {
            let fault =
                errno == ENOENT
                ? SourceFault.missing(directory) : SourceFault.unreadable(directory, errno)
            return insert(.fault(path: directory, fault))
        }
        folders.insert(directory)
        guard !ancestors.contains(identity) else { return }
        ancestors.append(identity)
        body(&self)
        ancestors.removeLast()
    }

    private static func join(_ directory: String, _ name: String) -> String {
        directory.isEmpty || directory == "."
            ? name
            : directory.hasSuffix("/") ? directory + name : directory + "/" + name
    }

    /// The names in a directory in order of bytes; one that cannot be read becomes a fault.
    private mutating func list(_ directory: String) -> [String] {
        guard let stream = unsafe opendir(directory) else {
            insert(.fault(path: directory, .unreadable(directory, errno)))
            return []
        }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let bytes = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: UInt8.self, capacity: 256) {
                    unsafe Array(UnsafeBufferPointer(start: $0, count: strlen($0)))
                }
            }
            let name = Self.name(of: bytes)
            guard name != "." && name != ".." else { continue }
            if UTF8Scalar.firstInvalidOffset(in: bytes.span) != nil {
                unnameable.insert(DocumentID(rawValue: Self.join(directory, name)))
            }
            names.append(name)
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// A file's name; a byte that is not UTF-8 is written as `\xff`.
    private static func name(of bytes: [UInt8]) -> String {
        var name: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let (scalar, width) = UTF8Scalar.decode(bytes.span, at: index)
            if scalar == 0xFFFD && width == 1 {
                name += Array("\\x".utf8) + Array(Hex.string([bytes[index]].span).utf8)
            } else {
                name += bytes[index..<(index + width)]
            }
            index += width
        }
        return String(decoding: name, as: UTF8.self)
    }

    private mutating func insert(_ entry: Entry) {
        finds += 1
        let path = entry.path
        guard seen.insert(DocumentID(rawValue: path)).inserted else { return }
        switch entry {
        case .file: entries.append(.file(path))
        case .standardInput: entries.append(.standardInput)
        case .fault(_, let fault): entries.append(.fault(path: path, fault))
        }
    }

    private static func isPattern(_ component: String) -> Bool {
        component.contains { "*?[".contains($0) }
    }

    /// The path relative to the working folder, where it lies in it: the same on every machine.
    static func normalised(_ path: String) -> String {
        guard path != "-" else { return path }
        guard let folder = workingFolder() else { return path }
        let whole = FilePath.normalised(path.hasPrefix("/") ? path : folder + "/" + path)
        if whole == folder { return "." }
        if whole.hasPrefix(folder == "/" ? folder : folder + "/") {
            return String(whole.dropFirst(folder == "/" ? 1 : folder.count + 1))
        }
        return FilePath.normalised(path)
    }

    private static func workingFolder() -> String? {
        guard let path = unsafe getcwd(nil, 0) else { return nil }
        defer { unsafe free(path) }
        return unsafe String(cString: path)
    }
}

/// What stands at a path.
enum FileKind: Equatable {
    case file, directory, missing
    case unreadable(Int32)

    /// What tells a file from all others, whatever path leads to it.
    struct Identity: Hashable {
        let device: UInt64
        let inode: UInt64
    }

    static func identity(of path: String) -> Identity? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        return Identity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    }

    static func of(_ path: String) -> FileKind {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else {
            return errno == ENOENT || errno == ENOTDIR ? .missing : .unreadable(errno)
        }
        return status.st_mode & S_IFMT == S_IFDIR ? .directory : .file
    }
}

extension SourceFault {
    static func missing(_ path: String) -> SourceFault {
        SourceFault(
            code: "ingest.missing",
            message: "\(path) does not exist; sources are relative to the working folder",
            retryable: true
        )
    }

    static func unnameable(_ path: String) -> SourceFault {
        SourceFault(
            code: "ingest.unnameable",
            message: "the name of \(path) is not UTF-8; give the file another name",
            retryable: true
        )
    }

    static func unreadable(_ path: String, _ number: Int32) -> SourceFault {
        SourceFault(
            code: "ingest.unreadable",
            message: "\(path) cannot be read: \(unsafe String(cString: strerror(number)))",
            retryable: true
        )
    }
}

extension FileKind {
    /// A file's size in bytes; 0 where that is unknown.
    static func size(of path: String) -> Int {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return 0 }
        return Int(status.st_size)
    }
}
