import Glibc
import Synchronization

/// What lies outside of a plugin's walls: a folder with a file, and ends that are listened on.
final class Outside: Sendable {
    let folder: TestFolder
    /// Where connections are taken.
    let port: Int
    private let ends = Mutex<[Int32]>([])

    init() throws {
        folder = try TestFolder()
        try folder.write("file", "secret")
        unsafe chmod(folder.path + "/file", 0o644)
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        port = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            let general = unsafe UnsafeMutableRawPointer(pointer).assumingMemoryBound(
                to: sockaddr.self
            )
            unsafe bind(listener, general, size)
            Glibc.listen(listener, 8)
            unsafe getsockname(listener, general, &size)
            return unsafe Int(UInt16(bigEndian: pointer.pointee.sin_port))
        }
        let pairs = [("socket", SOCK_STREAM), ("datagrams", SOCK_DGRAM)]
        let named = pairs.map { Self.listen(folder.path + "/" + $0, Int32($1.rawValue)) }
        ends.withLock { $0 = named + [listener] }
    }

    deinit { for end in ends.withLock({ $0 }) { close(end) } }

    private static func listen(_ path: String, _ type: Int32) -> Int32 {
        let end = socket(AF_UNIX, type, 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) {
            unsafe $0.copyBytes(from: path.utf8)
        }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        unsafe withUnsafePointer(to: &address) { pointer in
            let general = unsafe UnsafeRawPointer(pointer).assumingMemoryBound(to: sockaddr.self)
            _ = unsafe bind(end, general, size)
        }
        Glibc.listen(end, 8)
        return end
    }
}
