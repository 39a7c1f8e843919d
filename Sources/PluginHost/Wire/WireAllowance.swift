/// What a plugin may still write before it has said enough (PROTOCOL.md §3).
///
/// Values are counted beside bytes: a list of zeros takes twenty times its bytes when it is read.
struct WireAllowance: Sendable, Equatable {
    /// Bytes of messages.
    var bytes: Int
    /// Numbers, texts, lists and the like, however deep they lie.
    var values: Int

    /// A single message.
    static let messageBytesMax = 64 << 20
    /// All answers to a batch.
    static let answers = WireAllowance(bytes: 256 << 20, values: 8 << 20)
    /// Everything else.
    static let other = WireAllowance(bytes: 16 << 20, values: 1 << 20)
}
