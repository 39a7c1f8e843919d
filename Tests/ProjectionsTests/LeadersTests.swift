import Bytes
import Events
import Projections
import Testing

@Suite("The index of leaders")
struct LeadersTests {
    private let putin = Annotation.leader("vladimir-putin", "Vladimir Putin", role: "President")

    @Test("documents, mentions, roles and dates are gathered, most documents first")
    func gathers() throws {
        let store = try TemporaryStore()
        store.addDocument(
            "b.txt",
            published: "2017-11-21",
            leaders: [
                .leader("donald-trump", "Donald Trump", role: "President", mentions: 2),
                .leader("vladimir-putin", "Vladimir Putin", role: "President", inTitle: true),
            ]
        )
        store.addDocument(
            "a.txt",
            published: "2009-03-01",
            leaders: [.leader("vladimir-putin", "Vladimir Putin", role: "Prime Minister")]
        )
        try store.commit()
        let json = try store.view(.leaders).table().json
        #expect(
            json == """
                [{"leader":"vladimir-putin","name":"Vladimir Putin","documents":2,"mentions":3,\
                "roles":["Prime Minister","President"],"first":"2009-03-01","last":"2017-11-21"},\
                {"leader":"donald-trump","name":"Donald Trump","documents":1,"mentions":2,\
                "roles":["President"],"first":"2017-11-21","last":"2017-11-21"}]
                """
        )
    }

    @Test("without a date first and last are null, and the date of the cleaned text counts")
    func dates() throws {
        let store = try TemporaryStore()
        store.addDocument("a.txt", leaders: [putin])
        try store.commit()
        let undated = try #require(try store.view(.leaders).index().first)
        #expect(undated.first == nil && undated.last == nil && undated.roles == ["President"])
        store.addIngested("b.txt")
        var fields = DocumentFields()
        fields.published = .init(iso: "2017-11-21")
        store.add("b.txt", .cleaned(fields))
        store.addEnriched("b.txt", "leaders", [putin])
        try store.commit()
        let dated = try #require(try store.view(.leaders).index().first)
        #expect(dated.first == "2017-11-21" && dated.documents == 2)
    }

    @Test("a new revision, a failure and a retraction take back what was said before")
    func supersession() throws {
        let store = try TemporaryStore()
        store.addDocument("a.txt", published: "2017-11-21", leaders: [putin])
        store.addDocument("b.txt", published: "2017-11-22", leaders: [putin])
        try store.commit()
        #expect(try store.view(.leaders).index().first?.documents == 2)
        store.addDocument("a.txt", leaders: [.leader("donald-trump", "Donald Trump")])
        store.addFailed("b.txt")
        try store.commit()
        #expect(try store.view(.leaders).index().map(\.id) == ["donald-trump"])
        store.addDocument("a.txt")
        try store.commit()
        #expect(try store.view(.leaders).index().isEmpty)
    }

    @Test("a document dropped or found to be a duplicate after enrichment does not count")
    func fate() throws {
        let store = try TemporaryStore()
        store.addDocument("a.txt", leaders: [putin])
        store.addDropped("a.txt")
        store.addDocument("b.txt", leaders: [putin])
        store.addDuplicate("b.txt", of: "a.txt")
        store.addDocument("c.txt", leaders: [putin])
        try store.commit()
        #expect(try store.view(.leaders).index().first?.documents == 1)
    }

    @Test(
        "another annotator's findings are not taken for leaders, and any annotator can be indexed"
    )
    func annotators() throws {
        let store = try TemporaryStore()
        store.addDocument("a.txt", leaders: [putin], topics: [.topic("syria", "Syria")])
        try store.commit()
        #expect(try store.view(.leaders).index().map(\.id) == ["vladimir-putin"])
        let places = try ProjectionDeclaration(
            name: "subjects",
            verb: "index",
            annotator: "topics",
            by: ["subject"]
        )
        #expect(
            try store.view(places).table().json == """
                [{"subject":"syria","name":"Syria","documents":1,"mentions":1,"roles":[],\
                "first":null,"last":null}]
                """
        )
    }

    @Test("one id annotated twice is one finding with the roles of both")
    func joined() throws {
        let store = try TemporaryStore()
        store.addDocument(
            "a.txt",
            leaders: [
                putin,
                Annotation(
                    id: "vladimir-putin",
                    label: "V. Putin",
                    spans: [ByteSpan(start: 50, end: 55)],
                    fields: [
                        CBORValue.Pair(
                            "roles",
                            .array([.text("President"), .text("Prime Minister")])
                        )
                    ]
                ),
            ]
        )
        try store.commit()
        let row = try #require(try store.view(.leaders).index().first)
        #expect(row.documents == 1 && row.mentions == 2 && row.name == "Vladimir Putin")
        #expect(row.roles == ["President", "Prime Minister"])
    }

    @Test("a name that would leave the folder, or hide a built-in projection, is refused")
    func names() {
        for name in ["../x", "", "A", "documents", "a/b"] {
            #expect(throws: ProjectionError.self) {
                try ProjectionDeclaration(name: name, verb: "index", annotator: "x", by: ["y"])
            }
        }
    }
}
