/// The groups of an aggregation while documents go by.
///
/// Memory grows with the groups, whose number is limited, and with the values that they are told
/// apart by; not with the documents.
struct GroupTable {
    /// What is counted of a group.
    struct Tally {
        var documents = 0
        var mentions = 0
        var first = DayNumber.unknown
        var last = DayNumber.unknown
        /// The first day of each role.
        var roles: [FieldValue: DayNumber] = [:]
    }

    /// The numbers of the values that a group is told apart by.
    typealias Key = [Int32]

    private let limit: Int
    private let name: String
    private var numbers: [FieldValue: Int32] = [:]
    private var values: [FieldValue] = []
    private(set) var groups: [Key: Tally] = [:]
    /// How many documents call a value of a key by a label.
    private var labels: [[Int32: [FieldValue: Int]]]

    init(keyCount: Int, limit: Int, name: String) {
        self.limit = limit
        self.name = name
        labels = Array(repeating: [:], count: keyCount)
    }

    /// The number of a value.
    mutating func number(of value: FieldValue) -> Int32 {
        if let known = numbers[value] { return known }
        let number = Int32(truncatingIfNeeded: values.count)
        values.append(value)
        numbers[value] = number
        return number
    }

    /// The value of a number.
    func value(_ number: Int32) -> FieldValue { values[Int(number)] }

    /// Adds what a document, published on a day, says of a group.
    mutating func add(_ tally: Tally, to key: Key, on day: DayNumber) throws(ProjectionError) {
        if groups[key] == nil, groups.count >= limit { throw overflow }
        groups[key, default: Tally()].add(tally, on: day)
    }

    /// Throws if one document alone has more groups than there may be.
    func check(_ count: Int) throws(ProjectionError) {
        if count > limit { throw overflow }
    }

    /// Counts a label of a value.
    mutating func count(label: FieldValue, of value: Int32, key: Int) {
        labels[key][value, default: [:]][label, default: 0] += 1
    }

    /// The label that most documents have for a value; of several the first.
    func label(of value: Int32, key: Int) -> FieldValue {
        let counts = labels[key][value] ?? [:]
        let best = counts.max { left, right in
            left.value == right.value ? right.key < left.key : left.value < right.value
        }
        return best?.key ?? .absent
    }

    private var overflow: ProjectionError {
        ProjectionError(
            .tooManyGroups,
            path: name,
            expected: "at most \(limit) groups",
            found: "more",
            hint: "choose fewer documents by where:, or group by fewer or coarser fields,"
                + " such as month for day"
        )
    }
}

extension GroupTable.Tally {
    fileprivate mutating func add(_ other: Self, on day: DayNumber) {
        documents += 1
        mentions += other.mentions
        if day != .unknown {
            first = first == .unknown ? day : min(first, day)
            last = max(last, day)
        }
        for role in other.roles.keys { roles[role] = Self.earlier(roles[role], day) }
    }

    private static func earlier(_ known: DayNumber?, _ day: DayNumber) -> DayNumber {
        guard let known, known != .unknown else { return day }
        return day == .unknown ? known : min(known, day)
    }

    /// The roles in order of the first day, then of text; those without a day last.
    var roleNames: [String] {
        roles.sorted { left, right in
            if left.value == right.value { return left.key < right.key }
            if left.value == .unknown || right.value == .unknown { return right.value == .unknown }
            return left.value < right.value
        }.compactMap(\.key.text)
    }
}
