internal import ArgumentParser
internal import Bytes
internal import EventLog
internal import Glibc
internal import Pipeline
internal import PluginHost
internal import Projections
internal import YAML

/// A failure as the command line tells it: one message, one exit code.
struct Failure: Error {
    let status: ExitStatus
    let message: String

    init(_ status: ExitStatus, _ message: String = "") {
        self.status = status
        self.message = message
    }

    /// Prints what it says, if it was not said before.
    func show() {
        guard !message.isEmpty else { return }
        Console.error("annals: \(TerminalText.escaped(message, keepingLines: true))\n")
    }

    /// Prints an error and ends the process with its code.
    static func exit(with error: any Error) -> Never {
        if let failure = Failure(error) {
            failure.show()
            Glibc.exit(failure.status.rawValue)
        }
        if Annals.exitCode(for: error) == .failure {
            let text = TerminalText.escaped("\(error)", keepingLines: true)
            Console.error("annals: internal error: \(text); please report this as a bug\n")
            Glibc.exit(ExitStatus.internalError.rawValue)
        }
        Annals.exit(withError: error)
    }

    /// Nil for what the argument parser says itself: help, version, usage errors.
    init?(_ error: any Error) {
        switch error {
        case let failure as Failure: self = failure
        case let error as RunError: self.init(error)
        case let error as LogError: self.init(error)
        case let error as TakedownError: self.init(error)
        case let error as PluginFault:
            self.init(error.code == .question ? .badData : .unavailable, error.description)
        case let error as ProjectionError: self.init(error)
        case let error as PluginLockError:
            self.init(error.code == .unwritable ? .inputOutput : .noInput, error.description)
        case let error as PluginTemplateError:
            self.init(error.code == .unwritable ? .inputOutput : .usage, error.description)
        case let error as YAMLErrors:
            self.init(.badData, error.rendered(color: Console.isErrorColored))
        case let error as CBORError:
            self.init(.badData, "an event of the log cannot be read: \(error)")
        default: return nil
        }
    }

    private init(_ error: RunError) {
        switch error {
        case .noInput: self.init(.noInput, error.description)
        case .log(let error): self.init(error)
        case .export, .exportNotFile, .exportNotFolder, .exportHoldsStore:
            self.init(.inputOutput, error.description)
        case .stage: self.init(.unavailable, error.description)
        case .otherPipeline: self.init(.badData, error.description)
        case .planOutdated: self.init(.tryAgain, error.description)
        case .tooManyFailed: self.init(.badData, error.description)
        case .unreadableLog: self.init(.badData, error.description)
        case .unbalanced: self.init(.internalError, error.description)
        }
    }

    private init(_ error: TakedownError) {
        switch error {
        case .unknownDocument: self.init(.noInput, error.description)
        case .pipelineNeeded: self.init(.usage, error.description)
        case .otherExport, .otherPipeline: self.init(.badData, error.description)
        }
    }

    private init(_ error: ProjectionError) {
        switch error.code {
        case .busy: self.init(.tryAgain, error.description)
        case .inputOutput: self.init(.inputOutput, error.description)
        case .notBuilt: self.init(.noInput, error.description)
        case .invalidDeclaration, .newerEvent, .undecodableEvent, .tooManyLeftOut, .damaged,
            .noSuchPosition, .noSuchRun, .ambiguousRun, .tooManyGroups:
            self.init(.badData, error.description)
        }
    }

    private init(_ error: LogError) {
        switch error.code {
        case .locked, .fenced, .conflict: self.init(.tryAgain, error.description)
        case .notAStore: self.init(.noInput, error.description)
        case .newerFormat, .readOnlyFeature, .corrupt, .noSuchPosition, .limitExceeded,
            .unjoinable, .lost, .beyondRepair:
            self.init(.badData, error.description)
        case .noSpace, .inputOutput, .poisoned: self.init(.inputOutput, error.description)
        case .closed, .emptyBatch, .wrongPosition, .staleSequence:
            self.init(.internalError, error.description)
        }
    }
}
