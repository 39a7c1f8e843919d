internal import Bytes
internal import Synchronization

extension PluginPool {
    /// Documents that are asked for together.
    private struct Part {
        var range: Range<Int>
        /// Whether a process fell over them before, alone or with others.
        var isSuspect = false
    }

    /// Asks for a batch, and for less and less of it where the process falls.
    ///
    /// It ends: a part that a fresh process fell over is cut, or blamed if it is a suspect alone;
    /// and after each fall the next process is a fresh one.
    func work(
        _ documents: [CBORValue],
        _ member: String,
        _ seat: PluginSeat,
        _ job: PluginJob
    ) -> [Answer] {
        var answers: [Answer] = []
        // The parts still to be asked for, the next one last.
        var parts = stride(from: 0, to: documents.count, by: manifest.needs.batch).map {
            Part(range: $0..<min(documents.count, $0 + manifest.needs.batch))
        }
        parts.reverse()
        while let part = parts.popLast(), !job.isCancelled {
            let (outcome, wasFresh) = ask(Array(documents[part.range]), member, seat, job)
            answers += outcome.answers.map { .success($0) }
            guard let fault = outcome.fault else { continue }
            if fatal != nil || job.isCancelled { return answers }
            let rest = part.range.lowerBound + outcome.answers.count..<part.range.upperBound
            if !wasFresh, outcome.answers.isEmpty, Self.mayBeOfAnEarlierBatch(fault) {
                // It may have fallen before it read these.
                parts.append(part)
            } else if part.range.count == 1, part.isSuspect || fault.code == .timeout {
                answers.append(.failure(fault))
                noteFailure(fault)
            } else if rest.count == 1 {
                parts.append(Part(range: rest, isSuspect: true))
            } else {
                // It answers one by one: the first without an answer did it. Else it may be any.
                let size = outcome.answers.isEmpty ? rest.count / 2 : 1
                let middle = rest.lowerBound + size
                let isSuspect = outcome.answers.isEmpty
                parts.append(Part(range: middle..<rest.upperBound, isSuspect: isSuspect))
                parts.append(Part(range: rest.lowerBound..<middle, isSuspect: true))
            }
            say("\(fault.message); it is started again")
            job.pause(seconds: limits.pauseSeconds)
        }
        return answers
    }

    private static func mayBeOfAnEarlierBatch(_ fault: PluginFault) -> Bool {
        switch fault.code {
        case .crashed, .wire, .memory, .limit: true
        default: false
        }
    }

    /// Asks the process of a seat, which is started if there is none; it is gone after a fault.
    private func ask(
        _ documents: [CBORValue],
        _ member: String,
        _ seat: PluginSeat,
        _ job: PluginJob
    ) -> (PluginSession.Outcome, wasFresh: Bool) {
        defer { job.use(nil) }
        return seat.session.withLock { session in
            do throws(PluginFault) {
                if session == nil { session = try begin(seat.number, job) }
            } catch {
                return (PluginSession.Outcome(fault: error), true)
            }
            guard var current = session.take() else { return (PluginSession.Outcome(), true) }
            job.use(current.process)
            let wasFresh = current.isFresh
            let outcome = current.answers(to: documents, as: member)
            if outcome.fault == nil { session = consume current }
            return (outcome, wasFresh)
        }
    }
}
