internal import Synchronization

/// One line on a terminal that says how much of something is done; nothing elsewhere.
final class ShareLine: Sendable {
    private let word: String
    private let shown = Mutex(-1)

    init?(_ word: String) {
        guard Console.isErrorTerminal else { return nil }
        self.word = word
    }

    /// Draws the share, if it changed.
    func show(_ done: UInt64, of total: UInt64) {
        let share = total == 0 ? 100 : Int(done * 100 / total)
        let isNew = shown.withLock { shown in
            defer { shown = share }
            return shown != share
        }
        guard isNew else { return }
        let megabytes = BalanceSheet.grouped(Int(total / 1_000_000))
        Console.error("\r\u{1B}[K\(share) % of \(megabytes) MB \(word)")
    }

    /// Takes the line away.
    func end() {
        if shown.withLock({ $0 >= 0 }) { Console.error("\r\u{1B}[K") }
    }
}
