/// Base64 (RFC 4648).
package enum Base64: Sendable {
    /// With padding, §4.
    case standard
    /// For URLs, without padding, §5.
    case url

    private static let common = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8
    )
    private static let standardAlphabet = common + Array("+/".utf8)
    private static let urlAlphabet = common + Array("-_".utf8)

    /// Four characters for each three bytes.
    package func string(_ bytes: [UInt8]) -> String {
        let alphabet = self == .standard ? Self.standardAlphabet : Self.urlAlphabet
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var index = 0
        while index < bytes.count {
            let rest = min(3, bytes.count - index)
            var group: UInt32 = 0
            for offset in 0..<3 {
                group = group << 8 | (offset < rest ? UInt32(bytes[index + offset]) : 0)
            }
            for digit in 0...rest {
                text.append(alphabet[Int(group >> UInt32(18 - 6 * digit) & 63)])
            }
            if self == .standard { for _ in rest..<3 { text.append(0x3D) } }
            index += 3
        }
        return String(decoding: text, as: UTF8.self)
    }
}
