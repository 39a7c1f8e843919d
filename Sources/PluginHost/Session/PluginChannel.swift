internal import Bytes
internal import CLauncher
internal import Glibc

/// Messages to and from a process, and what it prints meanwhile, each within a time.
///
/// Reads while it writes: a plugin may answer before it has read all, and neither side may wait for
/// the other for ever.
struct PluginChannel: ~Copyable {
    let process: PluginProcess
    private let name: String
    private var received = WireBuffer()
    private var pending: [UInt8] = []
    private var sent = 0
    private var room = [UInt8](repeating: 0, count: 1 << 16)
    private var prints = PrintedLines()
    private var log: PluginLog

    init(_ process: PluginProcess, name: String, log: PluginLog) {
        self.process = process
        self.name = name
        self.log = log
    }

    /// How messages are written from now on.
    var encoding: WireEncoding {
        get { received.encoding }
        set { received.encoding = newValue }
    }

    /// What may still come.
    var allowance: WireAllowance {
        get { received.allowance }
        set { received.allowance = newValue }
    }

    /// Puts a message on its way; it goes while answers are waited for.
    mutating func send(_ message: CBORValue) {
        encoding.append(message, to: &pending)
    }

    /// Puts bytes on their way that need not be a message.
    mutating func send(bytes: [UInt8]) { pending += bytes }

    /// The next message of a type; `deadline` in nanoseconds of the monotonic clock.
    ///
    /// What it has to say in between goes to the log.
    mutating func receive(
        _ type: String,
        by deadline: UInt64
    ) throws(PluginFault) -> CBORValue {
        while true {
            let before = received.allowance
            let message = try receive(by: deadline)
            switch message["type"]?.text {
            case type: return message
            case "log", "progress":
                // It is not kept, and so is no burden.
                received.allowance = before
                log.add { PluginLogLine($0, message) }
            case let other:
                let found = other?.clipped(to: 100) ?? "without type"
                throw PluginFault(.wire, name, "it wrote a message '\(found)', not '\(type)'")
            }
        }
    }

    /// The next message, whatever it is.
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

    /// Waits for it to end by itself, while it prints what it likes, then kills it.
    mutating func end(by deadline: UInt64) -> PluginProcess.Ending {
        var ends = [
            pollfd(fd: process.prints, events: Int16(POLLIN), revents: 0),
            pollfd(fd: process.output, events: Int16(POLLIN), revents: 0),
        ]
        while Self.now < deadline {
            if let ending = process.poll() {
                tellRest()
                return ending
            }
            _ = unsafe poll(&ends, nfds_t(ends.count), 5)
            if ends[0].revents != 0, !prints.read(process.prints, to: &log) { ends[0].fd = -1 }
            // What it writes after all was said is for nobody.
            if ends[1].revents != 0, readSome() <= 0 { ends[1].fd = -1 }
            if ends[0].fd < 0, ends[1].fd < 0 { usleep(2000) }
        }
        process.kill()
        let ending = process.end(within: 0)
        tellRest()
        return ending
    }

    /// Reads what was printed last; bounded, as others may hold the other end.
    mutating func tellRest() {
        for _ in 0..<16 where prints.isOpen {
            guard prints.read(process.prints, to: &log) else { break }
        }
        log.tellLeftOut()
    }

    private mutating func move(by deadline: UInt64) throws(PluginFault) {
        let now = Self.now
        guard now < deadline else { throw PluginFault(.timeout, name, "it did not answer in time") }
        let isWriting = sent < pending.count
        var ends = (
            pollfd(fd: process.output, events: Int16(POLLIN), revents: 0),
            pollfd(fd: prints.isOpen ? process.prints : -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: isWriting ? process.input : -1, events: Int16(POLLOUT), revents: 0)
        )
        let milliseconds = Int32(clamping: (deadline - now) / 1_000_000 + 1)
        let count = unsafe withUnsafeMutableBytes(of: &ends) { bytes in
            unsafe poll(bytes.assumingMemoryBound(to: pollfd.self).baseAddress, 3, milliseconds)
        }
        if count <= 0 { return }
        if ends.2.revents != 0 { write() }
        if ends.1.revents != 0 { prints.read(process.prints, to: &log) }
        if ends.0.revents != 0 { try read() }
    }

    private mutating func write() {
        let count = unsafe pending.withUnsafeBytes { bytes in
            unsafe annals_write(
                process.input,
                bytes.baseAddress.map { unsafe $0 + sent },
                bytes.count - sent
            )
        }
        if count < 0 {
            // What it said before it went is still to be read, and how it went to be told.
            if errno == EPIPE || errno == ECONNRESET { sent = pending.count }
            return
        }
        sent += count
        if sent == pending.count {
            pending.removeAll(keepingCapacity: pending.count < 1 << 22)
            sent = 0
        }
    }

    private mutating func read() throws(PluginFault) {
        let count = readSome()
        if count > 0 {
            let bytes = room
            received.append(bytes.span.extracting(0..<count))
        } else if count == 0 {
            throw ended()
        }
    }

    private mutating func readSome() -> Int {
        unsafe room.withUnsafeMutableBytes { bytes in
            unsafe Glibc.read(process.output, bytes.baseAddress, bytes.count)
        }
    }

    /// Why nothing more comes.
    private mutating func ended() -> PluginFault {
        let ending = end(by: Self.now + 500_000_000)
        let last =
            prints.last.isEmpty ? "" : "; the last it printed: \(prints.last.clipped(to: 300))"
        switch ending {
        case .memory: return PluginFault(.memory, name, "it \(ending.words)")
        case .processes, .scratch: return PluginFault(.limit, name, "it \(ending.words)")
        case .exit:
            return PluginFault(.crashed, name, "it \(ending.words) before it had answered" + last)
        case .signal(9):
            return PluginFault(.crashed, name, "it closed its messages, or was killed" + last)
        case .signal: return PluginFault(.crashed, name, "it \(ending.words)" + last)
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

    /// The time so many seconds from now.
    static func deadline(_ seconds: Double) -> UInt64 { now + UInt64(seconds * 1e9) }
}
