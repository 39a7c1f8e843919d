/// A failed system call.
package struct StorageFailure: Error, Hashable, Sendable {
    /// The value of `errno`.
    package let errorNumber: Int32

    package init(errorNumber: Int32) {
        self.errorNumber = errorNumber
    }
}

/// An open file.
package struct StorageFile: Hashable, Sendable {
    /// The number that the storage knows it by.
    package let descriptor: Int32

    package init(descriptor: Int32) {
        self.descriptor = descriptor
    }
}

/// Which file a name or a descriptor means: no other file has it while this one is open.
package struct FileIdentity: Hashable, Sendable {
    /// The device that holds the file.
    package let device: UInt64
    /// Its number there.
    package let inode: UInt64

    package init(device: UInt64, inode: UInt64) {
        self.device = device
        self.inode = inode
    }
}

/// Every system call that the log makes, one to one, so that tests can fail, shorten or cut off each.
///
/// Calls may do less than asked (short reads and writes) and may fail with `EINTR`: the loops that
/// make them whole are the log's own.
package protocol LogStorage: Sendable {
    /// Opens an existing file, for reading only or for both.
    func open(_ path: String, writable: Bool) throws(StorageFailure) -> StorageFile
    /// Creates a file that must not exist, for reading and writing.
    func create(_ path: String) throws(StorageFailure) -> StorageFile
    /// Closes a file; its locks go with it.
    func close(_ file: StorageFile)
    /// Reads at an offset into a range of a buffer; returns how many bytes, 0 at the file's end.
    func read(
        _ file: StorageFile,
        into buffer: inout [UInt8],
        _ range: Range<Int>,
        at offset: UInt64
    ) throws(StorageFailure) -> Int
    /// Writes at an offset; returns how many bytes.
    func write(
        _ file: StorageFile,
        _ bytes: Span<UInt8>,
        at offset: UInt64
    ) throws(StorageFailure) -> Int
    /// The file's size in bytes.
    func size(_ file: StorageFile) throws(StorageFailure) -> UInt64
    /// Cuts or extends a file.
    func truncate(_ file: StorageFile, to size: UInt64) throws(StorageFailure)
    /// `fdatasync`: returns when the file's data, and the size needed to find it, are on disk.
    func synchronizeData(_ file: StorageFile) throws(StorageFailure)
    /// Makes a directory's entries durable.
    func synchronizeDirectory(_ path: String) throws(StorageFailure)
    /// Forgets clean cached pages from an offset on, so that the next read asks the disk.
    func dropCache(_ file: StorageFile, from offset: UInt64)
    /// Takes the exclusive lock; false when another holds it.
    func lock(_ file: StorageFile) throws(StorageFailure) -> Bool
    /// The file that a path names.
    func identity(at path: String) throws(StorageFailure) -> FileIdentity
    /// The file that is open.
    func identity(of file: StorageFile) throws(StorageFailure) -> FileIdentity
    /// Gives a file a second name, which must be free (`EEXIST`).
    func link(_ path: String, to target: String) throws(StorageFailure)
    /// Renames a file, replacing the target.
    func rename(_ path: String, to target: String) throws(StorageFailure)
    /// Removes a file.
    func remove(_ path: String) throws(StorageFailure)
    /// Makes a directory; no failure if there is one.
    func createDirectory(_ path: String) throws(StorageFailure)
    /// The names in a directory, in no order.
    func list(_ path: String) throws(StorageFailure) -> [String]
    /// 64 random bits, for identities and salts.
    func random() -> UInt64
    /// Who this process is ("pid 4711 on host"), for the message to a second writer.
    func processIdentity() -> String
}
