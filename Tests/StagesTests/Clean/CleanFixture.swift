import Bytes
import Events
import Pipeline

@testable import Stages

/// A document that went through the clean stage.
struct Cleaned {
    let document: Document
    let event: DocumentCleaned

    var body: String { String(decoding: document.body, as: UTF8.self) }
    var fields: DocumentFields { document.fields }

    func count(_ rule: String) -> Int { event.rules.first { $0.rule == rule }?.count ?? 0 }
    func measured(_ name: String) -> Double? {
        event.measurements.first { $0.name == name }?.value
    }
    /// The texts that a rule took out.
    func removed(by rule: String) -> [String] {
        event.removed.filter { $0.rule == rule }.map(\.text)
    }
}

/// Runs the stage over one text.
func clean(
    _ text: some Collection<UInt8>,
    fields: DocumentFields = DocumentFields(),
    options: CleanOptions = CleanOptions()
) throws -> Cleaned {
    var documents = [
        Document(
            id: DocumentID(rawValue: "a"),
            fields: fields,
            metadata: .map([]),
            body: Array(text),
            revision: "",
            origin: Document.Origin(source: "a", offset: 0, record: nil)
        )
    ]
    CleanStage(name: "clean", number: 1, options: options).measure(&documents)
    let facts = documents[0].events[0].facts
    let event = try DocumentCleaned(cbor: facts.span)
    return Cleaned(document: documents[0], event: event)
}

func clean(
    _ text: String,
    fields: DocumentFields = DocumentFields(),
    options: CleanOptions = CleanOptions()
) throws -> Cleaned {
    try clean(text.utf8, fields: fields, options: options)
}

/// Cleans characters alone.
func cleanCharacters(_ text: String, unicode: UnicodeForm = .nfc) throws -> Cleaned {
    var options = CleanOptions()
    options.article = false
    options.unicode = unicode
    return try clean(text, options: options)
}

/// What a rule reads in a line; nil where it leaves it.
func take(_ rule: LineRule, _ text: String, at place: Line.Place = .head) -> DocumentFields? {
    let bytes = Array(text.utf8)
    var fields = DocumentFields()
    let line = Line(whole: bytes.span, place: place, isOutermost: true)
    return rule.take(line, &fields) ? fields : nil
}
