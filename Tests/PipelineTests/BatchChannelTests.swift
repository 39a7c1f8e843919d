import Testing

@testable import Pipeline

/// The back-pressure between the tasks of a run.
@Suite("A batch channel")
struct BatchChannelTests {
    @Test("hands elements on in order, and ends when it is closed")
    func order() async {
        let channel = BatchChannel<Int>(limit: 2)
        async let sent = Self.send(0..<1000, into: channel)
        var received: [Int] = []
        while let element = await channel.receive() { received.append(element) }
        #expect(received == Array(0..<1000))
        #expect(await sent == 1000)
    }

    @Test("holds no more than its limit")
    func limit() async {
        let channel = BatchChannel<Int>(limit: 3)
        for element in 0..<3 { #expect(await channel.send(element)) }
        let blocked = Task { await channel.send(3) }
        #expect(await channel.receive() == 0)
        #expect(await blocked.value)
        channel.close()
        var rest: [Int] = []
        while let element = await channel.receive() { rest.append(element) }
        #expect(rest == [1, 2, 3])
    }

    @Test("that is cancelled wakes a sender that waits for room")
    func cancelledSender() async {
        let channel = BatchChannel<Int>(limit: 1)
        #expect(await channel.send(0))
        let blocked = Task { await channel.send(1) }
        channel.cancel()
        #expect(await blocked.value == false)
        #expect(await channel.send(2) == false)
    }

    @Test("that is cancelled wakes a receiver, and forgets what it held")
    func cancelledReceiver() async {
        let empty = BatchChannel<Int>(limit: 1)
        let waiting = Task { await empty.receive() }
        empty.cancel()
        #expect(await waiting.value == nil)
        let full = BatchChannel<Int>(limit: 1)
        #expect(await full.send(0))
        full.cancel()
        #expect(await full.receive() == nil)
    }

    private static func send(_ range: Range<Int>, into channel: BatchChannel<Int>) async -> Int {
        defer { channel.close() }
        var count = 0
        for element in range where await channel.send(element) { count += 1 }
        return count
    }
}
