internal import Bytes
internal import EventLog
internal import Events
internal import Pipeline

/// A plan, as people and as programs read it.
struct PlanText {
    let plan: RunPlan

    /// The stages and what each would do, then why, then the documents that are concerned.
    var text: String {
        var lines = [line("stage", ["run", "re-decide", "reuse", "retry", "remove"])]
        for stage in plan.stages {
            let counts = [stage.run, stage.decide, stage.reuse, stage.retry, stage.remove]
            lines.append(line(stage.stage, counts.map(BalanceSheet.grouped)))
        }
        lines.append("")
        let why = reasons
        if !why.isEmpty { lines += why + [""] }
        for action in RunPlan.Item.Action.allCases { lines += documents(action) }
        if !plan.items.isEmpty { lines.append("") }
        lines.append(summary)
        return lines.joined(separator: "\n") + "\n"
    }

    /// Documents that are named of each kind, and inputs that cannot be read.
    private static let shown = 10

    /// Why there is work, a sentence a line.
    private var reasons: [String] {
        var lines: [String] = []
        if plan.takesUp {
            lines.append(
                plan.isRedefined
                    ? "a run was interrupted, and the pipeline has changed since: what holds of what"
                        + " it did is kept"
                    : "a run was interrupted: it is taken up where it stopped"
            )
        }
        lines += plan.reasons.map { TerminalText.escaped($0) }
        for stage in plan.stages {
            lines += stage.reasons.map { "\(stage.stage): \(TerminalText.escaped($0))" }
        }
        if plan.dependents > 0 {
            let count = Self.documents(plan.dependents)
            lines.append(
                "\(count) that came later may turn out to be copies of what changes:"
                    + " only the run can tell"
            )
        }
        for reason in plan.unreadable.prefix(Self.shown) {
            lines.append("cannot be read: \(TerminalText.escaped(reason))")
        }
        if plan.unreadable.count > Self.shown {
            let left = BalanceSheet.grouped(plan.unreadable.count - Self.shown)
            lines.append("… and \(left) more that cannot be read")
        }
        return lines
    }

    /// The first documents about which one thing is done.
    private func documents(_ action: RunPlan.Item.Action) -> [String] {
        let items = plan.items.filter { $0.action == action }
        var lines = items.prefix(Self.shown).map { item in
            let word = Self.word(action)
            let pad = String(repeating: " ", count: max(1, 10 - word.count))
            let document = TerminalText.escaped(item.document.rawValue)
            switch action {
            case .add, .change, .remove: return word + pad + document
            case .run, .retry: return word + pad + document + ", from \(item.stage) on"
            case .decide: return word + pad + document + ", at \(item.stage)"
            }
        }
        if items.count > Self.shown {
            let left = BalanceSheet.grouped(items.count - Self.shown)
            lines.append("… and \(left) more to \(Self.verb(action))")
        }
        return lines
    }

    /// What is done about a document.
    private static func word(_ action: RunPlan.Item.Action) -> String {
        switch action {
        case .add: "new"
        case .change: "changed"
        case .remove: "gone"
        case .run: "run"
        case .decide: "re-decide"
        case .retry: "retry"
        }
    }

    private static func verb(_ action: RunPlan.Item.Action) -> String {
        switch action {
        case .add: "add"
        case .change: "take in as changed"
        case .remove: "remove"
        case .run: "run"
        case .decide: "re-decide"
        case .retry: "retry"
        }
    }

    private static func documents(_ count: Int) -> String {
        count == 1 ? "1 document" : "\(BalanceSheet.grouped(count)) documents"
    }

    private var summary: String {
        guard plan.hasWork else {
            return "nothing to do: \(Self.documents(plan.unchanged)) unchanged"
        }
        let counts = plan.counts.filter { $0.documents > 0 }.map { count in
            let number = BalanceSheet.grouped(count.documents)
            switch count.action {
            case .add, .change, .remove: return "\(number) \(Self.word(count.action))"
            case .run, .decide, .retry: return "\(number) to \(Self.verb(count.action))"
            }
        }
        let parts = counts + ["\(BalanceSheet.grouped(plan.unchanged)) unchanged"]
        guard let seconds = plan.seconds else { return parts.joined(separator: ", ") }
        return parts.joined(separator: ", ") + "; \(Self.time(seconds)), judging by earlier runs"
    }

    private static func time(_ seconds: Double) -> String {
        guard seconds >= 1 else { return "less than a second" }
        guard seconds >= 120 else { return "about \(Int(seconds.rounded(.up))) s" }
        let minutes = Int((seconds / 60).rounded(.up))
        guard minutes >= 120 else { return "about \(minutes) min" }
        return "about \((minutes + 59) / 60) h"
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
                ("retry", stage.retry), ("remove", stage.remove),
            ] {
                writer.key(key)
                writer.integer(value)
            }
            write("reasons", stage.reasons, into: &writer)
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
        writer.key("dependents")
        writer.integer(plan.dependents)
        write("reasons", plan.reasons, into: &writer)
        write("unreadable", plan.unreadable, into: &writer)
        writer.key("resumes")
        writer.bool(plan.takesUp)
        writer.key("seconds")
        if let seconds = plan.seconds { writer.double(seconds) } else { writer.null() }
        writer.endObject()
        writer.newline()
        return writer.bytes
    }

    private func write(_ key: String, _ texts: [String], into writer: inout JSONWriter) {
        writer.key(key)
        writer.beginArray()
        for text in texts { writer.string(text) }
        writer.endArray()
    }
}
