import Bytes
import Testing

@testable import PluginHost

@Suite("The processes of a plugin")
struct PoolTests {
    private static let ids = (0..<100).map { $0 == 37 || $0 == 61 ? "bad-\($0)" : "good-\($0)" }

    @Test(
        "blame one document and answer for the others, in order",
        arguments: [
            "if d['id'].startswith('bad'): os._exit(0)",
            "if any(e['id'].startswith('bad') for e in m['documents']): os._exit(1)",
            "if d['id'].startswith('bad'): time.sleep(60)",
        ],
        [1, 3]
    )
    func blame(behaviour: String, instances: Int) async throws {
        let (manifest, program) = try SessionTests.program(behaviour + "\na['found'] = d['id']")
        var limits = PluginPool.Limits()
        limits.instances = instances
        let pool = PluginPool(
            manifest,
            options: .map([]),
            limits: limits,
            program: { _ in program },
            log: { _ in }
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            for start in stride(from: 0, to: 100, by: 25) {
                group.addTask {
                    let ids = Self.ids[start..<start + 25]
                    let answers = try await pool.answers(to: ids.map(SessionTests.document))
                    for (id, answer) in zip(ids, answers) {
                        switch answer {
                        case .success(let value): #expect(value["found"]?.text == id)
                        case .failure(let fault):
                            #expect(id.hasPrefix("bad"))
                            #expect(fault.code == .crashed || fault.code == .timeout)
                        }
                    }
                    #expect(answers.count == 25)
                    #expect(answers.count { (try? $0.get()) == nil } == ids.count { $0.hasPrefix("bad") })
                }
            }
            try await group.waitForAll()
        }
        await pool.shutDown()
    }
}
