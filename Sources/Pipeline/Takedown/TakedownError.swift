/// Why documents cannot be withdrawn; nothing was changed.
package enum TakedownError: Error, Sendable, Equatable {
    /// The log knows no such document.
    case unknownDocument(String)
    /// The store has exports, and no pipeline was named that can write them anew.
    case pipelineNeeded
    /// An export of the store's last run is not, or not so, in the pipeline that was named.
    case otherExport(String)
    /// The store belongs to a pipeline of this name.
    case otherPipeline(String)
}

extension TakedownError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unknownDocument(let id): "the log knows no document '\(id)'"
        case .pipelineNeeded:
            "the store's exports have to be written anew: name the pipeline with --pipeline"
        case .otherExport(let name):
            "the export '\(name)' is not what the store last ran: give the pipeline as it was then,"
                + " or run it first; nothing was withdrawn"
        case .otherPipeline(let name):
            "the store holds the pipeline '\(name)': name that one; nothing was withdrawn"
        }
    }
}
