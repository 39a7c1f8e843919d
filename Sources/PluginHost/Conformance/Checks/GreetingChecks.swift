internal import Bytes

/// From the start of a process up to its first document (PROTOCOL.md §1, §4).
extension ConformanceCheck {
    static let greetingChecks = [
        ConformanceCheck(
            id: "manifest",
            title: "its program is there",
            section: "§1",
            needs: []
        ) { suite in
            let folder = try ScratchFolder(suite.plugin.manifest.name)
            _ = try suite.plugin.program(folder.path, isSandboxed: suite.isSandboxed)
        },
        ConformanceCheck(
            id: "sandbox",
            title: "works inside of the sandbox",
            section: "§2",
            needs: ["manifest"],
            body: sandbox
        ),
        ConformanceCheck(
            id: "hello",
            title: "says hello, and repeats what its manifest says",
            section: "§4",
            needs: ["manifest"]
        ) { suite in
            let probe = try suite.probe()
            try check(try probe.shakeHands(suite.plugin), suite.plugin.manifest)
        },
        ConformanceCheck(
            id: "hello-more",
            title: "passes over members of hello that it does not know",
            section: "§3",
            needs: ["hello"]
        ) { suite in
            let more = CBORValue.map([CBORValue.Pair("deep", .array([.null, .double(1.5)]))])
            let probe = try suite.probe()
            let members = [CBORValue.Pair("later", more), CBORValue.Pair("type2", .text("bye"))]
            try check(
                try probe.shakeHands(suite.plugin, members: members),
                suite.plugin.manifest
            )
        },
        ConformanceCheck(
            id: "hello-other",
            title: "answers with its own protocol when the host speaks none that it knows",
            section: "§4",
            needs: ["hello"]
        ) { suite in
            let probe = try suite.probe()
            let hello = try probe.shakeHands(suite.plugin, protocols: [4711, 4712])
            guard let own = hello["protocol"]?.integer, own < 4711 else {
                throw CheckFailure.failed(
                    seen: "its hello says protocol \(Shown.text(hello["protocol"]))",
                    expected: "a plugin that knows none of 'protocols' answers with its own"
                )
            }
            probe.send("shutdown")
            try? probe.flush(seconds: 1)
            guard probe.ending(within: Limits.endSeconds) != nil else {
                throw CheckFailure.failed(
                    seen: "told to go after its hello, it was still there after 5 seconds",
                    expected: "it exits within 5 seconds"
                )
            }
        },
        ConformanceCheck(
            id: "validate",
            title: "finds its own defaults in order",
            section: "§4",
            needs: ["hello"],
            body: validate
        ),
        ConformanceCheck(
            id: "validate-odd",
            title: "says what is wrong with odd options, or takes them",
            section: "§4",
            needs: ["hello"],
            body: validateOdd
        ),
        ConformanceCheck(
            id: "start",
            title: "starts",
            section: "§4",
            needs: ["hello"]
        ) { suite in
            try suite.conversation { _ in }
        },
    ]

    @Sendable
    private static func sandbox(_ suite: inout ConformanceSuite) throws {
        guard suite.isSandboxed else {
            throw CheckFailure.skipped("the kernel has no Landlock: nothing is walled in")
        }
        let items = suite.plugin.items(1)
        do {
            _ = try suite.answers(to: items)
        } catch {
            suite.endShared()
            suite.isSandboxed = false
            do {
                _ = try suite.answers(to: items)
            } catch {
                suite.endShared()
                suite.isSandboxed = true
                throw CheckFailure.skipped("it does not work outside of it either")
            }
            // What else is wrong is told by the other checks, outside of it.
            throw CheckFailure.failed(
                seen: "it works outside of the sandbox only; inside: \(error.message)",
                expected: "it writes to its scratch folder only, and reads its own folder, the"
                    + " system's programs and what the pipeline grants (--grant: all it asks for)"
            )
        }
    }

    private static func check(_ hello: CBORValue, _ manifest: PluginManifest) throws {
        func differs(_ key: String, _ expected: String) -> CheckFailure {
            .failed(
                seen: "its hello says \(key) \(Shown.text(hello[key]))",
                expected: "\(key) is \(expected)"
            )
        }
        guard hello["protocol"]?.integer == PluginManifest.protocolVersion else {
            throw differs("protocol", "one of the host's 'protocols'")
        }
        let stated = [
            ("name", manifest.name), ("version", manifest.version),
            ("kind", manifest.kind.rawValue),
            ("determinism", manifest.determinism.rawValue),
        ]
        for (key, expected) in stated where hello[key]?.text != expected {
            throw differs(key, "that of the manifest, '\(expected)'")
        }
        let events = hello["events"] ?? .array([])
        guard let list = events.array, list.compactMap(\.text) == manifest.events else {
            throw differs(
                "events",
                "those of the manifest, [\(manifest.events.joined(separator: ", "))]"
            )
        }
        if let encoding = hello["encoding"], encoding != .text("json") {
            throw differs("encoding", "one of the host's 'encodings', [json] here")
        }
    }

    @Sendable
    private static func validate(_ suite: inout ConformanceSuite) throws {
        let plugin = suite.plugin
        let probe = try suite.probe()
        _ = try probe.shakeHands(plugin)
        let diagnostics = try probe.diagnostics(of: plugin.options)
        guard let error = diagnostics.first(where: { $0["severity"]?.text != "warning" }) else {
            return
        }
        throw CheckFailure.failed(
            seen: "it refuses \(Shown.text(plugin.options)): \(Shown.text(error["message"]))",
            expected: "the defaults of its schema are options that it takes"
        )
    }

    @Sendable
    private static func validateOdd(_ suite: inout ConformanceSuite) throws {
        let plugin = suite.plugin
        guard let name = plugin.freeOption else {
            throw CheckFailure.skipped("its schema leaves nothing to refuse")
        }
        let probe = try suite.probe()
        _ = try probe.shakeHands(plugin)
        let odd = CBORValue.Pair(name, .text("\u{1F9EA} no such thing"))
        let pairs = plugin.options.pairs.filter { $0.key != name } + [odd]
        for diagnostic in try probe.diagnostics(of: .map(pairs)) {
            let severity = diagnostic["severity"]?.text ?? ""
            let texts = ["path", "code", "message"].compactMap { diagnostic[$0]?.text }
            guard ["error", "warning"].contains(severity), texts.count == 3,
                texts[0].isEmpty || texts[0].hasPrefix("/")
            else {
                throw CheckFailure.failed(
                    seen: "a diagnostic is \(Shown.text(diagnostic))",
                    expected: "a diagnostic has severity (error or warning), path (a JSON Pointer),"
                        + " code and message"
                )
            }
        }
    }
}

extension Probe {
    /// What it says of options.
    func diagnostics(of options: CBORValue) throws -> [CBORValue] {
        send("validate", [CBORValue.Pair("options", options)])
        let answer = try receive("validated", seconds: Limits.helloSeconds)
        guard let list = answer["diagnostics"]?.array else {
            throw CheckFailure.failed(
                seen: "it answered \(Shown.text(answer))",
                expected: "'validated' has a list 'diagnostics', empty if nothing is wrong"
            )
        }
        return list
    }
}

extension ProbedPlugin {
    /// An option whose schema takes any text.
    var freeOption: String? {
        properties.first { property in
            let limits = [
                "enum", "const", "pattern", "format", "maxLength", "$ref", "allOf", "not",
            ]
            return property.schema["type"] == .text("string")
                && limits.allSatisfy { property.schema[$0] == nil }
        }?.name
    }
}
