import Glibc
import Testing

@testable import Stages

@Suite("Bands")
struct BandTests {
    static let schemes: [(threshold: Double, permutations: Int, rows: Int)] = [
        (0.8, 128, 5), (0.9, 128, 8), (0.5, 128, 2), (0.1, 128, 1), (1, 128, 16), (0.8, 16, 2),
        (1, 16, 16), (0.8, 256, 7),
    ]

    @Test("bands are the longest by which a pair at the threshold still meets", arguments: schemes)
    func scheme(threshold: Double, permutations: Int, rows: Int) {
        let scheme = BandScheme(threshold: threshold, permutations: permutations)
        #expect(scheme.rows == rows)
        #expect(scheme.bands == permutations / rows)
        guard rows > 1 else { return }
        #expect(pow(1 - pow(threshold, Double(rows)), Double(scheme.bands)) <= 0.001)
    }

    @Test("a bucket's entries are found in the order in which they were entered, through growth")
    func order() {
        var table = BandTable()
        var found: [UInt32] = []
        let buckets: [UInt32] = [0, 1, 2, 3, 4, 5, 6]
        func hash(_ bucket: UInt32) -> UInt64 {
            // Places next to each other, at both ends of the table.
            bucket < 4 ? UInt64.max - UInt64(bucket) << 40 : UInt64(bucket) << 40
        }
        for number in UInt32(0)..<350 {
            found.removeAll()
            let bucket = number % 7
            table.enter(
                hash: hash(buckets[Int(bucket)]),
                number: number,
                isInBucket: { $0 % 7 == bucket && $0 < 350 },
                found: &found
            )
            #expect(found == (0..<number).filter { $0 % 7 == bucket })
            // Others in between make the table grow.
            for other in 0..<40 {
                var ignored: [UInt32] = []
                let noise = UInt64(number * 40 + UInt32(other)) &* 0x9E37_79B9_7F4A_7C15
                table.enter(hash: noise, number: 1000, isInBucket: { _ in false }, found: &ignored)
            }
        }
        #expect(table.byteCount < 350 * 41 * 8 * 2)
    }

    @Test("a bucket keeps its first 64, and the 65th still finds them")
    func limit() {
        var table = BandTable()
        var found: [UInt32] = []
        for number in UInt32(0)..<200 {
            found.removeAll()
            table.enter(hash: 1 << 60, number: number, isInBucket: { _ in true }, found: &found)
            #expect(found == Array(0..<min(number, 64)))
        }
    }

    @Test("entries that share a tag and not a bucket are told apart")
    func tags() {
        var table = BandTable()
        var found: [UInt32] = []
        for number in UInt32(0)..<10 {
            table.enter(
                hash: 7 << 40,
                number: number,
                isInBucket: { $0.isMultiple(of: 2) == number.isMultiple(of: 2) },
                found: &found
            )
        }
        found.removeAll()
        table.enter(hash: 7 << 40, number: 10, isInBucket: { $0.isMultiple(of: 2) }, found: &found)
        #expect(found == [0, 2, 4, 6, 8])
    }
}
