package import Bytes

/// Damage in the log was repaired: events are lost, and gaps stand in their places.
package struct LogRepaired: EventPayload, Equatable {
    package static let type = EventType.logRepaired

    /// Events that were lost to one damaged place.
    package struct Loss: Hashable, Sendable {
        /// The first lost event's position.
        package var first: Int
        /// The last lost event's position.
        package var last: Int
        /// The segment's file name.
        package var segment: String
        /// What was wrong there.
        package var reason: String

        /// States a loss.
        package init(first: Int, last: Int, segment: String, reason: String) {
            self.first = first
            self.last = last
            self.segment = segment
            self.reason = reason
        }
    }

    /// What was lost, in order; nothing if only what can be computed again was damaged.
    package var lost: [Loss]
    /// What was done, in words.
    package var steps: [String]
    /// The files that were kept or moved away, relative to the store.
    package var quarantine: [String]

    /// States a repair.
    package init(lost: [Loss], steps: [String], quarantine: [String]) {
        self.lost = lost
        self.steps = steps
        self.quarantine = quarantine
    }

    package func encode(into writer: inout CBORWriter) {
        writer.map(3)
        writer.text("lost")
        writer.array(lost.count)
        for loss in lost {
            writer.map(4)
            writer.text("last")
            writer.integer(loss.last)
            writer.text("first")
            writer.integer(loss.first)
            writer.text("reason")
            writer.text(loss.reason)
            writer.text("segment")
            writer.text(loss.segment)
        }
        writer.text("steps")
        writer.array(steps.count)
        for step in steps { writer.text(step) }
        writer.text("quarantine")
        writer.array(quarantine.count)
        for file in quarantine { writer.text(file) }
    }

    package init(cbor: Span<UInt8>) throws(CBORError) {
        let tree = try CBORValue(decoding: cbor)
        lost = []
        for item in try required(tree["lost"]?.array, "lost") {
            lost.append(
                Loss(
                    first: try required(item["first"]?.integer, "first"),
                    last: try required(item["last"]?.integer, "last"),
                    segment: try required(item["segment"]?.text, "segment"),
                    reason: try required(item["reason"]?.text, "reason")
                )
            )
        }
        steps = try Self.texts(tree["steps"], "steps")
        quarantine = try Self.texts(tree["quarantine"], "quarantine")
    }

    private static func texts(
        _ value: CBORValue?,
        _ name: String
    ) throws(CBORError) -> [String] {
        var texts: [String] = []
        for item in try required(value?.array, name) {
            texts.append(try required(item.text, name))
        }
        return texts
    }
}
