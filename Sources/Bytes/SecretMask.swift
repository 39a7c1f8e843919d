private import Glibc

/// Puts `••••` in the place of secrets, whatever text they turn up in.
///
/// Whole values, the lines of those that have several, and both as JSON, CSV and a terminal show
/// them. What is shorter than four bytes is left alone: it is in every text.
package struct SecretMask: Sendable {
    /// What stands for a secret.
    package static let replacement = "••••"
    /// Shorter ones cannot be told from other text.
    package static let bytesMin = 4

    /// What is looked for, the longest first.
    private let forms: [[UInt8]]

    /// A mask of the given values.
    package init(_ values: [String] = []) {
        var forms: Set<[UInt8]> = []
        for value in values {
            for part in [value] + value.split(whereSeparator: \.isNewline).map(String.init) {
                var writer = JSONWriter()
                writer.string(part)
                forms.insert(Array(part.utf8))
                forms.insert(Array(writer.bytes.dropFirst().dropLast()))
                forms.insert(Array(TerminalText.escaped(part).utf8))
                forms.insert(Array(part.replacing("\"", with: "\"\"").utf8))
            }
        }
        self.forms = forms.filter { $0.count >= Self.bytesMin }
            .sorted { ($1.count, $0.last ?? 0) < ($0.count, $1.last ?? 0) }
    }

    /// Whether there is nothing to mask.
    package var isEmpty: Bool { forms.isEmpty }

    /// The text without secrets.
    package func masked(_ text: String) -> String {
        guard !isEmpty else { return text }
        let bytes = Array(text.utf8)
        let result = masked(bytes)
        return result == bytes ? text : String(decoding: result, as: UTF8.self)
    }

    /// A text whose end may have been cut off, marked by the last `…`: the beginning of a secret
    /// before the cut is masked, too.
    package func masked(cut text: String) -> String {
        let result = masked(text)
        guard !isEmpty, let cut = result.lastIndex(of: "…") else { return result }
        let head = Array(result.utf8[..<cut])
        for form in forms {
            let longest = min(form.count - 1, head.count)
            let counts = stride(from: longest, through: Self.bytesMin, by: -1)
            guard
                let count = counts.first(where: { head.suffix($0).elementsEqual(form.prefix($0)) })
            else { continue }
            let kept = String(decoding: head.dropLast(count), as: UTF8.self)
            return kept + Self.replacement + String(result[cut...])
        }
        return result
    }

    /// The bytes without secrets; linear for each of them.
    package func masked(_ bytes: [UInt8]) -> [UInt8] {
        var result = bytes
        for form in forms { result = Self.replacing(form, in: result) }
        return result
    }

    /// The value with every text in it masked.
    package func masked(_ value: CBORValue) -> CBORValue {
        guard !isEmpty else { return value }
        switch value {
        case .text(let text): return .text(masked(text))
        case .array(let items): return .array(items.map { masked($0) })
        case .map(let pairs):
            var keys: Set<String> = []
            return .map(
                pairs.compactMap { pair in
                    // Two keys with a secret each are one when it is masked.
                    let key = masked(pair.key)
                    return keys.insert(key).inserted ? CBORValue.Pair(key, masked(pair.value)) : nil
                }
            )
        default: return value
        }
    }

    private static func replacing(_ form: [UInt8], in bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var start = 0
        while let found = find(form, in: bytes, from: start) {
            result += bytes[start..<found]
            result += Array(replacement.utf8)
            start = found + form.count
        }
        return start == 0 ? bytes : result + bytes[start...]
    }

    private static func find(_ form: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        unsafe bytes.withUnsafeBytes { bytes in
            unsafe form.withUnsafeBytes { form in
                guard let base = bytes.baseAddress, let wanted = form.baseAddress else {
                    return nil
                }
                var offset = start
                while offset + form.count <= bytes.count {
                    let room = bytes.count - form.count - offset + 1
                    guard let first = unsafe memchr(base + offset, Int32(form[0]), room) else {
                        return nil
                    }
                    let place = UnsafeRawPointer(first)
                    if unsafe memcmp(place, wanted, form.count) == 0 { return unsafe place - base }
                    offset = unsafe place - base + 1
                }
                return nil
            }
        }
    }
}
