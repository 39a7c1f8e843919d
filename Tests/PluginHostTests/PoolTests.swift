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
            "if i == 0 and any(e['id'].startswith('bad') for e in m['documents']): os._exit(1)",
            "if d['id'].startswith('bad'): sleep()",
            "if d['id'].startswith('bad'): a['index'] = 0.5",
        ],
        [1, 4]
    )
    func blame(behaviour: String, instances: Int) async throws {
        let probe = try Probe(document: behaviour + "\na['found'] = d['id']", needs: "seconds: 1.5")
        let pool = probe.pool { $0.instances = instances }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for start in stride(from: 0, to: 100, by: 25) {
                group.addTask {
                    let ids = Self.ids[start..<start + 25]
                    let answers = try await pool.answers(to: ids.map(Probe.document))
                    #expect(answers.count == 25)
                    for (id, answer) in zip(ids, answers) {
                        switch answer {
                        case .success(let value): #expect(value["found"]?.text == id)
                        case .failure(let fault):
                            #expect(id.hasPrefix("bad"))
                            #expect([.crashed, .timeout, .wire].contains(fault.code))
                        }
                    }
                    #expect(
                        answers.count { (try? $0.get()) == nil }
                            == ids.count { $0.hasPrefix("bad") }
                    )
                }
            }
            try await group.waitForAll()
        }
        await pool.shutDown()
    }
}
