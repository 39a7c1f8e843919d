import Testing

/// Invariant 6: after any edit a run leaves what a run from scratch over the same documents leaves,
/// in the order in which the log first saw them.
@Suite("Edits of pipeline and documents")
struct EditsTests {
    @Test("leave what a run from scratch leaves", arguments: 0..<setting("ANNALS_EDITS", 6))
    func equalToScratch(_ seed: Int) throws {
        var store = try EditedStore(seed: UInt64(seed) &* 7919 &+ 11)
        _ = try store.run()
        var history: [String] = []
        for _ in 0..<5 {
            history.append(try store.edit())
            let outcome = try store.run()
            try #require(outcome.status == 0, "\(history) \(outcome.messages)")
        }
        let (edited, fresh) = (try store.state(), try store.fromScratch())
        #expect(edited.digests.count == PipelineText.projections.count, "\(history)")
        #expect(edited.digests == fresh.digests, "\(history)")
        #expect(edited.exports == fresh.exports, "\(history)")
        let verified = try store.folder.annals("log", "verify", "--store", "store")
        #expect(verified.status == 0, "\(verified.messages)\(verified.output)")
        let again = try store.folder.annals("run", "news.yaml", "--format", "json")
        #expect(again.output.contains("\"events\":2,"), "\(history) \(again.output)")
    }
}
