internal import Glibc
internal import Synchronization

/// The kernel's word on what changes in folders (inotify(7)).
final class Inotify: Sendable {
    /// What happened in a folder, or to it.
    struct Event {
        /// The number of the watch; -1 for an overflow.
        let watch: Int32
        private let mask: UInt32
        /// The name in the folder, nil for the folder itself; bytes that are not UTF-8 are replaced.
        let name: String?

        fileprivate init(watch: Int32, mask: UInt32, name: String?) {
            (self.watch, self.mask, self.name) = (watch, mask, name)
        }

        /// Whether it is any of these.
        func isAny(of kinds: Kind...) -> Bool { kinds.contains { mask & $0.rawValue != 0 } }
    }

    /// Kinds of events, as the kernel numbers them.
    struct Kind {
        let rawValue: UInt32
        static let modified = Kind(rawValue: UInt32(IN_MODIFY))
        static let attributes = Kind(rawValue: UInt32(IN_ATTRIB))
        static let closedAfterWriting = Kind(rawValue: UInt32(IN_CLOSE_WRITE))
        static let movedAway = Kind(rawValue: UInt32(IN_MOVED_FROM))
        static let movedHere = Kind(rawValue: UInt32(IN_MOVED_TO))
        static let created = Kind(rawValue: UInt32(IN_CREATE))
        static let deleted = Kind(rawValue: UInt32(IN_DELETE))
        static let folderDeleted = Kind(rawValue: UInt32(IN_DELETE_SELF))
        static let folderMoved = Kind(rawValue: UInt32(IN_MOVE_SELF))
        static let folder = Kind(rawValue: UInt32(IN_ISDIR))
        static let ignored = Kind(rawValue: UInt32(IN_IGNORED))
        static let unmounted = Kind(rawValue: UInt32(IN_UNMOUNT))
        static let overflow = Kind(rawValue: UInt32(IN_Q_OVERFLOW))
    }

    private static let watched: [Kind] = [
        .modified, .attributes, .closedAfterWriting, .movedAway, .movedHere, .created, .deleted,
        .folderDeleted, .folderMoved,
    ]

    private let descriptor: Int32

    init() throws {
        descriptor = inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK))
        guard descriptor >= 0 else {
            throw Failure(
                .inputOutput,
                "files cannot be watched: \(Self.reason); max_user_instances in"
                    + " /proc/sys/fs/inotify says how many processes may watch"
            )
        }
    }

    deinit { close(descriptor) }

    /// Watches a folder; nil if it is not there or may not be read.
    func add(_ folder: String) throws -> Int32? {
        let mask = Self.watched.reduce(UInt32(IN_ONLYDIR)) { $0 | $1.rawValue }
        let watch = unsafe inotify_add_watch(descriptor, folder, mask)
        if watch >= 0 { return watch }
        guard errno == ENOSPC || errno == ENOMEM else { return nil }
        throw Failure(
            .inputOutput,
            "\(folder) cannot be watched: there are too many folders; raise"
                + " /proc/sys/fs/inotify/max_user_watches, or name fewer folders in from"
        )
    }

    /// Watches a folder no longer.
    func remove(_ watch: Int32) {
        inotify_rm_watch(descriptor, watch)
    }

    /// Waits for events, or for another descriptor to become readable.
    ///
    /// - Returns: whether there are events; false after so many milliseconds, or for the other one.
    func wait(orFor other: Int32, milliseconds: Int32?) -> Bool {
        var descriptors = [
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: other, events: Int16(POLLIN), revents: 0),
        ]
        let count = unsafe poll(&descriptors, 2, milliseconds ?? -1)
        return count > 0 && descriptors[0].revents != 0
    }

    /// The events that wait.
    func read() -> [Event] {
        var events: [Event] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe Glibc.read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return events }
            var rest = buffer[..<count]
            while let event = Self.next(&rest) { events.append(event) }
        }
    }

    /// Four 32-bit words, then a name padded with zeros.
    private static func next(_ bytes: inout ArraySlice<UInt8>) -> Event? {
        guard bytes.count >= 16 else { return nil }
        func word(_ index: Int) -> UInt32 {
            let start = bytes.startIndex + index * 4
            return bytes[start..<start + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
        }
        let name = bytes.dropFirst(16).prefix(Int(word(3)))
        let event = Event(
            watch: Int32(bitPattern: word(0)),
            mask: word(1),
            name: name.isEmpty ? nil : String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
        )
        bytes = bytes.dropFirst(16 + Int(word(3)))
        return event
    }

    private static var reason: String { unsafe String(cString: strerror(errno)) }
}
