internal import Bytes
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
        let written = try read(path)
        let plan = try await result(of: Planner(pipeline: pipeline, store: store), pipeline).get()
        let now = PlanText(plan: plan).json
        guard withoutTime(written) == withoutTime(now) else {
            throw Failure(
                .tryAgain,
                "\(path) is not what a run would do by now: the pipeline, the documents or the log"
                    + " have changed since, or it is no plan; nothing was done: make another with"
                    + " annals plan --out"
            )
        }
        return plan
    }

    /// A plan without how long it would take, which each run teaches anew.
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

    private static func read(_ path: String) throws -> [UInt8] {
        guard let file = unsafe fopen(path, "r") else {
            throw Failure(
                .noInput,
                "the plan \(path) cannot be read: \(unsafe String(cString: strerror(errno)))"
            )
        }
        defer { unsafe fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe fread(&buffer, 1, buffer.count, file)
            guard count > 0 else { return bytes }
            bytes.append(contentsOf: buffer[..<count])
        }
    }

    private static func failure(_ path: String) -> Failure {
        Failure(
            .inputOutput,
            "the plan cannot be written to \(path): \(unsafe String(cString: strerror(errno)))"
        )
    }
}
