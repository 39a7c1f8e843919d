import Bytes
import CKernels
import Testing

@testable import Stages

@Suite("MinHash")
struct MinHashTests {
    @Test("the kernel lowers minima as plain Swift does, at every number of lanes and shingles")
    func kernel() {
        var generator = Shuffler(seed: 11)
        for lanes in [1, 2, 15, 16, 63, 64, 65, 128, 130, 200] {
            for count in [0, 1, 2, 7, 300] {
                let shingles = (0..<count).map { _ in number(&generator) }
                let multipliers = (0..<lanes).map { _ in number(&generator) | 1 }
                let increments = (0..<lanes).map { _ in number(&generator) }
                var minima = (0..<lanes).map { $0.isMultiple(of: 5) ? 0 : UInt32.max }
                var expected = minima
                for lane in 0..<lanes {
                    for shingle in shingles {
                        expected[lane] = min(
                            expected[lane],
                            multipliers[lane] &* shingle &+ increments[lane]
                        )
                    }
                }
                unsafe annals_minhash(shingles, count, multipliers, increments, &minima, lanes)
                #expect(minima == expected)
            }
        }
    }

    @Test("the share of equal minima estimates the Jaccard similarity of the shingles")
    func estimate() {
        var generator = Shuffler(seed: 12)
        let minhash = MinHash(permutations: 1024, shingleWords: 5)
        var scratch = MinHash.Scratch()
        var errors: [Double] = []
        for share in [0, 2, 5, 10, 20, 40] {
            for _ in 0..<5 {
                let words = (0..<400).map { _ in "w\(generator.next(below: 1_000_000))" }
                var other = words
                for _ in 0..<share {
                    other[Int(generator.next(below: 400))] = "x\(generator.next(below: 1_000_000))"
                }
                let estimated = equalShare(
                    minhash.signature(of: tokens(words), scratch: &scratch),
                    minhash.signature(of: tokens(other), scratch: &scratch)
                )
                let (left, right) = (shingles(words), shingles(other))
                let exact = Double(left.intersection(right).count) / Double(left.union(right).count)
                // Four standard errors of a share of 1024 trials.
                #expect(
                    abs(estimated - exact) <= 4 * (exact * (1 - exact) / 1024).squareRoot() + 0.001
                )
                errors.append(estimated - exact)
            }
        }
        #expect(abs(errors.reduce(0, +) / Double(errors.count)) < 0.01)
    }

    @Test("unlike texts agree in next to no minimum")
    func unlike() {
        let minhash = MinHash(permutations: 128, shingleWords: 5)
        var scratch = MinHash.Scratch()
        var generator = Shuffler(seed: 13)
        let signatures = (0..<40).map { _ in
            minhash.signature(
                of: tokens((0..<200).map { _ in "w\(generator.next(below: 1_000_000))" }),
                scratch: &scratch
            )
        }
        for one in 0..<40 {
            for other in 0..<one { #expect(equalShare(signatures[one], signatures[other]) <= 0.05) }
        }
    }

    @Test("short texts are one shingle, texts without words have no signature")
    func short() {
        let minhash = MinHash(permutations: 64, shingleWords: 5)
        var scratch = MinHash.Scratch()
        #expect(minhash.signature(of: [], scratch: &scratch).isEmpty)
        let one = minhash.signature(of: tokens(["a"]), scratch: &scratch)
        #expect(one.count == 128)
        #expect(minhash.signature(of: tokens(["A"]), scratch: &scratch) == one)
        #expect(minhash.signature(of: tokens(["b"]), scratch: &scratch) != one)
        let pair = minhash.signature(of: tokens(["a", "b"]), scratch: &scratch)
        #expect(minhash.signature(of: tokens(["b", "a"]), scratch: &scratch) != pair)
    }

    @Test("a signature depends on the words alone, not on what was read before")
    func scratch() {
        let minhash = MinHash(permutations: 128, shingleWords: 5)
        let words = tokens((0..<50).map { "w\($0)" })
        var used = MinHash.Scratch()
        _ = minhash.signature(of: tokens((0..<500).map { "v\($0)" }), scratch: &used)
        var fresh = MinHash.Scratch()
        #expect(
            minhash.signature(of: words, scratch: &used)
                == minhash.signature(of: words, scratch: &fresh)
        )
    }

    private func number(_ generator: inout Shuffler) -> UInt32 {
        UInt32(generator.next(below: 1 << 32))
    }

    private func tokens(_ words: [String]) -> [WordToken] {
        WordTokenizer.words(of: words.joined(separator: " "))
    }

    private func shingles(_ words: [String]) -> Set<[String]> {
        Set((0...(words.count - 5)).map { Array(words[$0..<($0 + 5)]) })
    }

    private func equalShare(_ left: [UInt8], _ right: [UInt8]) -> Double {
        var equal = 0
        for index in stride(from: 0, to: left.count, by: 2)
        where left[index..<(index + 2)] == right[index..<(index + 2)] {
            equal += 1
        }
        return Double(equal * 2) / Double(left.count)
    }
}
