import Bytes
import Events
import Pipeline
import Testing
import YAML

@testable import Stages

/// Small dictionaries, written for these tests from facts, and ways to read texts with them.
enum EnrichFixture {
    static func node(_ text: String, name: String = "fixture.yaml") throws -> Node {
        try YAMLParser.parse(YAMLSource(name: name, text: text))
    }

    static func context(folder: String = "") -> StageContext {
        StageContext(name: "enrich", number: 2, folder: folder, diagnostics: DiagnosticBag())
    }

    static func document(_ body: String, title: String? = nil, date: String? = nil) -> Document {
        var fields = DocumentFields()
        fields.title = title
        fields.published = date.flatMap { CalendarDate(iso: $0) }
        var document = Document(
            id: DocumentID(rawValue: "a"),
            fields: fields,
            metadata: .map([]),
            body: Array(body.utf8),
            revision: "",
            origin: Document.Origin(source: "a", offset: 0, record: nil)
        )
        document.tokenize()
        return document
    }

    static func annotator(leaders yaml: String = leaders) throws -> LeadersAnnotator {
        var context = context()
        let dictionary = try LeaderDictionaryReader.read(root: node(yaml), &context)
        return LeadersAnnotator(try #require(dictionary))
    }

    static func annotator(topics yaml: String = topics) throws -> TopicsAnnotator {
        var context = context()
        let dictionary = try TopicDictionaryReader.read(root: node(yaml), &context)
        return TopicsAnnotator(try #require(dictionary))
    }

    static func findings(
        _ annotator: some Annotator,
        _ document: Document
    ) throws -> DocumentEnriched {
        var documents = [document]
        annotator.annotate(&documents, stage: 2)
        return try #require(documents[0].enrichments.first)
    }

    /// The stretch of a text that a span names.
    static func text(_ span: ByteSpan, of text: String) -> String {
        String(decoding: Array(text.utf8)[span.start..<span.end], as: UTF8.self)
    }

    static let leaders = """
        version: 1
        countries:
          - {id: russia, name: Russia, names: [Russian Federation], adjectives: [Russian]}
          - {id: united-states, name: the United States, names: [US, U.S., USA], adjectives: [US, U.S., American]}
          - {id: united-kingdom, name: the United Kingdom, names: [UK, Britain], adjectives: [British]}
          - {id: syria, name: Syria, names: [], adjectives: [Syrian]}
          - {id: saudi-arabia, name: Saudi Arabia, names: [], adjectives: [Saudi]}
          - {id: north-korea, name: North Korea, names: [DPRK], adjectives: [North Korean]}
          - {id: turkey, name: Turkey, names: [], adjectives: [Turkish]}
          - {id: iran, name: Iran, names: [], adjectives: [Iranian]}
        offices:
          - {id: president, title: President, terms: [president, presidents], titles: [President, Pres.], of: country}
          - {id: prime-minister, title: Prime Minister, terms: [prime minister, prime ministers], titles: [Prime Minister, PM], of: country}
          - {id: king, title: King, terms: [king, kings], titles: [King], of: country}
          - {id: leader, title: Leader, terms: [], titles: [Leader], of: country}
          - {id: foreign-minister, title: Foreign Minister, terms: [foreign minister, foreign ministers], titles: [Foreign Minister], of: country}
          - {id: defence-minister, title: Defence Minister, terms: [defence minister], titles: [Defence Minister], of: country}
          - {id: secretary-of-state, title: Secretary of State, terms: [secretary of state], titles: [Secretary of State], of: country}
          - {id: minister, title: Minister, terms: [], titles: [Minister], of: country}
        exclusions: [Trump Tower, Bush House, "Clinton, Iowa"]
        leaders:
          - id: vladimir-putin
            name: Vladimir Putin
            aliases: [Vladimir Vladimirovich Putin]
            surnames: [Putin]
            country: russia
            roles:
              - {office: prime-minister, country: russia, from: 1999-08-16, to: 2000-05-07}
              - {office: president, country: russia, from: 2000-05-07, to: 2008-05-07}
              - {office: prime-minister, country: russia, from: 2008-05-08, to: 2012-05-07}
              - {office: president, country: russia, from: 2012-05-07}
          - id: dmitry-medvedev
            name: Dmitry Medvedev
            surnames: [Medvedev]
            country: russia
            roles:
              - {office: president, country: russia, from: 2008-05-07, to: 2012-05-07}
              - {office: prime-minister, country: russia, from: 2012-05-08, to: 2020-01-16}
          - id: sergei-lavrov
            name: Sergei Lavrov
            surnames: [Lavrov]
            country: russia
            roles: [{office: foreign-minister, country: russia, from: 2004-03-09}]
          - id: igor-ivanov
            name: Igor Ivanov
            surnames: [Ivanov]
            country: russia
            roles: [{office: foreign-minister, country: russia, from: 1998-09-11, to: 2004-03-09}]
          - id: sergei-ivanov
            name: Sergei Ivanov
            surnames: [Ivanov]
            country: russia
            roles: [{office: defence-minister, country: russia, from: 2001-03-28, to: 2007-02-15}]
          - id: george-h-w-bush
            name: George H. W. Bush
            aliases: [George Bush Sr.]
            surnames: [Bush]
            country: united-states
            roles: [{office: president, country: united-states, from: 1989-01-20, to: 1993-01-20}]
          - id: george-w-bush
            name: George W. Bush
            surnames: [Bush]
            country: united-states
            roles: [{office: president, country: united-states, from: 2001-01-20, to: 2009-01-20}]
          - id: barack-obama
            name: Barack Obama
            surnames: [Obama]
            country: united-states
            roles: [{office: president, country: united-states, from: 2009-01-20, to: 2017-01-20}]
          - id: donald-trump
            name: Donald Trump
            aliases: [Donald J. Trump]
            surnames: [Trump]
            country: united-states
            roles:
              - {office: president, country: united-states, from: 2017-01-20, to: 2021-01-20}
              - {office: president, country: united-states, from: 2025-01-20}
          - id: rex-tillerson
            name: Rex Tillerson
            surnames: [Tillerson]
            country: united-states
            roles: [{office: secretary-of-state, country: united-states, from: 2017-02-01, to: 2018-03-31}]
          - id: theresa-may
            name: Theresa May
            surnames: [May]
            country: united-kingdom
            roles: [{office: prime-minister, country: united-kingdom, from: 2016-07-13, to: 2019-07-24}]
          - id: gordon-brown
            name: Gordon Brown
            surnames: [Brown]
            country: united-kingdom
            roles: [{office: prime-minister, country: united-kingdom, from: 2007-06-27, to: 2010-05-11}]
          - id: bashar-al-assad
            name: Bashar al-Assad
            aliases: [Bashar Assad, Bashar al Assad]
            surnames: [Assad, al-Assad, al Assad]
            country: syria
            roles: [{office: president, country: syria, from: 2000-07-17, to: 2024-12-08}]
          - id: salman-of-saudi-arabia
            name: Salman of Saudi Arabia
            aliases: [King Salman, Salman bin Abdulaziz]
            surnames: []
            country: saudi-arabia
            roles: [{office: king, country: saudi-arabia, from: 2015-01-23}]
          - id: kim-jong-un
            name: Kim Jong-un
            surnames: [Kim]
            country: north-korea
            roles: [{office: leader, country: north-korea, title: Supreme Leader of North Korea, from: 2011-12-17}]
          - id: kim-jong-il
            name: Kim Jong-il
            surnames: [Kim]
            country: north-korea
            roles: [{office: leader, country: north-korea, from: 1994-07-08, to: 2011-12-17}]
          - id: recep-tayyip-erdogan
            name: Recep Tayyip Erdoğan
            aliases: [Recep Tayyip Erdogan]
            surnames: [Erdoğan, Erdogan]
            country: turkey
            roles:
              - {office: prime-minister, country: turkey, from: 2003-03-14, to: 2014-08-28}
              - {office: president, country: turkey, from: 2014-08-28}
        """

    static let topics = """
        version: 1
        threshold: 3
        topics:
          - {id: syria, label: Syria, kind: place, broader: middle-east, terms: {Syria: 2, Syrian: 1.5, Damascus: 1}}
          - {id: middle-east, label: Middle East, kind: place, terms: {Middle East: 3}}
          - {id: economy, label: Economy, kind: subject, terms: {eurozone: 1, Eurozone: 2, oil price: 1.5}}
          - {id: energy, label: Energy, kind: subject, broader: economy, terms: {oil price: 3, oil: 1}}
          - {id: us, label: United States, kind: place, terms: {US: 3}}
          - {id: sudan, label: Sudan, kind: place, terms: {Sudan: 3, South Sudan: 0}}
        """
}
