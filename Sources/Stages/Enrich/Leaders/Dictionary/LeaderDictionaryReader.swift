internal import Bytes
internal import Pipeline
internal import YAML

/// Reads the leaders dictionary and everything that is wrong with it.
struct LeaderDictionaryReader {
    var dictionary = LeaderDictionary()
    var table = PhraseTable.Builder()
    var countries = DictionaryIDs("country")
    var offices = DictionaryIDs("office")
    private var leaders = DictionaryIDs("leader")
    /// Who has a full form, and where it stands, to warn of forms that two people share.
    private var owners: [String: (leader: String, place: SourceRange)] = [:]

    /// A leader as read, before leaders are put in order of id.
    private struct Entry {
        var leader: LeaderDictionary.Leader
        var names: [(text: String, node: Node)]
        var surnames: [(text: String, node: Node)]
    }

    /// Reads an annotator's options and its dictionary; nil after errors were reported.
    static func read(_ node: Node, _ context: inout StageContext) -> LeaderDictionary? {
        let file = DictionaryFile.open(node, annotator: LeadersAnnotator.name, &context) { _ in }
        return file.flatMap { read(root: $0.root, &context) }
    }

    /// Reads a dictionary's tree; nil after errors were reported.
    static func read(root: Node, _ context: inout StageContext) -> LeaderDictionary? {
        DictionaryFile.read(root, annotator: LeadersAnnotator.name, &context) { reader in
            var leaders = LeaderDictionaryReader()
            return leaders.read(&reader)
        }
    }

    private mutating func read(_ reader: inout FieldReader) -> LeaderDictionary {
        for node in reader.nodes("countries") {
            reader.nested(node, context: "country \"\(node["id"]?.text ?? "?")\"") { entry in
                country(node, &entry)
            }
        }
        for node in reader.nodes("offices") {
            reader.nested(node, context: "office \"\(node["id"]?.text ?? "?")\"") { entry in
                office(node, &entry)
            }
        }
        for (text, node) in reader.phrases("exclusions") {
            add(text, .exclusion, at: node, &reader)
        }
        let entries = reader.nodes("leaders").map { node in
            reader.nested(node, context: "leader \"\(node["id"]?.text ?? "?")\"") { entry in
                leader(node, &entry)
            }
        }
        for entry in entries.sorted(by: { $0.leader.id < $1.leader.id }) { add(entry, &reader) }
        noteTenures()
        dictionary.table = table.build()
        table = PhraseTable.Builder()
        return dictionary
    }

    /// Adds a phrase and what it stands for.
    mutating func add(
        _ phrase: String,
        _ sense: LeaderDictionary.Sense,
        at node: Node,
        _ reader: inout FieldReader
    ) {
        table.add(phrase, payload: dictionary.senses.count, at: node, &reader)
        dictionary.senses.append(sense)
    }

    private mutating func leader(_ node: Node, _ reader: inout FieldReader) -> Entry {
        let id = reader.string("id")
        leaders.add(id, at: node["id"] ?? node, &reader)
        var names = [(text: reader.string("name"), node: node["name"] ?? node)]
        let name = names[0].text
        names += reader.phrases("aliases").filter { $0.text != name }
        let surnames = reader.phrases("surnames")
        let country = number("country", of: node, in: countries, &reader)
        _ = reader.optionalString("wikidata")
        let roles = reader.nodes("roles").compactMap { item in
            reader.nested(item, context: "a role of \"\(id)\"") { role(item, &$0) }
        }
        warnOfSharedForms(names, leader: id, &reader)
        let leader = LeaderDictionary.Leader(
            id: id,
            name: name,
            country: country ?? 0,
            roles: roles.sorted { $0.from < $1.from },
            givenNames: [],
            initials: 0
        )
        return Entry(leader: leader, names: names, surnames: surnames)
    }

    /// The number that the id under a key refers to.
    func number(
        _ key: String,
        of node: Node,
        in ids: DictionaryIDs,
        _ reader: inout FieldReader
    ) -> Int? {
        let id = reader.string(key)
        guard let place = node[key], place.text != nil else { return nil }
        return ids.number(id, at: place, &reader)
    }

    private mutating func warnOfSharedForms(
        _ names: [(text: String, node: Node)],
        leader: String,
        _ reader: inout FieldReader
    ) {
        for (text, node) in names {
            let owner = owners[text]
            if owner == nil { owners[text] = (leader, node.range) }
            guard let owner, owner.leader != leader else { continue }
            reader.diagnostics.warning(
                "dictionary.shared-name",
                "\"\(text)\" also names \"\(owner.leader)\"; it resolves only where office, country "
                    + "or date tell them apart",
                at: node,
                notes: [Diagnostic.Note("the other stands here", at: owner.place)]
            )
        }
    }

    private mutating func add(_ entry: Entry, _ reader: inout FieldReader) {
        let number = dictionary.leaders.count
        var leader = entry.leader
        var family: Set<UInt64> = []
        for (text, node) in entry.surnames {
            add(text, .surname(number), at: node, &reader)
            family.formUnion(WordTokenizer.words(of: text).map(\.hash))
        }
        for (text, node) in entry.names {
            add(text, .name(number), at: node, &reader)
            for word in WordTokenizer.words(of: text) where !family.contains(word.hash) {
                leader.givenNames.insert(word.hash)
                leader.initials |= Initial.bit(Array(text.utf8).span, word)
            }
        }
        dictionary.leaders.append(leader)
    }

    /// The first day of somebody's time in a post.
    private struct Start: Hashable {
        var post: LeaderDictionary.Post
        var day: Day
    }

    private mutating func noteTenures() {
        var starts: [Start: Set<Int>] = [:]
        for (number, leader) in dictionary.leaders.enumerated() {
            for (index, role) in leader.roles.enumerated() {
                let tenure = LeaderDictionary.Tenure(leader: number, role: index)
                dictionary.tenures[role.post, default: []].append(tenure)
                starts[Start(post: role.post, day: role.from), default: []].insert(number)
            }
        }
        for number in dictionary.leaders.indices {
            for index in dictionary.leaders[number].roles.indices {
                let role = dictionary.leaders[number].roles[index]
                let successors = starts[Start(post: role.post, day: role.to)] ?? []
                let isOver = successors.contains { $0 != number }
                dictionary.leaders[number].roles[index].isOverOnLastDay = isOver
            }
        }
    }
}

/// The first letter of a name, for initials.
enum Initial {
    /// The letter as a bit, `a` as bit 0; 0 if it is not ASCII.
    static func bit(_ text: Span<UInt8>, _ word: WordToken) -> UInt32 {
        let letter = text[Int(word.start)] | 0x20
        return letter >= 0x61 && letter <= 0x7A ? 1 << UInt32(letter - 0x61) : 0
    }
}

extension FieldReader {
    /// A list of phrases with their places; an empty one may be left out.
    mutating func phrases(_ key: String) -> [(text: String, node: Node)] {
        let texts = optionalStrings(key) ?? []
        guard let node = node[key] else { return [] }
        let nodes = node.sequence ?? [node]
        // Items that are no text were reported and left out.
        guard nodes.count == texts.count else { return [] }
        return Array(zip(texts, nodes))
    }
}
