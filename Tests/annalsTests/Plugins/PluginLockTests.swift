import Testing

/// `plugins.lock` in `check` and in `run`.
@Suite("A locked plugin")
struct PluginLockTests {
    @Test(
        "that changed runs no more until it is locked again, and then all documents go through it anew"
    )
    func changed() throws {
        let folder = try PluginStageTests.folder(stages: "  - plugin: {name: count}")
        try folder.plugin("count", kind: "enrich", events: "counted", PluginStageTests.counting)
        let open = try folder.annals("check", "news.yaml")
        #expect(open.status == 0)
        #expect(
            open.messages.contains("news.yaml:4:13: warning: plugin count is not locked"),
            "\(open.messages)"
        )
        #expect(try folder.annals("plugin", "lock", "news.yaml").status == 0)
        #expect(try folder.annals("check", "news.yaml").messages.isEmpty)
        #expect(try folder.annals("run", "news.yaml").messages.components(of: "asked") == 3)
        try folder.append("plugins/count/main.py", "# Another comment.\n")
        for command in ["check", "run"] {
            let refused = try folder.annals(command, "news.yaml")
            #expect(refused.status == 65)
            #expect(
                refused.messages.contains("news.yaml:4:13: error: plugin count has changed"),
                "\(refused.messages)"
            )
            #expect(refused.messages.contains("annals plugin lock news.yaml"))
            #expect(refused.messages.components(of: "asked") == 0)
        }
        #expect(try folder.annals("plugin", "lock", "news.yaml").status == 0)
        // Its digest is a part of the stage's fingerprint.
        #expect(try folder.annals("run", "news.yaml").messages.components(of: "asked") == 3)
        #expect(try folder.annals("run", "news.yaml").messages.components(of: "asked") == 0)
    }

    @Test("that is not in the lock is an error; so is a lock that cannot be read")
    func missing() throws {
        let folder = try PluginStageTests.folder(
            stages: "  - plugin: {name: count}",
            projections: "  lengths: {plugin: lengths}"
        )
        try folder.plugin("count", kind: "enrich", events: "counted", PluginStageTests.counting)
        try folder.plugin(
            "lengths",
            kind: "projection",
            manifest: "consumes: [plugin:count/counted]",
            PluginExportTests.folding
        )
        try folder.write("plugins.lock", "lock: 1\nplugins: {}\n")
        let refused = try folder.annals("check", "news.yaml")
        #expect(refused.status == 65)
        #expect(
            refused.messages.contains("plugin count is not in plugins.lock"),
            "\(refused.messages)"
        )
        #expect(
            refused.messages.contains("plugin lengths is not in plugins.lock"),
            "\(refused.messages)"
        )
        try folder.write(
            "plugins.lock",
            "lock: 1\nplugins: {count: {version: 1.0.0, sha256: zz}}\n"
        )
        let unreadable = try folder.annals("run", "news.yaml")
        #expect(unreadable.status == 65)
        #expect(unreadable.messages.contains("plugins.lock:2:"), "\(unreadable.messages)")
    }
}
