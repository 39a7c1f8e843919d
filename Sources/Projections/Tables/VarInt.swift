// Whole numbers in as few bytes as they need (LEB128), for blobs that only this module reads.

extension [UInt8] {
    /// Appends a number, seven bits a byte, the lowest first.
    @inline(__always)
    mutating func appendVarInt(_ value: Int) {
        var rest = UInt(bitPattern: value)
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }

    /// Makes room for so many numbers in a scratch array whose contents do not matter.
    mutating func makeRoom(forVarInts count: Int) {
        let needed = count * 10
        if self.count < needed { self = [UInt8](repeating: 0, count: needed * 2) }
    }

    /// Reads the number at an offset and steps past it; 0 past the end.
    @inline(__always)
    func varInt(at offset: inout Int) -> Int {
        if offset < count, self[offset] < 0x80 {
            offset += 1
            return Int(self[offset - 1])
        }
        return longVarInt(at: &offset)
    }

    private func longVarInt(at offset: inout Int) -> Int {
        var value: UInt = 0
        var shift: UInt = 0
        while offset < count, shift < 64 {
            let byte = self[offset]
            offset += 1
            value |= UInt(byte & 0x7F) << shift
            if byte < 0x80 { break }
            shift += 7
        }
        return Int(bitPattern: value)
    }
}

extension MutableSpan<UInt8> {
    /// Writes a number at an offset, seven bits a byte, the lowest first, and steps past it.
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func putVarInt(_ value: Int, at offset: inout Int) {
        var rest = UInt(bitPattern: value)
        while rest >= 0x80 {
            self[offset] = UInt8(truncatingIfNeeded: rest) | 0x80
            offset &+= 1
            rest >>= 7
        }
        self[offset] = UInt8(truncatingIfNeeded: rest)
        offset &+= 1
    }
}
