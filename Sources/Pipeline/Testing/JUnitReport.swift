internal import YAML

/// What came of tests, in the XML that continuous integration reads.
///
/// The elements and attributes are those that Jenkins' and GitLab's readers share: a test has one
/// `failure` or `error`, since of several only one is shown.
package struct JUnitReport: Sendable {
    /// The document, without the closing tag.
    private var body = ""
    private var total = Counts()

    private struct Counts {
        var tests = 0
        var failures = 0
        var errors = 0
        var seconds = 0.0
    }

    /// A report of nothing.
    package init() {}

    /// Adds the tests of a file.
    package mutating func add(
        file: String,
        pipeline: String,
        _ results: [PipelineTestResult],
        telling: (PipelineTestResult) -> String
    ) {
        var counts = Counts()
        var cases = ""
        for result in results {
            counts.tests += 1
            counts.seconds += result.seconds
            cases +=
                "    <testcase"
                + Self.attributes([
                    ("classname", pipeline), ("name", result.test.name), ("file", file),
                    ("line", "\(result.test.place.range.start.line)"),
                    ("time", Self.seconds(result.seconds)),
                ])
            guard !result.passed else {
                cases += "/>\n"
                continue
            }
            let element = result.problem == nil ? "failure" : "error"
            if result.problem == nil { counts.failures += 1 } else { counts.errors += 1 }
            let message = result.problem ?? Self.summary(result)
            cases += ">\n      <\(element)" + Self.attributes([("message", message)]) + ">"
            cases += Self.escaped(telling(result)) + "</\(element)>\n    </testcase>\n"
        }
        close(file, counts, cases)
    }

    /// Adds a file whose pipeline cannot be built.
    package mutating func add(file: String, problem: String) {
        var counts = Counts()
        counts.tests = 1
        counts.errors = 1
        let head = [("classname", file), ("name", "the pipeline can be built"), ("file", file)]
        let element =
            "    <testcase" + Self.attributes(head) + ">\n      <error"
            + Self.attributes([("message", "the pipeline cannot be built")]) + ">"
            + Self.escaped(problem) + "</error>\n    </testcase>\n"
        close(file, counts, element)
    }

    private mutating func close(_ file: String, _ counts: Counts, _ cases: String) {
        body += "  <testsuite" + Self.attributes([("name", file)] + Self.numbers(counts)) + ">\n"
        body += cases + "  </testsuite>\n"
        total.tests += counts.tests
        total.failures += counts.failures
        total.errors += counts.errors
        total.seconds += counts.seconds
    }

    /// The whole document.
    package var xml: String {
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites"
            + Self.attributes([("name", "annals test")] + Self.numbers(total)) + ">\n" + body
            + "</testsuites>\n"
    }

    private static func summary(_ result: PipelineTestResult) -> String {
        guard let first = result.mismatches.first else { return "" }
        let others = result.mismatches.count - 1
        let what = first.path.isEmpty ? first.subject : "\(first.subject): \(first.path)"
        return what + (others > 0 ? " and \(others) more" : "") + " not as expected"
    }

    private static func numbers(_ counts: Counts) -> [(String, String)] {
        [
            ("tests", "\(counts.tests)"), ("failures", "\(counts.failures)"),
            ("errors", "\(counts.errors)"), ("skipped", "0"), ("time", seconds(counts.seconds)),
        ]
    }

    private static func seconds(_ seconds: Double) -> String {
        let thousandths = Int((seconds * 1000).rounded())
        let rest = String(thousandths % 1000)
        return "\(thousandths / 1000)." + String(repeating: "0", count: 3 - rest.count) + rest
    }

    private static func attributes(_ pairs: [(String, String)]) -> String {
        pairs.map { " \($0.0)=\"\(escaped($0.1, inAttribute: true))\"" }.joined()
    }

    /// Text as XML 1.0 takes it (§2.2, §2.4): what is no character there becomes U+FFFD.
    static func escaped(_ text: String, inAttribute: Bool = false) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result.append(contentsOf: "&amp;".unicodeScalars)
            case "<": result.append(contentsOf: "&lt;".unicodeScalars)
            case ">": result.append(contentsOf: "&gt;".unicodeScalars)
            case "\"": result.append(contentsOf: "&quot;".unicodeScalars)
            case "\n", "\t", "\r":
                // A reader makes spaces of line ends in attributes, and LF of CR anywhere.
                if inAttribute || scalar == "\r" {
                    result.append(contentsOf: "&#\(scalar.value);".unicodeScalars)
                } else {
                    result.append(scalar)
                }
            case _ where scalar.value < 0x20, "\u{FFFE}", "\u{FFFF}": result.append("\u{FFFD}")
            default: result.append(scalar)
            }
        }
        return String(result)
    }
}
