internal import Bytes
internal import Events
internal import Pipeline
internal import YAML

/// One thing that the enrich stage looks for in documents.
///
/// To add one: a type in a file of its own, and its line in ``AnnotatorKind/all``.
protocol Annotator: Sendable {
    /// Says what it finds in each live document, by ``Pipeline/Document/enrich(_:stage:)``.
    ///
    /// Runs on whole batches, so that what it needs to work in is made once a batch.
    func annotate(_ documents: inout [Document], stage: Int)

    /// The annotator's name in events.
    static var name: String { get }
    /// The ids that its dictionary knows.
    var ids: [String] { get }
    /// Why a document has, or has not, an id of its dictionary; nil for an id that it does not know.
    func inquire(_ id: String, of document: Document) -> FindingInquiry?
}

/// A kind of annotator as pipelines name it.
struct AnnotatorKind: Sendable {
    /// The key in YAML, and the annotator's name in events.
    let name: String
    /// The fields of what it finds, which projections may be by.
    let fields: [String]
    /// Builds the annotator from its options, or reports why not.
    let build: @Sendable (Node, inout StageContext) -> (any Annotator)?

    /// Every kind there is.
    static let all: [AnnotatorKind] = [.leaders, .topics]
}

extension Document {
    /// Records what an annotator found, for the log and for the stages that follow.
    mutating func enrich(_ findings: DocumentEnriched, stage: Int) {
        record(findings, stage: stage)
        enrichments.append(findings)
    }
}

/// The words of a document's title, in memory that is used again.
struct TitleText {
    private(set) var bytes: [UInt8] = []
    private(set) var words: [WordToken] = []

    mutating func read(_ title: String?) {
        bytes.removeAll(keepingCapacity: true)
        var tokens: [WordToken] = []
        swap(&tokens, &words)
        tokens.removeAll(keepingCapacity: true)
        bytes.append(contentsOf: (title ?? "").utf8)
        WordTokenizer.tokenize(bytes.span, into: &tokens)
        swap(&tokens, &words)
    }
}
