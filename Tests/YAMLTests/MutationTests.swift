internal import Foundation
internal import Testing
internal import YAML

/// Seeded, so that a failure can be repeated; `ANNALS_FUZZ_COUNT` says how long to look.
@Suite("Mutations")
struct MutationTests {
    private static let count =
        ProcessInfo.processInfo.environment["ANNALS_FUZZ_COUNT"].flatMap(Int.init) ?? 500

    /// A little of everything that YAML has.
    private static let valid = """
        # a pipeline
        pipeline: leaders
        store: "out/\\u00e9 ${env:HOME:-x}"
        stages:
          - ingest: {from: [seeds/*.txt, 'b c'], format: text}
          - clean: &clean
              require: {words: 20..100000}
              note: |
                two lines
                日本語
          - deduplicate:
              near: {threshold: 0.8, shingle: 5 words}
          - again: *clean
          - >-
            folded
            text
          - ? key
            : !!str 5
        """

    private static let fragments: [[UInt8]] = [
        Array("\t".utf8), Array("\n".utf8), Array("\r".utf8), Array(": ".utf8),
        Array("- ".utf8), Array("[".utf8), Array("]".utf8), Array("{".utf8), Array("}".utf8),
        Array("\"".utf8), Array("'".utf8), Array("*clean".utf8), Array("&clean ".utf8),
        Array("<<: ".utf8), Array("---\n".utf8), Array("...\n".utf8), Array("%TAG ! x\n".utf8),
        Array("!!int ".utf8), Array("${".utf8), Array("${env:".utf8), Array("$${".utf8),
        Array("|+9\n".utf8), Array("? ".utf8), Array("\u{2028}".utf8), Array("\u{202E}".utf8),
        Array("\u{FEFF}".utf8), [0x00], [0x1B], [0x7F], [0xC3], [0xED, 0xA0, 0x80], [0xFF, 0xFE],
        [0xF4, 0x90, 0x80, 0x80], Array("e\u{301}".utf8), Array("\\x00".utf8),
    ]

    private static func mutate(_ bytes: inout [UInt8], _ random: inout SplitMix64) {
        let place = Int.random(in: 0...bytes.count, using: &random)
        let length = Int.random(in: 0...min(12, bytes.count - place), using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: bytes.removeSubrange(place..<place + length)
        case 1: bytes.insert(contentsOf: fragments.randomElement(using: &random) ?? [], at: place)
        case 2: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
        case 3: bytes.insert(contentsOf: bytes[place..<place + length], at: place)
        default:
            if place < bytes.count { bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random) }
        }
    }

    @Test("a mutated file gives a tree or diagnostics with places, and never a trap")
    func mutations() {
        for seed in 0..<Self.count {
            var random = SplitMix64(state: UInt64(seed))
            var bytes = Array(Self.valid.utf8)
            for _ in 0..<Int.random(in: 1...6, using: &random) { Self.mutate(&bytes, &random) }
            let source = YAMLSource(name: "p.yaml", bytes: bytes)
            do throws(YAMLErrors) {
                check(try YAMLParser.parse(source), in: source, seed: seed)
            } catch {
                check(error.diagnostics, in: source, seed: seed)
            }
        }
    }

    /// Reads a tree as the program would: substitution, then fields of every mapping.
    private func check(_ root: Node, in source: YAMLSource, seed: Int) {
        var bag = DiagnosticBag()
        let node = Substitution.apply(to: root, environment: [:], into: &bag)
        FieldReader.read(node, context: "the file", into: &bag) { reader in
            _ = reader.string("pipeline")
            _ = reader.range("store", default: 0...1)
            _ = reader.optionalStrings("stages")
            for item in reader.optionalNodes("stages") ?? [] {
                var variants = DiagnosticBag()
                guard let (name, options) = variants.variant(item, noun: "stage") else { continue }
                reader.nested(options, context: name.text ?? "") { options in
                    _ = options.double("threshold", in: 0...1, default: 0.5)
                    _ = options.quantity("shingle", unit: "words", default: 5)
                    _ = options.bool("format", default: true)
                }
            }
        }
        check(node.range, in: source, seed: seed)
        check(bag.sorted(), in: source, seed: seed)
    }

    private func check(_ diagnostics: [Diagnostic], in source: YAMLSource, seed: Int) {
        for diagnostic in diagnostics {
            let rendered = diagnostic.rendered()
            #expect(diagnostic.file == "p.yaml", "seed \(seed)")
            #expect(rendered.hasPrefix("p.yaml:"), "seed \(seed): \(rendered)")
            #expect(diagnostic.hint?.isEmpty == false, "seed \(seed): \(rendered)")
            #expect(diagnostic.expected != nil && diagnostic.found != nil, "seed \(seed)")
            let isPrintable = rendered.unicodeScalars.allSatisfy { scalar in
                scalar == "\n" || ![.control, .format].contains(scalar.properties.generalCategory)
            }
            #expect(isPrintable, "seed \(seed): \(rendered.debugDescription)")
            if let range = diagnostic.range { check(range, in: source, seed: seed) }
        }
    }

    private func check(_ range: SourceRange, in source: YAMLSource, seed: Int) {
        #expect(range.start.line >= 1 && range.start.column >= 1, "seed \(seed)")
        #expect(range.end.offset <= source.bytes.count, "seed \(seed)")
        #expect(range.start <= range.end, "seed \(seed)")
    }
}

/// The generator of Steele, Lea and Flood (2014): small, and the same everywhere.
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
