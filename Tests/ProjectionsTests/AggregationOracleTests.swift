import Bytes
import EventLog
import Events
import GRDB
import Projections
import Testing

/// Declared groups against SQLite: the same question of the same documents, asked in SQL.
@Suite("Declared groups are those of SQL")
struct AggregationOracleTests {
    /// What a history leaves, as tables.
    private static func database(_ history: RandomHistory) throws -> DatabaseQueue {
        let queue = try DatabaseQueue()
        try queue.write { database in
            try database.execute(
                sql: """
                    CREATE TABLE doc (id TEXT, status TEXT, published TEXT, section TEXT);
                    CREATE TABLE leader (doc TEXT, id TEXT, role TEXT, mentions INTEGER);
                    CREATE TABLE topic (doc TEXT, id TEXT);
                    """
            )
            for revision in history.latest {
                let statuses = ["kept", "dropped", "duplicate", "failed", "duplicate"]
                let isFailed = revision.fate == 3
                try database.execute(
                    sql: "INSERT INTO doc VALUES (?, ?, ?, ?)",
                    arguments: [
                        revision.id, statuses[revision.fate], isFailed ? nil : revision.published,
                        isFailed ? nil : "part \(revision.id.utf8.count % 3)",
                    ]
                )
                guard [0, 2].contains(revision.fate) else { continue }
                for leader in revision.leaders {
                    let role = leader.fields.first?.value.text
                    let mentions = leader.spans.count + leader.titleSpans.count
                    try database.execute(
                        sql: "INSERT INTO leader VALUES (?, ?, ?, ?)",
                        arguments: [revision.id, leader.id, role, mentions]
                    )
                }
                for topic in revision.topics {
                    try database.execute(
                        sql: "INSERT INTO topic VALUES (?, ?)",
                        arguments: [revision.id, topic.id]
                    )
                }
            }
        }
        return queue
    }

    /// A declaration and the same question in SQL, of the columns that are not labels.
    struct Question: Sendable, CustomTestStringConvertible {
        let declaration: ProjectionDeclaration
        let sql: String
        var testDescription: String { declaration.name }

        init(_ sql: String, _ make: () throws -> ProjectionDeclaration) throws {
            declaration = try make()
            self.sql = sql
        }
    }

    static let questions: [Question] = {
        let made: [Question]? = try? [
            Question(
                """
                SELECT status, section, count(*) FROM doc GROUP BY 1, 2
                """
            ) {
                try .aggregation(
                    "by-status",
                    .count,
                    of: ["documents"],
                    by: ["status", "metadata.section"]
                )
            },
            Question(
                """
                SELECT role, substr(published, 1, 4), count(DISTINCT doc)
                FROM leader JOIN doc ON doc = doc.id
                WHERE status = 'kept' AND leader.id IN ('leader-1', 'leader-2', 'leader-5')
                GROUP BY 1, 2
                """
            ) {
                try .aggregation(
                    "roles",
                    .count,
                    of: ["leaders"],
                    by: ["role", "year"],
                    where: [.equals("leader", "leader-1", "leader-2", "leader-5")]
                )
            },
            Question(
                """
                SELECT topic.id, role, count(DISTINCT doc.id) FROM doc
                LEFT JOIN topic ON topic.doc = doc.id LEFT JOIN leader ON leader.doc = doc.id
                WHERE status = 'kept' AND published >= '2017-11-01' GROUP BY 1, 2
                """
            ) {
                try .aggregation(
                    "joined",
                    .count,
                    of: ["documents"],
                    by: ["topics.id", "leaders.role"],
                    where: [.compares("published", .atLeast, "2017-11-01")]
                )
            },
            Question(
                """
                SELECT leader.id, section, count(DISTINCT doc), sum(mentions),
                min(published), max(published)
                FROM leader JOIN doc ON doc = doc.id WHERE status = 'kept'
                AND doc.id NOT IN (SELECT doc FROM topic WHERE id = 'topic-3') GROUP BY 1, 2
                """
            ) {
                try .aggregation(
                    "index",
                    .index,
                    of: ["leaders"],
                    by: ["leader", "metadata.section"],
                    where: [
                        .init("topics.id", .not(.equals([.init(text: "topic-3")])))
                    ]
                )
            },
            Question(
                """
                SELECT one.id, other.id, count(*) FROM leader one JOIN leader other
                ON one.doc = other.doc AND one.id < other.id JOIN doc ON doc.id = one.doc
                WHERE status = 'kept' GROUP BY 1, 2 HAVING count(*) >= 2
                """
            ) {
                try .aggregation(
                    "pairs",
                    .pairs,
                    of: ["leaders"],
                    by: ["leader"],
                    atLeast: 2
                )
            },
            Question(
                """
                SELECT month, rank, id, n FROM (SELECT month, id, n, row_number() OVER
                (PARTITION BY month ORDER BY n DESC, id) AS rank FROM
                (SELECT substr(published, 1, 7) AS month, topic.id AS id, count(*) AS n
                FROM topic JOIN doc ON doc.id = topic.doc WHERE status = 'kept' GROUP BY 1, 2))
                WHERE rank <= 2
                """
            ) {
                try .aggregation(
                    "top",
                    .top,
                    of: ["topics"],
                    by: ["topic"],
                    per: ["month"],
                    top: 2
                )
            },
        ]
        return made ?? []
    }()

    @Test("the questions are as many as there are to be") func all() {
        #expect(Self.questions.count == 6)
    }

    @Test("the same groups, each with the same numbers", arguments: questions, RandomHistory.seeds)
    func same(question: Question, seed: UInt64) throws {
        let history = RandomHistory(seed: seed, revisions: 120)
        let store = try TemporaryStore()
        try history.write(history.revisions, to: store)
        let expected = try Self.database(history).read { database in
            try Row.fetchAll(database, sql: question.sql).map { row in
                row.databaseValues.map {
                    $0.isNull ? "null" : String(describing: $0.storage.value ?? "")
                }
                .joined(separator: " | ")
            }
        }
        let table = try store.view(question.declaration).table()
        let shown = table.columns.indices.filter { index in
            let name = table.columns[index]
            return name != "label" && name != "name" && name != "roles"
                && !name.hasSuffix("_label")
        }
        let rows = table.rows.map { row in
            shown.map { Self.text(row[$0]) }.joined(separator: " | ")
        }
        #expect(!expected.isEmpty)
        #expect(rows.sorted() == expected.sorted())
    }

    private static func text(_ cell: Projections.Table.Cell) -> String {
        switch cell {
        case .text(let text): text
        case .integer(let number): String(number)
        case .null: "null"
        default: "\(cell)"
        }
    }
}
