internal import Testing
internal import YAML

@Suite("Positions")
struct PositionTests {
    private func place(_ node: Node?) -> [Int]? {
        guard let range = node?.range else { return nil }
        return [
            range.start.line, range.start.column, range.start.offset,
            range.end.line, range.end.column, range.end.offset,
        ]
    }

    @Test("every key and value knows its line, column and offset")
    func keysAndValues() throws {
        let root = try tree("a: 1\nlist:\n  - x\n  - {k: v}\nq: \"z\"\n")
        let mapping = try #require(root.mapping)
        #expect(mapping.keys == ["a", "list", "q"])
        #expect(place(mapping.entry("a")?.key) == [1, 1, 0, 1, 2, 1])
        #expect(place(root["a"]) == [1, 4, 3, 1, 5, 4])
        #expect(place(mapping.entry("list")?.key) == [2, 1, 5, 2, 5, 9])
        let items = try #require(root["list"]?.sequence)
        #expect(place(items[0]) == [3, 5, 15, 3, 6, 16])
        #expect(place(items[1]) == [4, 5, 21, 4, 11, 27])
        #expect(place(items[1]["k"]) == [4, 9, 25, 4, 10, 26])
        #expect(place(root["q"]) == [5, 4, 31, 5, 7, 34])
    }

    @Test("a block ends with its last item, not where the next thing begins")
    func blockEnds() throws {
        let root = try tree("a:\n  b: 1\n\n\n\nc: 2\n")
        #expect(place(root["a"]) == [2, 3, 5, 2, 7, 9])
        #expect(place(root) == [1, 1, 0, 6, 5, 17])
    }

    @Test("columns count characters, offsets bytes")
    func multibyte() throws {
        let root = try tree("имя: [é, 日本, z]\nb: 😀 x\nc: d\n")
        let items = try #require(root["имя"]?.sequence)
        #expect(place(items[1]) == [1, 10, 13, 1, 12, 19])
        #expect(place(items[2]) == [1, 14, 21, 1, 15, 22])
        #expect(place(root["b"]) == [2, 4, 27, 2, 7, 33])
        #expect(place(root["c"]) == [3, 4, 37, 3, 5, 38])
    }

    @Test("lines end at LF, CR LF and CR", arguments: ["\n", "\r\n", "\r"])
    func lineEnds(_ end: String) throws {
        let root = try tree("a: 1\(end)b: 2\(end)c: é\(end)d: 4")
        let node = try #require(root["d"])
        #expect(node.range.start.line == 4)
        #expect(node.range.start.column == 4)
    }

    @Test(
        "line separators that no editor counts are no line ends",
        arguments: ["\u{85}", "\u{2028}"]
    )
    func exoticLineEnds(_ separator: String) throws {
        let root = try tree("a: \"x\(separator)y\"\nb: 2\n")
        #expect(root["b"]?.range.start.line == 2)
        #expect(root["b"]?.range.start.column == 4)
    }

    @Test("a byte order mark is no column but counts as bytes")
    func byteOrderMark() throws {
        let root = try tree("\u{FEFF}a: 1\n")
        #expect(place(root.mapping?.entry("a")?.key) == [1, 1, 3, 1, 2, 4])
    }

    @Test("the offsets of a node cut its text out of the source")
    func offsetsCut() throws {
        let text = "k: {é: 日本語, b: [\"x y\", 'zé']}\nлист:\n- один\n- два три\n"
        let bytes = Array(text.utf8)
        func check(_ node: Node) {
            let cut = bytes[node.range.start.offset..<node.range.end.offset]
            let written = String(decoding: cut, as: UTF8.self)
            switch node.kind {
            case .scalar(let scalar):
                #expect(written.trimmingQuotes == scalar.text)
            case .sequence(let items):
                for item in items { check(item) }
            case .mapping(let mapping):
                for (key, value) in mapping.entries {
                    check(key)
                    check(value)
                }
            }
        }
        check(try tree(text))
    }

    @Test("a value that is not there has the place after its key")
    func absentValue() throws {
        let root = try tree("a:\nb: 1\n")
        #expect(root["a"]?.isNull == true)
        #expect(place(root["a"]) == [1, 3, 2, 1, 3, 2])
    }

    @Test("an alias keeps the place of its anchor")
    func alias() throws {
        let root = try tree("a: &x [1]\nb: *x\n")
        #expect(root["b"]?.range.start == root["a"]?.range.start)
    }
}

extension String {
    fileprivate var trimmingQuotes: String {
        guard let first, first == "\"" || first == "'" else { return self }
        return String(dropFirst().dropLast())
    }
}
