internal import Bytes

/// The English words by which names and offices are told from what looks like them.
///
/// Looked up only beside what the dictionary found, never for every word of a text.
struct GrammarWords: Sendable {
    /// What a word does beside a name or an office.
    struct Role: OptionSet, Sendable {
        let rawValue: UInt32

        static let article = Role(rawValue: 1 << 0)
        static let and = Role(rawValue: 1 << 1)
        static let of = Role(rawValue: 1 << 2)
        static let possessive = Role(rawValue: 1 << 3)
        /// The office was held before: `former`.
        static let past = Role(rawValue: 1 << 4)
        /// The office will be held: `elect`.
        static let future = Role(rawValue: 1 << 5)
        /// Somebody below the office: `deputy`.
        static let deputy = Role(rawValue: 1 << 6)
        /// Somebody in the holder's place: `acting`.
        static let acting = Role(rawValue: 1 << 7)
        /// Says nothing of who: `current`.
        static let neutral = Role(rawValue: 1 << 8)
        /// Stands before any surname: `Mr`.
        static let honorific = Role(rawValue: 1 << 9)
        /// Stands before a woman's surname, which may be her husband's: `Mrs`.
        static let female = Role(rawValue: 1 << 10)
        /// An office that dictionaries of leaders leave out: `Senator`.
        static let rank = Role(rawValue: 1 << 11)
        static let calendar = Role(rawValue: 1 << 12)
        /// Begins sentences with a capital and is no name: `Meanwhile`.
        static let starter = Role(rawValue: 1 << 13)
        /// A part of a name in lower case: `bin`.
        static let particle = Role(rawValue: 1 << 14)
        /// What is named after people: `Street`.
        static let namesake = Role(rawValue: 1 << 15)
        /// May follow a name with a capital: `Administration`.
        static let follower = Role(rawValue: 1 << 16)
        /// Somebody else of that name: `Jr`.
        static let generation = Role(rawValue: 1 << 17)
        /// Also an ordinary word, a first name or the name of very many.
        static let weak = Role(rawValue: 1 << 18)
        /// Stands before a month: `in`.
        static let dateLead = Role(rawValue: 1 << 19)
        /// Follows `May` where it begins a question or a wish.
        static let subject = Role(rawValue: 1 << 20)
        /// Says what somebody of a country is: `leader`.
        static let person = Role(rawValue: 1 << 21)

        /// Says that somebody has, had or gets an office, not who holds it: `elected`, `as`.
        static let predicate = Role(rawValue: 1 << 22)
        /// The same before `of`: `post`.
        static let postNoun = Role(rawValue: 1 << 23)
        /// With `that` and `time` it says that an office is past.
        static let at = Role(rawValue: 1 << 24)
        static let time = Role(rawValue: 1 << 25)
        /// With no article behind it, it says what somebody wants to be: "run for President".
        static let run = Role(rawValue: 1 << 26)

        /// Counts the holders: the first president is seldom the present one.
        static let ordinal = Role(rawValue: 1 << 27)

        /// Anything that may stand between a country and its office.
        static let modifiers: Role = [past, future, deputy, acting, neutral, ordinal]
    }

    private let roles: [UInt64: Role]

    /// What a word does; nothing for most words.
    func roles(of word: WordToken) -> Role { roles[word.hash] ?? [] }

    init() {
        var roles: [UInt64: Role] = [:]
        for (role, text) in Self.lists {
            for word in WordTokenizer.words(of: text) { roles[word.hash, default: []].insert(role) }
        }
        self.roles = roles
    }

    private static let lists: KeyValuePairs<Role, String> = [
        .article: "the a an",
        .and: "and",
        .of: "of",
        .possessive: "s",
        .past: "former ex late then erstwhile onetime previous deposed ousted past toppled fallen",
        .future: "elect designate future next incoming new",
        .deputy: "deputy vice assistant under sub junior associate shadow honorary",
        .acting: "acting interim caretaker provisional transitional",
        .neutral: "current incumbent sitting outgoing present ruling serving",
        .honorific: """
        mr messrs dr sir lord comrade his her excellency excellencies majesty majesties highness \
        honourable honorable sheikh prof professor academician marshal candidate nominee \
        colleague counterpart friend dear
        """,
        .female: "mrs ms miss madam madame lady mesdames baroness dame",
        .rank: """
        senator senators governor mayor judge justice congressman congresswoman representative \
        admiral captain major lieutenant sergeant ambassador coach republican democrat minister \
        secretary chairman chairwoman director speaker general colonel commissioner envoy \
        spokesman spokeswoman archbishop bishop cardinal father metropolitan commander brigadier
        """,
        .calendar: """
        monday tuesday wednesday thursday friday saturday sunday january february march april \
        may june july august september october november december
        """,
        .particle: "bin ibn bint al el de van von der den da di du dos la le ben abu ul zu av",
        .namesake: """
        tower towers street avenue road square plaza park bridge airport station university \
        college school institute academy library museum theatre theater stadium arena hospital \
        centre center foundation fund organization organisation prize award medal order cup \
        hotel casino mosque cathedral church monument memorial house hall ship class district \
        city village island lyceum gymnasium readings endowment corporation company group trust \
        presidential international drama palace highway peak corps
        """,
        .follower: """
        administration government cabinet presidency doctrine plan era white regime family team \
        and campaign the in on at to for with from
        """,
        .generation: "jr junior sr senior",
        .dateLead: """
        in on early late mid last next since until till by of this from through during to every each
        """,
        .subject:
            "i he she we you they it god the this that all there our your his her their any a",
        .person: """
        leader leaders regime strongman ruler dictator counterpart counterparts autocrat \
        statesman monarch politician opposition party
        """,
        .predicate: """
        as elected reelected become becomes became becoming appointed named nominated designated \
        be being been is was were are remain remains remained
        """,
        .ordinal: "first second third fourth fifth last earliest youngest oldest only",
        .at: "at",
        .time: "time",
        .run: "for",
        .postNoun: """
        post office position title job role candidacy candidate candidates election elections \
        duties powers inauguration rank institution
        """,
        .starter: GrammarWords.starters,
        .weak: GrammarWords.weakSurnames,
    ]
}
