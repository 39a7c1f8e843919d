internal import Bytes
internal import EventLog
internal import Events
internal import Pipeline

/// A plan, as people and as programs read it.
struct PlanText {
    let plan: RunPlan

    /// The stages and what each would do, then why, then the documents that are concerned.
    var text: String {
        var lines = [line("stage", ["run", "re-decide", "reuse", "retry"])]
        for stage in plan.stages {
            lines.append(
                line(
                    stage.stage,
                    [stage.run, stage.decide, stage.reuse, stage.retry].map(BalanceSheet.grouped)
                )
            )
        }
        lines.append("")
        for stage in plan.stages {
            for reason in stage.reasons {
                lines.append("\(stage.stage): \(TerminalText.escaped(reason))")
            }
        }
        if plan.takesUp { lines.append("a run that was interrupted is taken up") }
        for reason in plan.unreadable.prefix(Self.shown) {
            lines.append("cannot be read: \(TerminalText.escaped(reason))")
        }
        for item in plan.items.prefix(Self.shown) {
            let document = TerminalText.escaped(item.document.rawValue)
            lines.append("\(Self.word(item.action)) \(document) (\(item.stage))")
        }
        if plan.items.count > Self.shown {
            lines.append("… and \(BalanceSheet.grouped(plan.items.count - Self.shown)) more")
        }
        lines.append(summary)
        return lines.joined(separator: "\n") + "\n"
    }

    private static let shown = 20

    /// What is done about a document.
    static func word(_ action: RunPlan.Item.Action) -> String {
        switch action {
        case .add: "new"
        case .change: "changed"
        case .remove: "remove"
        case .run: "run"
        case .decide: "re-decide"
        case .retry: "retry"
        }
    }

    private var summary: String {
        guard plan.hasWork else {
            let count = BalanceSheet.grouped(plan.unchanged)
            return "nothing to do: \(count) documents are unchanged"
        }
        let counts = plan.counts.filter { $0.documents > 0 }
            .map { "\(BalanceSheet.grouped($0.documents)) \(Self.word($0.action))" }
        let parts = counts + ["\(BalanceSheet.grouped(plan.unchanged)) unchanged"]
        guard let seconds = plan.seconds else { return parts.joined(separator: ", ") }
        let time = seconds < 1 ? "less than a second" : "about \(Int(seconds.rounded(.up))) s"
        return parts.joined(separator: ", ") + "; \(time), by the last runs"
    }

    private func line(_ name: String, _ cells: [String]) -> String {
        let width = max(12, plan.stages.map(\.stage.count).max() ?? 0)
        let first = name + String(repeating: " ", count: max(0, width - name.count))
        return first
            + cells.map { String(repeating: " ", count: max(1, 12 - $0.count)) + $0 }.joined()
    }

    /// One line: `{"pipeline","store","position","work","stages":[…],"documents":[…],…}`; it is also
    /// what `run --plan` reads.
    var json: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("pipeline")
        writer.string(plan.pipeline)
        writer.key("store")
        writer.string(plan.store.map { "\($0)" } ?? "")
        writer.key("position")
        writer.integer(Int(plan.position.rawValue))
        writer.key("work")
        writer.bool(plan.hasWork)
        writer.key("stages")
        writer.beginArray()
        for (stage, fingerprint) in zip(plan.stages, plan.fingerprints) {
            writer.beginObject()
            for (key, value) in [("stage", stage.stage), ("fingerprint", fingerprint.fingerprint)] {
                writer.key(key)
                writer.string(value)
            }
            for (key, value) in [
                ("run", stage.run), ("redecide", stage.decide), ("reuse", stage.reuse),
                ("retry", stage.retry),
            ] {
                writer.key(key)
                writer.integer(value)
            }
            writer.key("reasons")
            writer.beginArray()
            for reason in stage.reasons { writer.string(reason) }
            writer.endArray()
            writer.endObject()
        }
        writer.endArray()
        writer.key("documents")
        writer.beginArray()
        for item in plan.items {
            writer.beginObject()
            for (key, value) in [
                ("document", item.document.rawValue), ("action", item.action.rawValue),
                ("stage", item.stage), ("revision", item.revision),
            ] {
                writer.key(key)
                writer.string(value)
            }
            writer.endObject()
        }
        writer.endArray()
        writer.key("unchanged")
        writer.integer(plan.unchanged)
        writer.key("resumes")
        writer.bool(plan.takesUp)
        writer.key("seconds")
        if let seconds = plan.seconds { writer.double(seconds) } else { writer.null() }
        writer.endObject()
        writer.newline()
        return writer.bytes
    }
}
