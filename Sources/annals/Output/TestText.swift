internal import Bytes
internal import Pipeline
internal import YAML

/// What came of a pipeline's tests, as people read it.
struct TestText {
    let isColored: Bool

    /// What is wrong with a test: a line, and below it each expectation that does not hold.
    func failure(_ result: PipelineTestResult) -> String {
        var lines = [paint("✗", "1;31") + " " + TerminalText.escaped(result.test.name)]
        if let problem = result.problem {
            let place = result.test.place.range
            let head = "\(place.source.name):\(place.start.line):\(place.start.column)"
            lines.append("  " + TerminalText.escaped(head + ": it could not be run"))
            for line in problem.split(separator: "\n") {
                lines.append("    " + TerminalText.escaped(String(line)))
            }
        }
        for mismatch in result.mismatches { lines += told(mismatch) }
        return lines.joined(separator: "\n") + "\n"
    }

    private func told(_ mismatch: Mismatch) -> [String] {
        let place = mismatch.place
        let what =
            mismatch.path.isEmpty ? mismatch.subject : mismatch.subject + ": " + mismatch.path
        let head = "\(place.source.name):\(place.start.line):\(place.start.column): \(what)"
        var lines = ["  " + TerminalText.escaped(head)]
        let isLong = [mismatch.expected, mismatch.found].allSatisfy {
            $0.utf8.count > 60 || $0.utf8.contains(0x0A)
        }
        if mismatch.areTexts, isLong {
            lines.append("    " + difference(mismatch))
        } else {
            lines.append("    expected  " + shown(mismatch.expected))
            lines.append("    got       " + shown(mismatch.found))
        }
        return lines
    }

    /// Line ends are shown, for they may be the difference.
    private func shown(_ text: String) -> String {
        let short = text.count > Self.shownCount ? text.prefix(Self.shownCount) + "…" : text[...]
        return TerminalText.escaped(
            short.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "⏎")
        )
    }

    private static let shownCount = 400

    /// Both texts in one, `[-what is missing-]` and `{+what came instead+}`, as wdiff writes it;
    /// what is the same at length is left out.
    private func difference(_ mismatch: Mismatch) -> String {
        let parts = WordDifference(from: mismatch.expected, to: mismatch.found).parts
        return parts.enumerated().map { index, part in
            switch part {
            case .removed(let text): paint("[-\(shown(text))-]", "31")
            case .added(let text): paint("{+\(shown(text))+}", "32")
            case .same(let text):
                shown(
                    Self.context(
                        text,
                        isFirst: index == 0,
                        isLast: index == parts.count - 1
                    )
                )
            }
        }.joined()
    }

    private static let contextCount = 60

    /// The ends of a stretch that touch a difference.
    private static func context(_ text: String, isFirst: Bool, isLast: Bool) -> String {
        guard text.count > 2 * contextCount + 10 else { return text }
        let head = isFirst ? "" : text.prefix(contextCount)
        let tail = isLast ? "" : text.suffix(contextCount)
        return head + " … " + tail
    }

    /// How many of a file's tests passed.
    func summary(_ file: String, _ results: [PipelineTestResult]) -> String {
        let failed = results.count { !$0.passed }
        let count = "\(results.count) test\(results.count == 1 ? "" : "s")"
        let file = TerminalText.escaped(file)
        return failed == 0
            ? "\(paint("✓", "1;32")) \(file): \(count) passed\n"
            : "\(paint("✗", "1;31")) \(file): \(count), \(failed) failed\n"
    }

    private func paint(_ text: String, _ style: String) -> String {
        isColored ? "\u{1B}[\(style)m\(text)\u{1B}[0m" : text
    }
}

extension PipelineTestResult {
    /// The result for programs.
    func write(into writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("name")
        writer.string(test.name)
        writer.key("line")
        writer.integer(test.place.range.start.line)
        writer.key("status")
        writer.string(passed ? "passed" : problem == nil ? "failed" : "error")
        writer.key("problem")
        writer.string(problem)
        writer.key("failures")
        writer.beginArray()
        for mismatch in mismatches {
            writer.beginObject()
            for (key, text) in [
                ("subject", mismatch.subject), ("path", mismatch.path),
                ("file", mismatch.place.source.name),
            ] {
                writer.key(key)
                writer.string(text)
            }
            writer.key("line")
            writer.integer(mismatch.place.start.line)
            writer.key("column")
            writer.integer(mismatch.place.start.column)
            writer.key("expected")
            writer.string(mismatch.expected)
            writer.key("got")
            writer.string(mismatch.found)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
    }
}
