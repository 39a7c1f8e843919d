import EventLog

/// What reader, verification and writer make of a damaged store.
struct DamageJudge {
    /// The outcome of one damage.
    enum Outcome: Hashable {
        /// Named by `verify`; where events are lost, these are.
        case detected([ClosedRange<UInt64>])
        /// Nobody complains, and nothing is missing.
        case harmless
        /// What must never be.
        case silent(String)
    }

    /// What `verify` says.
    struct Verdict {
        var isOk = false
        var lost: [ClosedRange<UInt64>] = []
    }

    let events: [SampleEvent]
    /// Whether a reader also scans for one type, which passes over segments by their footers.
    var filters = true

    func judge(_ files: [String: [UInt8]]) -> Outcome {
        let verdict = verdict(files)
        if let fault = readingFault(files, verdict) ?? writingFault(files, verdict) {
            return .silent(fault)
        }
        return verdict.isOk ? .harmless : .detected(verdict.lost)
    }

    private func verdict(_ files: [String: [UInt8]]) -> Verdict {
        do throws(LogError) {
            let report = try LogVerifier.verify("store", storage: MemoryStorage(files))
            let lost: [ClosedRange<UInt64>] = report.damage.compactMap { damage in
                guard let first = damage.first, let last = damage.last else { return nil }
                return first.rawValue...last.rawValue
            }
            return Verdict(isOk: report.ok, lost: lost)
        } catch {
            return Verdict()
        }
    }

    /// How a reader was fooled: events that were never appended, or left out without a word.
    private func readingFault(_ files: [String: [UInt8]], _ verdict: Verdict) -> String? {
        let disk = MemoryStorage(files)
        guard let reader = try? EventLogReader.open("store", storage: disk) else { return nil }
        if filters, let fault = filteredFault(reader) { return fault }
        let end = reader.end.rawValue
        var position: UInt64 = 0
        while position < end {
            var cursor = reader.cursor(from: EventPosition(position), content: true)
            do throws(LogError) {
                while try cursor.next() {
                    let read = Sample.events(of: cursor.batch)
                    let next = Int(position) + read.count
                    guard next <= events.count, read.elementsEqual(events[Int(position)..<next])
                    else { return "a reader sees other events at \(position)" }
                    position = UInt64(next)
                }
                return position == end ? nil : "a reader ends early, in silence"
            } catch {
                guard error.code == .corrupt, !verdict.isOk else {
                    return "only a reader fails: \(error)"
                }
                guard let lost = error.positions else { return nil }
                guard lost.lowerBound.rawValue >= position else {
                    return "a reader calls events lost that it has read"
                }
                position = lost.upperBound.rawValue + 1
            }
        }
        return nil
    }

    /// How a scan for one type was fooled: an event of it left out without a word.
    private func filteredFault(_ reader: EventLogReader) -> String? {
        let type = events[0].type
        var cursor = reader.cursor(types: [type])
        var seen = 0
        do throws(LogError) {
            while try cursor.next() {
                for index in cursor.batch.indices where cursor.batch.type(index) == type {
                    seen += 1
                }
            }
        } catch {
            return nil
        }
        let expected = events.prefix(Int(reader.end.rawValue)).count { $0.type == type }
        return seen == expected ? nil : "a scan for a type sees \(seen) of \(expected)"
    }

    /// How a writer was fooled: it cut what was promised, or goes on from other events.
    private func writingFault(_ files: [String: [UInt8]], _ verdict: Verdict) -> String? {
        let disk = MemoryStorage(files)
        do throws(LogError) {
            let writer = try EventLogWriter.open("store", storage: disk)
            guard Int(writer.nextPosition.rawValue) == events.count else {
                return "a writer goes on at \(writer.nextPosition)"
            }
            return tailFault(files, disk, writer.recovery)
        } catch {
            if verdict.isOk { return "only a writer refuses: \(error)" }
            let kept = disk.files.filter { !DamagedStore.isApart($0.key) }
            let before = files.filter { !DamagedStore.isApart($0.key) }
            return kept == before ? nil : "a writer refuses and changes files: \(error)"
        }
    }

    /// Whether what recovery cut is in quarantine, byte for byte.
    private func tailFault(
        _ files: [String: [UInt8]],
        _ disk: MemoryStorage,
        _ recovery: RecoveryReport?
    ) -> String? {
        guard let recovery else { return nil }
        let cut = files["store/log/" + recovery.segment]?.dropFirst(Int(recovery.offset))
        let kept = disk.files["store/" + recovery.quarantine]
        guard let cut, let kept, cut.elementsEqual(kept) else { return "a tail is cut and lost" }
        return nil
    }
}
