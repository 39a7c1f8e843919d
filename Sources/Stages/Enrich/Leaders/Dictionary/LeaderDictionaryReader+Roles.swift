internal import YAML

/// Countries, offices and the roles that join them.
extension LeaderDictionaryReader {
    mutating func country(_ node: Node, _ reader: inout FieldReader) {
        let id = reader.string("id")
        countries.add(id, at: node["id"] ?? node, &reader)
        let number = dictionary.countries.count
        let name = reader.string("name")
        dictionary.countries.append(LeaderDictionary.Country(id: id, name: name))
        // "the United States" is a name to print; in texts the article is a word of its own.
        let bare = name.hasPrefix("the ") ? String(name.dropFirst(4)) : name
        let names = reader.phrases("names")
        add(bare, .country(number), at: node["name"] ?? node, &reader)
        for (text, place) in names where text != bare {
            add(text, .country(number), at: place, &reader)
        }
        for (text, place) in reader.phrases("adjectives") {
            add(text, .adjective(number), at: place, &reader)
        }
    }

    mutating func office(_ node: Node, _ reader: inout FieldReader) {
        let id = reader.string("id")
        offices.add(id, at: node["id"] ?? node, &reader)
        let number = dictionary.offices.count
        dictionary.offices.append(LeaderDictionary.Office(id: id, title: reader.string("title")))
        let terms = reader.phrases("terms")
        let plurals = PluralTerms(terms.map(\.text))
        for (text, place) in terms {
            add(text, .office(number, isPlural: plurals.contains(text)), at: place, &reader)
        }
        for (text, place) in reader.phrases("titles") {
            add(text, .title(number), at: place, &reader)
        }
        _ = reader.choice("of", of: ["country", "organisation"])
    }

    /// A role; nil after an error was reported.
    func role(_ node: Node, _ reader: inout FieldReader) -> LeaderDictionary.Role? {
        let office = number("office", of: node, in: offices, &reader)
        let country = number("country", of: node, in: countries, &reader)
        let from = reader.required("from", .partialDate)
        let to = reader.optional("to", .partialDate)
        let title = reader.optionalString("title")
        if let to, from.first > to.last, let place = node["to"] {
            reader.error(
                "dictionary.dates",
                "a role cannot end before it begins",
                at: place,
                hint: "exchange \"from\" and \"to\", or correct one of them"
            )
        }
        guard let office, let country else { return nil }
        let name = dictionary.countries[country].name
        return LeaderDictionary.Role(
            office: office,
            country: country,
            from: from.first,
            to: to?.last ?? .never,
            isOverOnLastDay: false,
            text: title ?? "\(dictionary.offices[office].title) of \(name)"
        )
    }
}

extension ScalarRule where Value == PartialDate {
    /// A date as exact as known.
    static var partialDate: ScalarRule {
        .parsed(
            as: "a date such as 2017, 2017-11 or 2017-11-21",
            placeholder: .unknown,
            hint: "write year, month and day with hyphens; the day must exist"
        ) { PartialDate($0) }
    }
}

/// Which of an office's terms are plurals: those that another term makes with one more `s`.
struct PluralTerms {
    private let plurals: Set<String>

    init(_ terms: [String]) {
        var plurals: Set<String> = []
        for term in terms {
            plurals.formUnion(Self.plurals(of: term))
        }
        self.plurals = plurals
    }

    func contains(_ term: String) -> Bool { plurals.contains(term) }

    /// The term with each of its words in the plural, one at a time.
    private static func plurals(of term: String) -> [String] {
        var plurals: [String] = []
        for index in term.indices + [term.endIndex] {
            let head = String(term[..<index])
            let tail = String(term[index...])
            guard tail.isEmpty || tail.first == " " || tail.first == "-" else { continue }
            plurals.append(head + "s" + tail)
            if head.last == "y" { plurals.append(head.dropLast() + "ies" + tail) }
        }
        return plurals
    }
}
