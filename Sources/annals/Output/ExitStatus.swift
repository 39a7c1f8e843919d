/// Exit codes, after sysexits(3).
enum ExitStatus: Int32 {
    case success = 0
    /// There is work to do.
    case work = 2
    case usage = 64
    case badData = 65
    case noInput = 66
    case unavailable = 69
    case internalError = 70
    case inputOutput = 74
    case tryAgain = 75
    case interrupted = 130
}
