internal import Testing
internal import YAML

@Suite("Core schema")
struct CoreSchemaTests {
    @Test(
        "plain scalars mean what YAML 1.2 says",
        arguments: [
            ("", .null), ("~", .null), ("null", .null), ("NULL", .null), ("nULL", .text),
            ("true", .bool(true)), ("False", .bool(false)), ("tRUE", .text),
            ("yes", .text), ("no", .text), ("on", .text), ("off", .text), ("NO", .text),
            ("y", .text), ("0", .integer(0)), ("-12", .integer(-12)), ("+7", .integer(7)),
            ("010", .integer(10)), ("0x1F", .integer(31)), ("0o17", .integer(15)),
            ("0x", .text), ("0x-1", .text), ("1_000", .text), ("12:30", .text),
            ("1.5", .double(1.5)), ("-.5", .double(-0.5)), ("1.", .double(1)),
            ("1e3", .double(1_000)), ("1.e3", .double(1_000)), ("1e", .text), (".", .text),
            ("-", .text), ("+", .text), (".inf", .double(.infinity)),
            ("-.INF", .double(-.infinity)), ("inf", .text), ("nan", .text), ("0b1", .text),
            ("99999999999999999999", .double(1e20)), ("2017-11-21", .text), ("1..2", .text),
        ] as [(String, Scalar.Meaning)]
    )
    func meaning(_ text: String, _ meaning: Scalar.Meaning) {
        #expect(Scalar(text: text, isPlain: true).meaning == meaning)
        #expect(Scalar(text: text, isPlain: false).meaning == .text)
    }

    @Test("the country codes of Norway are words")
    func norway() throws {
        let root = try tree("codes: [no, NO, No, se, on, yes]\n")
        var bag = DiagnosticBag()
        let codes = FieldReader.read(root, context: "the file", into: &bag) { reader in
            reader.strings("codes")
        }
        #expect(codes == ["no", "NO", "No", "se", "on", "yes"])
        #expect(bag.isEmpty)
    }

    @Test("text keeps its spelling whatever it looks like")
    func spelling() throws {
        let root = try tree("a: [1.10, 0x1F, true, 007, 2017-11-21]\n")
        var bag = DiagnosticBag()
        let texts = FieldReader.read(root, context: "the file", into: &bag) { $0.strings("a") }
        #expect(texts == ["1.10", "0x1F", "true", "007", "2017-11-21"])
        #expect(bag.isEmpty)
    }

    @Test("tags of the core schema say what a scalar is")
    func tags() throws {
        let root = try tree("a: !!str 5\nb: !!int \"5\"\nc: ! 5\nd: !!seq [1]\ne: !!map {}\n")
        #expect(root["a"]?.scalar?.meaning == .text)
        #expect(root["b"]?.scalar?.meaning == .integer(5))
        #expect(root["c"]?.scalar?.meaning == .text)
        #expect(root["a"]?.tag == "tag:yaml.org,2002:str")
        #expect(root["d"]?.sequence?.count == 1)
    }
}
