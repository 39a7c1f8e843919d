/// Bytes in JSON (RFC 4648 §4, with padding).
enum Base64 {
    private static let letters = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
    )
    /// The number of each letter; 255 for what is none.
    private static let numbers: [UInt8] = {
        var numbers = [UInt8](repeating: 255, count: 256)
        for (number, letter) in letters.enumerated() { numbers[Int(letter)] = UInt8(number) }
        return numbers
    }()

    static func append(_ bytes: [UInt8], to text: inout [UInt8]) {
        var start = 0
        while start < bytes.count {
            let count = min(3, bytes.count - start)
            var group = 0
            for index in 0..<3 {
                group = group << 8 | (index < count ? Int(bytes[start + index]) : 0)
            }
            for index in 0..<4 {
                text.append(index <= count ? letters[group >> (18 - 6 * index) & 63] : 0x3D)
            }
            start += 3
        }
    }

    static func decode(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count / 4 * 3)
        var group = 0
        var count = 0
        var padding = 0
        for letter in text.utf8 {
            if letter == 0x3D {
                padding += 1
                continue
            }
            let number = numbers[Int(letter)]
            guard number < 64, padding == 0 else { return nil }
            group = group << 6 | Int(number)
            count += 1
            if count % 4 == 0 {
                for shift in [16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: group >> shift)) }
                group = 0
            }
        }
        switch (count % 4, padding) {
        case (0, 0): break
        case (2, 2): bytes.append(UInt8(truncatingIfNeeded: group >> 4))
        case (3, 1):
            bytes.append(UInt8(truncatingIfNeeded: group >> 10))
            bytes.append(UInt8(truncatingIfNeeded: group >> 2))
        default: return nil
        }
        return bytes
    }
}
