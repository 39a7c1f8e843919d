internal import Bytes

/// A key of a payload as two machine words, to be compared without a string.
struct FieldName: Equatable {
    /// The first eight bytes, the first in the lowest place.
    private let low: UInt64
    /// The next seven bytes, and the number of all in the highest place.
    private let high: UInt64

    /// A key of `length` bytes in two words with whatever follows it; one of more than fifteen
    /// bytes equals none of ours.
    @inline(__always)
    init(_ low: UInt64, _ high: UInt64, length: UInt64) {
        if length < 8 {
            self.low = low & ((1 &<< (length &* 8)) &- 1)
            self.high = length << 56
        } else if length < 16 {
            self.low = low
            self.high = high & ((1 &<< ((length &- 8) &* 8)) &- 1) | length << 56
        } else {
            self.low = low
            self.high = .max
        }
    }

    /// The number of its bytes.
    @inline(__always)
    var length: UInt64 { high >> 56 }

    private init(_ low: UInt64, _ high: UInt64) {
        self.low = low
        self.high = high
    }

    // The words of our keys. Numbers are constants in the code; made from a string they would be
    // made at run time and asked for, each time, whether they are: a tenth of a fold's time.
    static let annotations = FieldName(0x6974_6174_6F6E_6E61, 0xB00_0000_0073_6E6F)
    static let annotator = FieldName(0x6F74_6174_6F6E_6E61, 0x900_0000_0000_0072)
    static let attempt = FieldName(0x74_706D_6574_7461, 0x700_0000_0000_0000)
    static let code = FieldName(0x6564_6F63, 0x400_0000_0000_0000)
    static let fields = FieldName(0x7364_6C65_6966, 0x600_0000_0000_0000)
    static let file = FieldName(0x656C_6966, 0x400_0000_0000_0000)
    static let id = FieldName(0x6469, 0x200_0000_0000_0000)
    static let kind = FieldName(0x646E_696B, 0x400_0000_0000_0000)
    static let label = FieldName(0x6C_6562_616C, 0x500_0000_0000_0000)
    static let message = FieldName(0x65_6761_7373_656D, 0x700_0000_0000_0000)
    static let of = FieldName(0x666F, 0x200_0000_0000_0000)
    static let offset = FieldName(0x7465_7366_666F, 0x600_0000_0000_0000)
    static let published = FieldName(0x6568_7369_6C62_7570, 0x900_0000_0000_0064)
    static let retryable = FieldName(0x6C62_6179_7274_6572, 0x900_0000_0000_0065)
    static let role = FieldName(0x656C_6F72, 0x400_0000_0000_0000)
    static let roles = FieldName(0x73_656C_6F72, 0x500_0000_0000_0000)
    static let similarity = FieldName(0x6972_616C_696D_6973, 0xA00_0000_0000_7974)
    static let source = FieldName(0x6563_7275_6F73, 0x600_0000_0000_0000)
    static let spans = FieldName(0x73_6E61_7073, 0x500_0000_0000_0000)
    static let stages = FieldName(0x7365_6761_7473, 0x600_0000_0000_0000)
    static let title = FieldName(0x65_6C74_6974, 0x500_0000_0000_0000)
    static let titleSpans = FieldName(0x7073_5F65_6C74_6974, 0xB00_0000_0073_6E61)
}

extension CBORReader {
    /// Reads the key that is next.
    @inline(__always)
    mutating func fieldName() throws(CBORError) -> FieldName {
        let range = try textRange()
        let name = span.extracting(range)
        let isLong = name.count >= 8
        return FieldName(
            isLong ? name.word(at: 0) : name.lastWord(at: 0),
            isLong ? name.lastWord(at: 8) : 0,
            length: UInt64(name.count)
        )
    }

    /// Reads text as its bytes.
    mutating func textBytes() throws(CBORError) -> [UInt8] {
        let range = try textRange()
        return [UInt8](copying: span.extracting(range))
    }
}
