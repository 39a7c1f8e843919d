/// The people an annotator looks for, and what it must know to tell them apart.
///
/// Leaders, offices and countries are numbers into the arrays here; leaders lie in order of id.
struct LeaderDictionary: Sendable {
    /// A country, or an organisation that has offices.
    struct Country: Sendable {
        var id: String
        var name: String
    }

    /// An office, such as president.
    struct Office: Sendable {
        var id: String
        var title: String
    }

    /// An office that somebody held.
    struct Role: Sendable {
        var office: Int
        var country: Int
        var from: Day
        /// The last day; `.never` for a role that is not known to have ended.
        var to: Day
        /// Whether somebody else held the office on the last day: the one who came is the one in office.
        var isOverOnLastDay: Bool
        /// As it is printed, such as `President of Russia`.
        var text: String

        var post: Post { Post(office: office, country: country) }

        /// Whether the office was held on a day.
        func isHeld(on day: Day) -> Bool {
            from <= day && (day < to || day == to && !isOverOnLastDay)
        }
    }

    /// A person.
    struct Leader: Sendable {
        var id: String
        var name: String
        var country: Int
        var roles: [Role]
        /// Hashes of the words of the full forms that are no surname: given names.
        var givenNames: Set<UInt64>
        /// The letters that given names begin with, `a` as bit 0.
        var initials: UInt32
    }

    /// What a phrase of the table stands for.
    enum Sense: Sendable, Equatable {
        /// A full form of a leader's name.
        case name(Int)
        /// What may stand for a leader alone.
        case surname(Int)
        case country(Int)
        /// A country's adjective: `Russian`.
        case adjective(Int)
        case office(Int, isPlural: Bool)
        /// A title before a name: `President`.
        case title(Int)
        /// Names nobody although it contains a name.
        case exclusion
    }

    /// A post: an office of a country.
    struct Post: Hashable, Sendable {
        var office: Int
        var country: Int
    }

    /// Who held a post, and by which of their roles.
    struct Tenure: Sendable {
        var leader: Int
        var role: Int
    }

    var countries: [Country] = []
    var offices: [Office] = []
    var leaders: [Leader] = []
    /// By the payload of the phrase table.
    var senses: [Sense] = []
    var table = PhraseTable.Builder().build()
    /// Everybody who ever held a post.
    var tenures: [Post: [Tenure]] = [:]

    /// The role of a tenure.
    func role(_ tenure: Tenure) -> Role { leaders[tenure.leader].roles[tenure.role] }

    /// The role to print for a leader on a day: of several the one whose office the dictionary
    /// lists first, then the latest.
    func role(of leader: Int, on day: Day) -> Role? {
        leaders[leader].roles.filter { $0.isHeld(on: day) }
            .min { ($0.office, $1.from) < ($1.office, $0.from) }
    }
}
