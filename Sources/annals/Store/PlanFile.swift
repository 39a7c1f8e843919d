internal import Bytes
internal import EventLog
internal import Events
internal import Glibc
internal import Pipeline

/// A plan in a file, to be done as it is or not at all.
enum PlanFile {
    /// Makes a plan and lets go of what the stages hold.
    static func result(
        of planner: Planner,
        _ pipeline: PipelineDefinition
    ) async -> Result<RunPlan, any Error> {
        let result: Result<RunPlan, any Error>
        do {
            result = .success(try await planner.plan())
        } catch {
            result = .failure(error)
        }
        for stage in pipeline.stages { await stage.close() }
        return result
    }

    /// The plan of a file, if it is still what a run would do.
    static func approved(
        _ path: String,
        _ pipeline: PipelineDefinition,
        store: String
    ) async throws -> RunPlan {
        try checkSources(pipeline)
        let written = try read(path)
        let head = try head(of: written, path)
        guard head.pipeline == pipeline.name else {
            throw Failure(
                .badData,
                "\(path) is a plan for the pipeline '\(head.pipeline)', not for '\(pipeline.name)';"
                    + " nothing was done"
            )
        }
        let plan = try await result(of: Planner(pipeline: pipeline, store: store), pipeline).get()
        guard withoutTime(written) == withoutTime(PlanText(plan: plan).json) else {
            throw Failure(
                .tryAgain,
                "\(path) is not what a run would do by now: \(change(since: head, plan)); nothing was"
                    + " done: make another with annals plan --out"
            )
        }
        return plan
    }

    /// Refuses a plan of what can be read only once: to see whether it still holds takes another time.
    static func checkSources(_ pipeline: PipelineDefinition) throws {
        guard pipeline.source.sources.contains("-") else { return }
        throw Failure(
            .usage,
            "standard input can be read only once, and a plan has to be compared with it before it is"
                + " done: put it into a file for --out and --plan"
        )
    }

    /// What a plan was made of.
    private struct Head {
        var pipeline: String
        var store: String
        var position: Int
        var fingerprints: [String]
    }

    private static func head(of written: [UInt8], _ path: String) throws -> Head {
        guard let values = try? members(of: written),
            let pipeline = values["pipeline"]?.text, let store = values["store"]?.text,
            let position = values["position"]?.integer, let stages = values["stages"]?.items
        else {
            throw Failure(
                .badData,
                "\(path) is no plan, or not a whole one; nothing was done: make one with"
                    + " annals plan --out"
            )
        }
        return Head(
            pipeline: pipeline,
            store: store,
            position: position,
            fingerprints: stages.map { $0["fingerprint"]?.text ?? "" }
        )
    }

    /// The members of a plan but for the documents, which may be many.
    private static func members(of written: [UInt8]) throws(JSONError) -> [String: CBORValue] {
        var reader = JSONReader(written.span)
        var members: [String: CBORValue] = [:]
        var (isFirst, key) = (true, [UInt8]())
        try reader.beginObject()
        while try reader.nextKey(isFirst: &isFirst, into: &key) {
            let name = String(decoding: key, as: UTF8.self)
            if name == "documents" { try reader.skip() } else { members[name] = try reader.value() }
        }
        try reader.end()
        return members
    }

    private static func change(since head: Head, _ plan: RunPlan) -> String {
        if head.fingerprints != plan.fingerprints.map(\.fingerprint) {
            return "the pipeline, or a file or plugin that it uses, has changed since"
        }
        if head.store != plan.store.map({ "\($0)" }) ?? "" {
            return "it was made for another store"
        }
        if head.position != Int(plan.position.rawValue) {
            return "the log has grown since: something else was run, or withdrawn"
        }
        return "documents have changed, come or gone since"
    }

    /// A plan without how long it would take, its last member, which each run teaches anew.
    private static func withoutTime(_ json: [UInt8]) -> ArraySlice<UInt8> {
        let key = Array(",\"seconds\":".utf8)
        var end = json.count - key.count
        while end > 0 {
            if json[end..<end + key.count].elementsEqual(key) { return json[..<end] }
            end -= 1
        }
        return json[...]
    }

    /// Writes a plan.
    static func write(_ json: [UInt8], to path: String) throws {
        guard let file = unsafe fopen(path, "w") else { throw failure(path) }
        let written = unsafe fwrite(json, 1, json.count, file)
        guard unsafe fclose(file) == 0, written == json.count else { throw failure(path) }
    }

    /// No plan is larger: it names millions of documents.
    private static let largest = 1 << 30

    private static func read(_ path: String) throws -> [UInt8] {
        guard let file = unsafe fopen(path, "r") else { throw unreadable(path) }
        defer { unsafe fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe fread(&buffer, 1, buffer.count, file)
            guard count > 0 else { break }
            bytes.append(contentsOf: buffer[..<count])
            // What does not begin like one is not read to its end, which it may not have.
            let isPlan = bytes.starts(with: Array("{\"pipeline\":".utf8))
            guard isPlan, bytes.count <= largest else { break }
        }
        guard unsafe ferror(file) == 0 else { throw unreadable(path) }
        return bytes
    }

    private static func unreadable(_ path: String) -> Failure {
        Failure(
            .noInput,
            "the plan \(path) cannot be read: \(unsafe String(cString: strerror(errno)))"
        )
    }

    private static func failure(_ path: String) -> Failure {
        Failure(
            .inputOutput,
            "the plan cannot be written to \(path): \(unsafe String(cString: strerror(errno)))"
        )
    }
}
