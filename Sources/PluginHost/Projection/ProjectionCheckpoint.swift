internal import Bytes
internal import EventLog
internal import Glibc

/// How far a plugin's projection has come, in a file beside its folder.
struct ProjectionCheckpoint: Equatable {
    /// The store whose log it is of.
    var store: String
    /// What determines the plugin's answers.
    var fingerprint: String
    /// The position up to which all is folded.
    var position: EventPosition
    /// Whether folding has begun and not ended: what the folder holds is not known.
    var isFolding: Bool

    /// Reads a checkpoint; nil if there is none that can be read.
    init?(path: String) {
        guard let bytes = FileBytes.read(path), let value = try? CBORValue(decoding: bytes.span),
            let store = value["store"]?.text, let fingerprint = value["fingerprint"]?.text,
            let position = value["position"]?.integer, position >= 0,
            case .bool(let isFolding)? = value["folding"]
        else { return nil }
        self.init(
            store: store,
            fingerprint: fingerprint,
            position: EventPosition(UInt64(position)),
            isFolding: isFolding
        )
    }

    init(store: String, fingerprint: String, position: EventPosition, isFolding: Bool) {
        self.store = store
        self.fingerprint = fingerprint
        self.position = position
        self.isFolding = isFolding
    }

    /// Writes it, durably and at once.
    func write(to path: String, plugin: String) throws(PluginFault) {
        let value = CBORValue.map(
            [
                CBORValue.Pair("store", .text(store)),
                CBORValue.Pair("fingerprint", .text(fingerprint)),
                CBORValue.Pair("position", .integer(Int(position.rawValue))),
                CBORValue.Pair("folding", .bool(isFolding)),
            ].inCBOROrder()
        )
        guard FileBytes.replace(path, by: value.encoded) else {
            let reason = unsafe String(cString: strerror(errno))
            throw PluginFault(.folder, plugin, "\(path) cannot be written: \(reason)")
        }
    }
}

/// Small files, read and replaced whole.
enum FileBytes {
    static func read(_ path: String) -> [UInt8]? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var room = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = unsafe Glibc.read(descriptor, &room, room.count)
            guard count > 0 else { return count == 0 ? bytes : nil }
            bytes += room[..<count]
        }
    }

    static func replace(_ path: String, by bytes: [UInt8]) -> Bool {
        let fresh = path + ".new"
        let descriptor = unsafe open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { return false }
        let count = unsafe bytes.withUnsafeBytes {
            unsafe write(descriptor, $0.baseAddress, $0.count)
        }
        let isWritten = count == bytes.count && fdatasync(descriptor) == 0
        close(descriptor)
        guard isWritten, unsafe rename(fresh, path) == 0 else { return false }
        // A name that is lost with the power would bring back what is no longer true.
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let parent = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard parent >= 0 else { return false }
        defer { close(parent) }
        return fsync(parent) == 0
    }
}
