internal import Bytes
internal import Events

/// One CBOR item, read as a value, by a cursor, and as each event's facts.
struct CBORTarget: FuzzTarget {
    let hasFields = false

    func test(_ input: [UInt8]) {
        skip(input)
        decode(input)
        use(Self.payloads.map { $0(input) })
    }

    /// A decoded value has one encoding, which is the input.
    private func decode(_ input: [UInt8]) {
        do throws(CBORError) {
            let value = try CBORValue(decoding: input.span)
            let encoded = value.encoded
            require(encoded == input, "another encoding was taken for the deterministic one")
            let again = try CBORValue(decoding: encoded.span)
            require(again.encoded == encoded, "what was encoded is decoded otherwise")
            var reader = CBORReader(input.span)
            try reader.skip()
            require(reader.isAtEnd, "an item that is skipped otherwise than read")
        } catch {
            use(error.description)
            require(error.offset <= input.count, "a fault outside of the bytes")
        }
    }

    /// Steps over one item after the other, and reads each head as each type.
    private func skip(_ input: [UInt8]) {
        var reader = CBORReader(input.span)
        while !reader.isAtEnd {
            let offset = reader.offset
            use(try? reader.text())
            reader.offset = offset
            use(try? reader.byteString())
            reader.offset = offset
            use(try? reader.integer())
            reader.offset = offset
            use(try? reader.unsigned())
            reader.offset = offset
            use(try? reader.number())
            reader.offset = offset
            use(try? reader.bool())
            reader.offset = offset
            use(try? reader.optionalText())
            reader.offset = offset
            guard (try? reader.skip()) != nil else { return }
            require(reader.offset > offset, "an item without bytes")
        }
    }

    /// Whether bytes are the facts of a type; what is read must be read again when written.
    private static let payloads: [@Sendable ([UInt8]) -> Bool] = [
        payload(DocumentIngested.self), payload(DocumentCleaned.self),
        payload(DocumentDropped.self), payload(DocumentUnique.self),
        payload(DocumentDuplicate.self), payload(DocumentEnriched.self),
        payload(DocumentExported.self), payload(DocumentFailed.self),
        payload(PipelineDefined.self), payload(RunStarted.self), payload(RunFinished.self),
        payload(LogRecovered.self), payload(ExportRewritten.self),
    ]

    private static func payload<Payload: EventPayload>(
        _ type: Payload.Type
    ) -> @Sendable ([UInt8]) -> Bool {
        { input in
            do throws(CBORError) {
                let written = try Payload(cbor: input.span).encoded
                let again = try? Payload(cbor: written.span).encoded
                require(again == written, "\(Payload.type.rawValue) is not what it wrote")
                return true
            } catch {
                return false
            }
        }
    }
}
