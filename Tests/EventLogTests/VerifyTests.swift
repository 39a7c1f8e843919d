import EventLog
import Synchronization
import Testing

@Suite("Verifying segments side by side")
struct VerifyTests {
    @Test("the report is the same for any number of jobs, whatever is damaged")
    func sameReport() throws {
        let (files, _) = try RepairCheck.store()
        var generator = SeededGenerator(state: 3)
        var damaged = [files]
        for path in RepairCheck.segments(files) + ["store/HEAD"] {
            let size = files[path]?.count ?? 0
            for offset in stride(from: 0, to: size, by: damageStep * 3) {
                var changed = files
                changed[path]?[offset] ^= 1
                if generator.next() % 2 == 0 {
                    let other = RepairCheck.segments(files).randomElement(using: &generator)
                    changed[other ?? path]?[4300] ^= 1
                }
                damaged.append(changed)
            }
            var missing = files
            missing[path] = nil
            damaged.append(missing)
        }
        var repaired = damaged[7]
        let disk = MemoryStorage(repaired)
        if (try? LogRepair.perform("store", storage: disk)) != nil { repaired = disk.files }
        damaged.append(repaired)
        for (index, files) in damaged.enumerated() {
            let disk = MemoryStorage(files)
            let one = Result { try LogVerifier.verify("store", storage: disk) }
            for jobs in [2, 7] {
                let several = Result { try LogVerifier.verify("store", storage: disk, jobs: jobs) }
                switch (one, several) {
                case (.success(let first), .success(let second)): #expect(first == second)
                case (.failure(let first), .failure(let second)):
                    #expect(first as? LogError == second as? LogError)
                default: Issue.record("store \(index): one failed, one did not")
                }
            }
            #expect(disk.openCount == 0)
        }
    }

    @Test("progress rises to the size of all segments", arguments: [1, 2, 7])
    func progress(jobs: Int) throws {
        let disk = MemoryStorage()
        let options = LogOptions(segmentByteLimit: 600_000)
        let writer = try EventLogWriter.open("store", storage: disk, options: options)
        for _ in 0..<12 {
            try Sample.append(to: writer, count: 40, compression: .none, contentByteCount: 30_000)
        }
        let total = disk.files.filter { $0.key.hasSuffix(".seg") }.reduce(0) { $0 + $1.value.count }
        let seen = Mutex<[VerifyProgress]>([])
        let report = try LogVerifier.verify("store", storage: disk, jobs: jobs) { progress in
            seen.withLock { $0.append(progress) }
        }
        #expect(report.ok)
        #expect(report.events == 480)
        let steps = seen.withLock { $0 }
        #expect(steps.count >= 3)
        #expect(zip(steps, steps.dropFirst()).allSatisfy { $0.done < $1.done })
        #expect(steps.allSatisfy { $0.total == UInt64(total) })
        #expect(steps.last?.done == UInt64(total))
    }
}
