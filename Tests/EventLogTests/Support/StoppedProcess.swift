import EventLog
import Synchronization

/// The storage of a process that can be stopped before a call, for others to go on meanwhile.
final class StoppedProcess: Sendable {
    let disk: MemoryStorage
    private let stop = StopPoint()
    let storage: FaultyStorage

    init(_ disk: MemoryStorage) {
        self.disk = disk
        let stop = self.stop
        storage = FaultyStorage(disk, pause: { stop.arrive(at: $0) })
    }

    /// Runs `meanwhile` before the call that is `call` calls from here.
    func stop(before call: Int, _ meanwhile: @escaping @Sendable () -> Void) {
        stop.set(storage.callCount + call, meanwhile)
    }

    /// Whether it has come to the stop that was set last.
    var wasStopped: Bool { stop.wasReached }
}

private final class StopPoint: Sendable {
    private let next = Mutex<(call: Int, meanwhile: @Sendable () -> Void)?>(nil)

    var wasReached: Bool { next.withLock { $0 == nil } }

    func set(_ call: Int, _ meanwhile: @escaping @Sendable () -> Void) {
        next.withLock { $0 = (call, meanwhile) }
    }

    func arrive(at call: Int) {
        let reached = next.withLock { next in
            guard let stop = next, stop.call == call else { return nil as (@Sendable () -> Void)? }
            next = nil
            return stop.meanwhile
        }
        reached?()
    }
}
