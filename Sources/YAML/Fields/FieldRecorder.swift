private import Synchronization

/// Remembers which fields were asked for, while a pipeline is built.
///
/// Whatever reads options is thereby also what schemas and `check --effective` are derived from.
/// It is bound to the task, so that no stage has to hand it on. A class, because readers anywhere
/// below add to the same one.
package final class FieldRecorder: Sendable {
    /// Who records now, if anybody.
    @TaskLocal package static var current: FieldRecorder?

    /// The fields of one mapping.
    package struct Reading: Sendable {
        /// Where the outermost mapping stands that it is part of.
        package let root: SourceRange
        /// The keys that lead from there to the mapping, which itself may be absent.
        package let path: [String]
        /// What was read, as in messages.
        package let context: String
        /// What was asked for.
        package let fields: [FieldReader.Field]
        /// Whether it takes other keys, too: names of its author's.
        package let isOpen: Bool

        /// States what was asked for.
        package init(
            root: SourceRange,
            path: [String],
            context: String,
            fields: [FieldReader.Field],
            isOpen: Bool = false,
        ) {
            self.isOpen = isOpen
            self.root = root
            self.path = path
            self.context = context
            self.fields = fields
        }
    }

    /// More are not remembered: pipelines have dozens.
    private static let limit = 10_000

    private let state = Mutex<[Reading]>([])

    /// Has seen nothing yet.
    package init() {}

    /// What was read, inner mappings before those around them.
    package var readings: [Reading] { state.withLock { $0 } }

    /// Adds what something else than a reader asked for.
    package func add(_ reading: Reading) {
        state.withLock { if $0.count < Self.limit { $0.append(reading) } }
    }

    /// Does something, and remembers the fields that are asked for meanwhile.
    package func recording<Result>(_ body: () -> Result) -> Result {
        Self.$current.withValue(self, operation: body)
    }
}
