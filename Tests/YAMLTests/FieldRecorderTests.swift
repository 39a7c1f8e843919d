internal import Testing
internal import YAML

@Suite("Fields recorded")
struct FieldRecorderTests {
    private func readings(_ text: String) throws -> [FieldRecorder.Reading] {
        let node = try tree(text)
        let recorder = FieldRecorder()
        recorder.recording {
            var bag = DiagnosticBag()
            FieldReader.read(node, context: "the file", into: &bag) { reader in
                _ = reader.bool("exact", default: true)
                _ = reader.optionalNode("near", like: .bool)
                reader.mappingOrDefaults("near") { near in
                    _ = near.double("threshold", in: 0...1, default: 0.8)
                    _ = near.quantity("shingle", unit: "words", default: 5)
                }
                _ = reader.range("words", in: 0...100, default: 5...100)
                _ = reader.strings("by", default: ["topic"])
                _ = reader.choice("form", of: ["nfc", "none"], default: "nfc")
                _ = reader.optionalInteger("limit", in: 1...9)
            }
        }
        return recorder.readings
    }

    @Test("what readers ask for is known, with shapes and defaults, also below an absent key")
    func fields() throws {
        let readings = try readings("exact: false\n")
        let inner = try #require(readings.first { $0.path == ["near"] })
        let outer = try #require(readings.first { $0.path.isEmpty })
        #expect(inner.fields.map(\.fallback) == [.plain("0.8"), .plain("5 words")])
        #expect(inner.fields.map(\.shapes) == [[.number(0...1)], [.quantity(units: ["words"])]])
        #expect(
            outer.fields.map(\.fallback) == [
                .plain("true"), nil, .plain("5.."), .texts(["topic"]), .text("nfc"), nil,
            ]
        )
        #expect(
            outer.fields.map(\.shapes) == [
                [.bool], [.bool, .mapping], [.range], [.oneOrMore(.text)],
                [.choice(["nfc", "none"])], [.integer(1...9)],
            ]
        )
    }

    @Test("a default, read again, is the default")
    func defaults() throws {
        let inner = try #require(try readings("{}").first { $0.path == ["near"] })
        for field in inner.fields {
            guard case .plain(let text)? = field.fallback else { continue }
            var bag = DiagnosticBag()
            FieldReader.read(try tree("\(field.key): \(text)"), context: "x", into: &bag) { near in
                #expect(near.double("threshold", in: 0...1, default: 0.8) == 0.8)
                #expect(near.quantity("shingle", unit: "words", default: 5) == 5)
            }
            #expect(bag.isEmpty)
        }
    }

    @Test("nobody records unless asked to")
    func silence() throws {
        let recorder = FieldRecorder()
        var bag = DiagnosticBag()
        FieldReader.read(try tree("a: 1"), context: "x", into: &bag) { _ = $0.integer("a") }
        #expect(recorder.readings.isEmpty && FieldRecorder.current == nil)
    }
}
