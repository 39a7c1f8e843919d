/// A pipeline over the made-up corpus, with dictionaries of a few entries.
enum PipelineText {
    /// Writes `news.yaml` and its dictionaries.
    static func write(
        into folder: TestFolder,
        from: String = "[news/*.jsonl]",
        ingest: String = "",
        words: String = "20..1000",
        threshold: String = "0.8"
    ) throws {
        try folder.write("leaders.yaml", leaders)
        try folder.write("topics.yaml", topics)
        try folder.write(
            "news.yaml",
            """
            pipeline: news
            store: store
            stages:
              - ingest:
                  from: \(from)\(ingest.isEmpty ? "" : "\n      " + ingest)
              - clean:
                  require: {words: \(words)}
              - deduplicate:
                  near: {threshold: \(threshold)}
              - enrich:
                  - leaders: {dictionary: leaders.yaml}
                  - topics: {dictionary: topics.yaml}
              - export: {to: out/news.jsonl}
              - export: {to: out/news.csv}
            projections:
              leaders: {index: leaders, by: leader}
              topics: {count: topics, by: [topic, month]}

            """
        )
    }

    static let projections = ["leaders", "topics", "documents", "duplicates", "failures"]

    private static let leaders = """
        version: 1
        countries:
          - {id: russia, name: Russia, names: [], adjectives: [Russian]}
          - {id: united-states, name: the United States, names: [US], adjectives: [American]}
        offices:
          - {id: president, title: President, terms: [president], titles: [President], of: country}
        leaders:
          - id: vladimir-putin
            name: Vladimir Putin
            aliases: []
            surnames: [Putin]
            country: russia
            roles:
              - {office: president, country: russia, from: 2012-05-07}
          - id: donald-trump
            name: Donald Trump
            aliases: []
            surnames: [Trump]
            country: united-states
            roles:
              - {office: president, country: united-states, from: 2017-01-20, to: 2021-01-20}

        """

    private static let topics = """
        version: 1
        threshold: 1.0
        topics:
          - {id: syria, label: Syria, kind: place, terms: {Syria: 2}}
          - {id: ukraine, label: Ukraine, kind: place, terms: {Ukraine: 2}}

        """
}
