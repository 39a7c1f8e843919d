import EventLog
import Events
import Projections
import Testing

@Suite("The other projections")
struct ViewsTests {
    @Test("topics are counted, by month too, an unknown month last")
    func topics() throws {
        let store = try TemporaryStore()
        let syria = Annotation.topic("syria", "Syria")
        let iran = Annotation.topic("iran", "Iran")
        store.addDocument("a", published: "2017-11-21", topics: [iran, syria])
        store.addDocument("b", published: "2017-11-30", topics: [syria])
        store.addDocument("c", topics: [syria])
        try store.commit()
        #expect(
            try store.view(.topics).table().json == """
                [{"topic":"syria","label":"Syria","documents":3},\
                {"topic":"iran","label":"Iran","documents":1}]
                """
        )
        #expect(
            try store.view(.topicsByMonth).table().json == """
                [{"topic":"syria","label":"Syria","month":"2017-11","documents":2},\
                {"topic":"iran","label":"Iran","month":"2017-11","documents":1},\
                {"topic":"syria","label":"Syria","month":null,"documents":1}]
                """
        )
    }

    @Test("documents come in order of arrival, each with what became of it")
    func documents() throws {
        let store = try TemporaryStore()
        store.addDocument("z.txt", title: "Calls", published: "2017-11-21", source: "z.txt")
        store.addIngested("a.txt", source: "a.txt")
        store.addDropped("a.txt")
        store.addIngested("b.txt", source: "b.txt")
        store.addDuplicate("b.txt", of: "z.txt")
        store.addFailed("c.txt")
        try store.commit()
        store.addDocument("z.txt", title: "Calls again", source: "z.txt")
        try store.commit()
        #expect(
            try store.view(.documents).table().json == """
                [{"document":"z.txt","source":"z.txt","title":"Calls again","published":null,\
                "status":"kept","duplicate_of":null},\
                {"document":"a.txt","source":"a.txt","title":null,"published":null,\
                "status":"dropped","duplicate_of":null},\
                {"document":"b.txt","source":"b.txt","title":null,"published":null,\
                "status":"duplicate","duplicate_of":"z.txt"},\
                {"document":"c.txt","source":"bad.txt","title":null,"published":null,\
                "status":"failed","duplicate_of":null}]
                """
        )
    }

    @Test("copies of copies are one cluster, and a revision leaves it")
    func duplicates() throws {
        let store = try TemporaryStore()
        for id in ["a", "b", "c", "d"] { store.addIngested(id) }
        store.addDuplicate("b", of: "a", similarity: 1)
        store.addDuplicate("c", of: "b", similarity: 0.85)
        store.addDuplicate("d", of: "a")
        try store.commit()
        #expect(
            try store.view(.duplicates).table().json == """
                [{"document":"a","copies":[\
                {"document":"b","kind":"exact","similarity":1},\
                {"document":"c","kind":"near","similarity":0.85},\
                {"document":"d","kind":"near","similarity":0.9}]}]
                """
        )
        store.addDocument("d")
        try store.commit()
        #expect(try store.view(.duplicates).duplicates().first?.copies.count == 2)
    }

    @Test("copies in a circle are told once and do not hang")
    func circle() throws {
        let store = try TemporaryStore()
        store.addDuplicate("a", of: "b")
        store.addDuplicate("b", of: "a")
        store.addDuplicate("c", of: "b")
        try store.commit()
        let clusters = try store.view(.duplicates).duplicates()
        #expect(clusters.map(\.document) == ["a"])
        #expect(clusters.first?.copies.map(\.document) == ["a", "b", "c"])
    }

    @Test("a failure stands until the document is read again")
    func failures() throws {
        let store = try TemporaryStore()
        store.addDocument("a.txt")
        store.addFailed("bad.txt")
        try store.commit()
        #expect(
            try store.view(.failures).table().json == """
                [{"document":"bad.txt","code":"ingest.not-text","message":"not UTF-8",\
                "file":"bad.txt","offset":17,"attempt":1,"retryable":false,"position":5}]
                """
        )
        store.addDocument("bad.txt")
        try store.commit()
        #expect(try store.view(.failures).failures().isEmpty)
    }

    @Test("runs count the events of their batches and show their balance")
    func runs() throws {
        let store = try TemporaryStore()
        var balance = StageBalance(stage: "ingest")
        balance.input = 1
        balance.kept = 1
        store.add("run-1", RunStarted(engine: "local", sources: ["*.txt"]))
        store.addDocument("a.txt")
        try store.commit()
        store.add("run-1", RunFinished(stages: [balance], unchanged: 0))
        try store.commit()
        store.run = "run-2"
        store.add("run-2", RunStarted(engine: "local", sources: ["*.txt"]))
        try store.commit()
        #expect(
            try store.view(.runs).table().json == """
                [{"run":"run-1","started":"2017-11-21T10:00:00.000000Z",\
                "finished":"2017-11-21T10:00:01.000000Z","events":7,\
                "stages":[{"stage":"ingest","in":1,"kept":1,"dropped":0,"duplicates":0,\
                "failed":0}]},\
                {"run":"run-2","started":"2017-11-21T10:00:02.000000Z","finished":null,\
                "events":1,"stages":[]}]
                """
        )
    }

    @Test("an event of a newer schema stops the fold, naming type, version and position")
    func newerEvent() throws {
        let store = try TemporaryStore()
        store.addDocument("a.txt")
        store.add("b.txt", DocumentUnique(fingerprint: .none), schemaVersion: 9)
        try store.commit()
        let engine = try store.engine()
        for declaration in [ProjectionDeclaration.leaders, .documents, .duplicates] {
            let error = #expect(throws: ProjectionError.self) {
                try engine.catchUp([declaration])
            }
            #expect(error?.code == .newerEvent)
            #expect(error?.position?.rawValue == 5)
            #expect(error?.found == "document.unique version 9")
        }
        #expect(throws: Never.self) { try engine.catchUp([.failures]) }
    }
}
