internal import Bytes
internal import Dispatch
internal import Glibc
internal import Pipeline
internal import PluginHost
internal import Projections
internal import YAML

/// Runs the tests of pipeline files, one file after the other.
struct TestSession {
    /// What came of a file.
    struct FileResult {
        let path: String
        let pipeline: String
        var results: [PipelineTestResult] = []
        /// What is wrong with the file, where nothing could be run.
        var problem: String?
        var isMissing = false
    }

    private(set) var files: [FileResult] = []
    private let filter: String?
    private let scratch: TestScratch
    private let removal: ScratchRemoval

    init(filter: String?) throws {
        self.filter = filter
        do {
            scratch = try TestScratch()
        } catch {
            throw Failure(.inputOutput, error.description)
        }
        removal = ScratchRemoval(scratch)
    }

    /// Removes what the tests left.
    func end() {
        removal.end()
        scratch.remove()
    }

    /// Runs the tests of a file.
    mutating func test(_ path: String) async {
        let result = await PipelineFile.check(path)
        // That a plugin is not locked yet is for check to say.
        let diagnostics = result.diagnostics.filter { $0.code != "plugin.unlocked" }
        for diagnostic in diagnostics { PipelineFile.show(diagnostic) }
        guard let pipeline = result.pipeline else {
            let problem = diagnostics.map { $0.rendered() }.joined(separator: "\n")
            let isMissing = PipelineFile.isMissing(path, result)
            files.append(
                FileResult(path: path, pipeline: "", problem: problem, isMissing: isMissing)
            )
            return
        }
        let results = await tester(pipeline).run(chosen(pipeline))
        files.append(FileResult(path: path, pipeline: pipeline.name, results: results))
    }

    private func chosen(_ pipeline: PipelineDefinition) -> [PipelineTest] {
        guard let filter else { return pipeline.tests }
        return pipeline.tests.filter { $0.name.lowercased().contains(filter.lowercased()) }
    }

    /// A tester of a pipeline that folds projections as `annals show` does.
    func tester(_ pipeline: PipelineDefinition) -> PipelineTester {
        PipelineTester(pipeline, scratch: scratch) { store, pipeline, names in
            let projections = try StoreProjections(store: store, pipeline: pipeline)
            var rows: [String: CBORValue] = [:]
            for name in names {
                let table: Table
                if let plugin = try projections.plugins.projection(name) {
                    try await plugin.catchUp()
                    table = try await projections.plugins.table(plugin, [], asOf: nil)
                } else {
                    let declaration = try projections.declaration(name)
                    table = try projections.view(declaration, asOf: nil).table()
                }
                rows[name] = table.value
            }
            return rows
        }
    }

    // MARK: Blessing

    /// Writes what came of a file's tests into it, unless the tests would not hold then either.
    mutating func bless(_ path: String) async {
        guard let last = files.last, last.problem == nil,
            last.results.contains(where: { !$0.passed })
        else { return }
        do {
            let source = try YAMLSource.read(path)
            let blessing = TestBlessing(of: last.results, in: source)
            for refusal in blessing.refusals {
                Console.error("annals: \(path) is not blessed: \(escaped(refusal))\n")
            }
            guard blessing.count > 0 else { return }
            let replacement = try FileReplacement(of: path, with: blessing.bytes)
            guard let again = await results(of: replacement.path, as: path, last) else {
                replacement.discard()
                Console.error(
                    "annals: \(path) is left as it is: with what came written into it, its tests"
                        + " would not hold\n"
                )
                return
            }
            try replacement.commit()
            Console.error("annals: \(path): \(blessing.count) written anew\n")
            files[files.count - 1].results = again
        } catch let errors as YAMLErrors {
            Console.error(errors.rendered() + "\n")
        } catch {
            Console.error("annals: \(escaped("\(error)"))\n")
        }
    }

    /// The results of a file's new text; nil where a test fails that could be blessed.
    private func results(
        of path: String,
        as name: String,
        _ before: FileResult
    ) async -> [PipelineTestResult]? {
        let loaded = PipelineFile.loader.load(path)
        guard let pipeline = loaded.pipeline else {
            for diagnostic in loaded.diagnostics { PipelineFile.show(diagnostic) }
            return nil
        }
        let results = await tester(pipeline).run(chosen(pipeline))
        let stuck = Set(before.results.filter(\.isBeyondBlessing).map(\.test.name))
        let isSound = results.allSatisfy { $0.passed || stuck.contains($0.test.name) }
        return isSound && results.count == before.results.count ? results : nil
    }

    /// Whether a file holds one test more than before, the last, and it passes.
    func holds(_ path: String, moreThan count: Int) async -> Bool {
        let loaded = PipelineFile.loader.load(path)
        guard let pipeline = loaded.pipeline, pipeline.tests.count == count + 1 else {
            for diagnostic in loaded.diagnostics { PipelineFile.show(diagnostic) }
            return false
        }
        let results = await tester(pipeline).run(pipeline.tests.suffix(1))
        let text = TestText(isColored: Console.isErrorColored)
        for result in results where !result.passed { Console.error(text.failure(result)) }
        return results.allSatisfy(\.passed)
    }

    private func escaped(_ text: String) -> String {
        TerminalText.escaped(text, keepingLines: true)
    }

    // MARK: Results

    func print() {
        let text = TestText(isColored: Console.isOutputColored)
        for file in files {
            for result in file.results where !result.passed { Console.out(text.failure(result)) }
            if file.problem != nil { continue }
            if file.results.isEmpty {
                let which =
                    filter == nil ? "no tests" : "no test whose name holds '\(filter ?? "")'"
                Console.error("annals: \(escaped("\(file.path) has \(which)"))\n")
                continue
            }
            Console.out(text.summary(file.path, file.results))
        }
    }

    func printJSON() {
        var writer = JSONWriter()
        writer.beginArray()
        for file in files {
            writer.beginObject()
            writer.key("file")
            writer.string(file.path)
            writer.key("pipeline")
            writer.string(file.problem == nil ? file.pipeline : nil)
            writer.key("ok")
            writer.bool(file.problem == nil && file.results.allSatisfy(\.passed))
            writer.key("tests")
            writer.beginArray()
            for result in file.results { result.write(into: &writer) }
            writer.endArray()
            writer.endObject()
        }
        writer.endArray()
        writer.newline()
        Console.out(writer.bytes)
    }

    func write(junit path: String) throws {
        var report = JUnitReport()
        let text = TestText(isColored: false)
        for file in files {
            if let problem = file.problem {
                report.add(file: file.path, problem: problem)
            } else {
                report.add(file: file.path, pipeline: file.pipeline, file.results) {
                    text.failure($0)
                }
            }
        }
        do {
            try FileReplacement(of: path, with: Array(report.xml.utf8)).commit()
        } catch {
            throw Failure(.inputOutput, error.description)
        }
    }

    /// Throws what the exit code is to be.
    func exitStatus() throws {
        let isSound = files.allSatisfy { $0.problem == nil && $0.results.allSatisfy(\.passed) }
        let tests = files.reduce(0) { $0 + $1.results.count }
        if !isSound {
            let areMissing = files.allSatisfy {
                $0.isMissing || $0.results.isEmpty && $0.problem == nil
            }
            throw Failure(areMissing ? .noInput : .badData)
        }
        if tests == 0 { throw Failure(.noInput) }
    }
}

/// Removes the tests' folder when the process is asked to end: in memory it would stay.
final class ScratchRemoval: @unchecked Sendable {
    // The sources are made and cancelled only; Dispatch objects are thread-safe.
    private let sources: [any DispatchSourceSignal]
    private static let signals = [SIGINT, SIGTERM, SIGHUP]

    init(_ scratch: TestScratch) {
        sources = Self.signals.map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(
                signal: number,
                queue: DispatchQueue(label: "annals.signal")
            )
            source.setEventHandler {
                scratch.remove()
                _exit(ExitStatus.interrupted.rawValue)
            }
            source.resume()
            return source
        }
    }

    /// From now on a signal ends the process as usual.
    func end() {
        for source in sources { source.cancel() }
        for number in Self.signals { signal(number, SIG_DFL) }
    }
}

extension Table {
    /// The rows as maps, their columns in order.
    fileprivate var value: CBORValue {
        .array(
            rows.map { row in
                .map(zip(columns, row).map { CBORValue.Pair($0, $1.value) })
            }
        )
    }
}

extension Table.Cell {
    fileprivate var value: CBORValue {
        switch self {
        case .null: .null
        case .text(let text): .text(text)
        case .integer(let number): .integer(number)
        case .real(let number): .double(number)
        case .bool(let truth): .bool(truth)
        case .list(let items): .array(items.map { .text($0) })
        case .table(let table): table.value
        }
    }
}
