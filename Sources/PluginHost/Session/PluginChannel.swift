internal import Bytes
internal import CLauncher
internal import Glibc

/// Messages to and from a process, each within a time.
///
/// Reads while it writes: a plugin may answer before it has read all, and neither side may wait for
/// the other for ever.
struct PluginChannel: ~Copyable {
    private let process: PluginProcess
    private let name: String
    private var received: WireBuffer
    private var pending: [UInt8] = []
    private var sent = 0
    private var room = [UInt8](repeating: 0, count: 1 << 16)

    init(_ process: PluginProcess, name: String, messageBytesMax: Int = 256 << 20) {
        self.process = process
        self.name = name
        received = WireBuffer(messageBytesMax: messageBytesMax)
    }

    /// How messages are written from now on.
    var encoding: WireEncoding {
        get { received.encoding }
        set { received.encoding = newValue }
    }

    /// Puts a message on its way; it goes while answers are waited for.
    mutating func send(_ message: CBORValue) {
        encoding.append(message, to: &pending)
    }

    /// Puts bytes on their way that need not be a message.
    mutating func send(bytes: [UInt8]) { pending += bytes }

    /// The next message; `deadline` in nanoseconds of the monotonic clock.
    mutating func receive(by deadline: UInt64) throws(PluginFault) -> CBORValue {
        while true {
            do throws(WireError) {
                if let message = try received.next() { return message }
            } catch {
                throw PluginFault(.wire, name, "it wrote \(error)")
            }
            try move(by: deadline)
        }
    }

    /// Writes all that is on its way.
    mutating func flush(by deadline: UInt64) throws(PluginFault) {
        while sent < pending.count { try move(by: deadline) }
    }

    private mutating func move(by deadline: UInt64) throws(PluginFault) {
        let now = Self.now
        guard now < deadline else { throw PluginFault(.timeout, name, "it did not answer in time") }
        var ends = [pollfd(fd: process.output, events: Int16(POLLIN), revents: 0)]
        if sent < pending.count {
            ends.append(pollfd(fd: process.input, events: Int16(POLLOUT), revents: 0))
        }
        let milliseconds = Int32(clamping: (deadline - now) / 1_000_000 + 1)
        let count = unsafe poll(&ends, nfds_t(ends.count), milliseconds)
        if count <= 0 { return }
        if ends.count > 1, ends[1].revents != 0 { try write() }
        if ends[0].revents != 0 { try read() }
    }

    private mutating func write() throws(PluginFault) {
        let count = unsafe pending.withUnsafeBytes { bytes in
            unsafe annals_write(
                process.input,
                bytes.baseAddress.map { unsafe $0 + sent },
                bytes.count - sent
            )
        }
        if count < 0 {
            // What it said before it went is still to be read, and how it went to be told.
            if errno == EPIPE { sent = pending.count }
            return
        }
        sent += count
        if sent == pending.count {
            pending.removeAll(keepingCapacity: pending.count < 1 << 22)
            sent = 0
        }
    }

    private mutating func read() throws(PluginFault) {
        let count = unsafe room.withUnsafeMutableBytes { bytes in
            unsafe Glibc.read(process.output, bytes.baseAddress, bytes.count)
        }
        if count > 0 {
            let bytes = room
            return received.append(bytes.span.extracting(0..<count))
        }
        if count < 0 { return }
        throw ended()
    }

    /// Why nothing more comes.
    private func ended() -> PluginFault {
        switch process.end(within: 500) {
        case .memory: PluginFault(.memory, name, "it was ended for its memory")
        case .exit(let status):
            PluginFault(.crashed, name, "it ended with status \(status) before it had answered")
        case .signal(9): PluginFault(.crashed, name, "it closed its messages, and was killed")
        case .signal(let signal): PluginFault(.crashed, name, "signal \(signal) ended it")
        }
    }

    /// Waits on the thread.
    static func pause(seconds: Double) { usleep(UInt32(seconds * 1e6)) }

    /// Nanoseconds of the monotonic clock.
    static var now: UInt64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
