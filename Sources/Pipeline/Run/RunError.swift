package import EventLog
internal import Glibc

/// Why a run could not begin or go on.
package enum RunError: Error, Sendable {
    /// There is nothing to read.
    case noInput(SourceError)
    /// The log refused.
    case log(LogError)
    /// An export's file could not be written.
    case export(String, Int32)
    /// Something else than a file lies where an export is to be written.
    case exportNotFile(String)
    /// Something else than a folder lies where an export is to be brought.
    case exportNotFolder(String)
    /// The folder of an export holds the store.
    case exportHoldsStore(String)
    /// The log holds events that this program cannot read.
    case unreadableLog(String)
    /// The log has grown since a plan was made.
    case planOutdated
    /// The store belongs to a pipeline of this name.
    case otherPipeline(String)
    /// More documents failed, of those read so far, than the pipeline allows.
    case tooManyFailed(Int, of: Int, ErrorBudget)
    /// What a stage needs gave up; nothing that is committed is lost.
    case stage(String)
    /// The balance sheet does not add up (invariant 3).
    case unbalanced(String)
}

extension RunError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .noInput(let error): error.description
        case .log(let error): error.description
        case .export(let path, let number):
            "export \(path) cannot be written: \(unsafe String(cString: strerror(number)));"
                + " mend it and run the same command again: no record is lost"
        case .exportNotFile(let path):
            "export \(path) cannot be written: something that is no file lies there;"
                + " name another file under export's to"
        case .exportNotFolder(let path):
            "export \(path) cannot be written: something that is no folder lies there;"
                + " name another folder under export's to"
        case .exportHoldsStore(let path):
            "export \(path) cannot be written: the store lies in it; give the exporter a folder of"
                + " its own"
        case .otherPipeline(let name):
            "the store holds the pipeline '\(name)'; give each pipeline a store of its own"
        case .planOutdated:
            "the log has grown since the plan was made; nothing was done: make another with"
                + " annals plan --out"
        case .unreadableLog(let reason): reason
        case .tooManyFailed(let failed, let documents, let budget):
            "\(failed) of the \(documents) documents read so far failed, more than max_failed"
                + " (\(budget)): annals failed list; when the cause is mended, the same command goes"
                + " on where this run stopped"
        case .stage(let reason): reason + "; the same command goes on where this run stopped"
        case .unbalanced(let reason):
            "the balance sheet does not add up: \(reason); please report this as a bug"
        }
    }
}
