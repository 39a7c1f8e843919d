internal import Synchronization

/// A bounded queue between two tasks: the back-pressure of the runner (invariant 9).
///
/// One task sends, one receives. Closing lets the receiver drain what is there; cancelling does not.
final class BatchChannel<Element: Sendable>: Sendable {
    private struct State {
        var elements: [Element] = []
        var isClosed = false
        var isCancelled = false
        var receiver: CheckedContinuation<Element?, Never>?
        var sender: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())
    private let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    /// Hands an element on, waiting for room; answers false when nobody wants any more.
    func send(_ element: Element) async -> Bool {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let mayGoOn = state.withLock { state in
                if state.elements.count < limit || state.isCancelled { return true }
                state.sender = continuation
                return false
            }
            if mayGoOn { continuation.resume() }
        }
        let (receiver, isCancelled) = state.withLock {
            state -> (CheckedContinuation<Element?, Never>?, Bool) in
            if state.isCancelled { return (nil, true) }
            if let receiver = state.receiver {
                state.receiver = nil
                return (receiver, false)
            }
            state.elements.append(element)
            return (nil, false)
        }
        receiver?.resume(returning: element)
        return !isCancelled
    }

    /// The next element, or nil at the end.
    func receive() async -> Element? {
        await withCheckedContinuation { (continuation: CheckedContinuation<Element?, Never>) in
            let (result, sender) = state.withLock {
                state -> (Element??, CheckedContinuation<Void, Never>?) in
                if !state.elements.isEmpty && !state.isCancelled {
                    let element = state.elements.removeFirst()
                    let sender = state.sender
                    state.sender = nil
                    return (.some(element), sender)
                }
                if state.isClosed || state.isCancelled { return (.some(nil), nil) }
                state.receiver = continuation
                return (nil, nil)
            }
            sender?.resume()
            if let result { continuation.resume(returning: result) }
        }
    }

    /// Says that nothing more will be sent.
    func close() {
        let receiver = state.withLock { state in
            state.isClosed = true
            defer { state.receiver = nil }
            return state.receiver
        }
        receiver?.resume(returning: nil)
    }

    /// Ends both sides at once.
    func cancel() {
        let (receiver, sender) = state.withLock { state in
            state.isCancelled = true
            state.elements = []
            defer {
                state.receiver = nil
                state.sender = nil
            }
            return (state.receiver, state.sender)
        }
        receiver?.resume(returning: nil)
        sender?.resume()
    }
}
