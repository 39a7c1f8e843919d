import Glibc
import Testing

/// Bad input: a clear error with its place, the right exit code, and no other document pays for it.
@Suite("Bad input")
struct BadInputTests {
    /// A pipeline over `news/`, with two good documents in it.
    private func folder(ingest: String = "", from: String = "[news]") throws -> TestFolder {
        let folder = try TestFolder()
        try folder.write("news/good-1.txt", Self.text("one"))
        try folder.write("news/good-2.txt", Self.text("two"))
        try PipelineText.write(into: folder, from: from, ingest: ingest)
        return folder
    }

    private static func text(_ word: String, count: Int = 40) -> String {
        (0..<count).map { word + "\($0)" }.joined(separator: " ") + ".\n"
    }

    /// Runs, and expects the two good documents in the export.
    private func expectGoodOnes(
        _ folder: TestFolder,
        status: Int32,
        saying parts: String...,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let outcome = try folder.annals("run", "news.yaml")
        #expect(outcome.status == status, sourceLocation: sourceLocation)
        for part in parts {
            #expect(outcome.messages.contains(part), sourceLocation: sourceLocation)
        }
        let records = folder.read("out/news.jsonl").split(separator: "\n")
        #expect(records.count == 2, sourceLocation: sourceLocation)
    }

    @Test("a missing file is named, each time, with exit code 66")
    func missingFile() throws {
        let folder = try folder(from: "[news, absent.txt]")
        for _ in 1...2 {
            try expectGoodOnes(
                folder,
                status: 66,
                saying: "absent.txt does not exist",
                "ingest.missing"
            )
        }
        try folder.write("absent.txt", Self.text("three"))
        let outcome = try folder.annals("run", "news.yaml")
        #expect(outcome.status == 0, "\(outcome.messages)")
        let failures = try folder.annals("show", "failures", "--store", "store", "--format", "json")
        #expect(failures.output == "[]\n")
    }

    @Test("nothing to read at all is exit code 66 and leaves no store")
    func nothing() throws {
        let folder = try folder(from: "[absent.txt, none/*.txt]")
        let outcome = try folder.annals("run", "news.yaml")
        #expect(outcome.status == 66)
        #expect(outcome.messages.contains("absent.txt does not exist"))
        #expect(!folder.exists("store"))
    }

    @Test("a folder and a file that may not be read are named with exit code 66")
    func unreadable() throws {
        let folder = try folder(from: "[news, closed]")
        try folder.write("closed/.keep", "")
        _ = try folder.shell("ln -s ../news/loop.txt news/loop.txt")
        guard getuid() != 0 else {
            // To root nothing is closed, but a link to itself cannot be read by anybody.
            try expectGoodOnes(
                folder,
                status: 66,
                saying: "news/loop.txt cannot be read",
                "ingest.unreadable"
            )
            return
        }
        _ = try folder.shell("chmod 000 closed")
        try expectGoodOnes(
            folder,
            status: 66,
            saying: "closed cannot be read",
            "news/loop.txt cannot be read"
        )
        _ = try folder.shell("chmod 700 closed")
    }

    @Test("a binary file fails with the byte at which it is no text")
    func binary() throws {
        let folder = try folder()
        try folder.write("news/image.txt", bytes: Array("\u{7F}ELF".utf8) + [0, 1, 2, 0xFF, 0xFE])
        try expectGoodOnes(
            folder,
            status: 65,
            saying: "news/image.txt, byte ",
            "declare its charset"
        )
    }

    @Test("an empty file fails by name")
    func empty() throws {
        let folder = try folder()
        try folder.write("news/empty.txt", "")
        try expectGoodOnes(folder, status: 65, saying: "news/empty.txt", "the file is empty")
    }

    @Test("a document of 300 MB is refused in little memory")
    func huge() throws {
        let folder = try folder()
        _ = try folder.shell("truncate -s 300M news/huge.txt; truncate -s 300M news/huge.jsonl")
        let process = try AnnalsProcess(["run", "news.yaml", "--jobs", "2"], in: folder)
        let peak = process.waitForPeakMemory()
        let outcome = process.wait()
        #expect(outcome.status == 65)
        #expect(outcome.messages.contains("news/huge.txt"))
        #expect(outcome.messages.contains("news/huge.jsonl"))
        #expect(outcome.messages.contains("raise max_bytes"))
        #expect((1 << 20..<200 << 20).contains(peak), "\(peak) bytes")
        #expect(folder.read("out/news.jsonl").split(separator: "\n").count == 2)
    }

    @Test("a cut line and a field of the wrong type fail by file and byte, the others go on")
    func brokenRecords() throws {
        let folder = try folder()
        folder.delete("news")
        let good = { (id: String) in "{\"id\":\"\(id)\",\"text\":\"\(Self.text(id).dropLast())\"}\n"
        }
        try folder.write(
            "news/a.jsonl",
            good("x") + "{\"id\":\"w\",\"text\":7}\n" + good("y") + "{\"id\":\"z\",\"text\":\"cut"
        )
        let place = good("x").utf8.count + "{\"id\":\"w\",\"text\":".utf8.count
        try expectGoodOnes(
            folder,
            status: 65,
            saying: "news/a.jsonl, byte \(place)",
            "field 'text' must be a string, found",
            "the record is cut off"
        )
    }

    @Test("an unknown stage is shown where it stands, with what may have been meant")
    func unknownStage() throws {
        let folder = try folder()
        let yaml = folder.read("news.yaml").split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.hasPrefix("  - clean:") ? "  - claen:" : String($0) }
        try folder.write("news.yaml", yaml.joined(separator: "\n"))
        let outcome = try folder.annals("run", "news.yaml")
        #expect(outcome.status == 65)
        #expect(
            outcome.messages.contains(
                "news.yaml:6:5: error: there is no stage 'claen' [pipeline.unknown-stage]"
            )
        )
        #expect(outcome.messages.contains("did you mean \"clean\"?"))
        #expect(!folder.exists("store"))
    }

    @Test("two runs at once: the second says who holds the store, exit code 75; reading goes on")
    func twoRuns() throws {
        let folder = try folder(ingest: "format: jsonl", from: "[\"-\"]")
        let first = try AnnalsProcess(["run", "news.yaml"], in: folder, input: .pipe)
        #expect(first.waitUntil { folder.exists("out/news.csv") })
        let second = try folder.annals("run", "news.yaml")
        #expect(second.status == 75)
        #expect(second.messages.contains("\(first.processID)"), "\(second.messages)")
        let shown = try folder.annals("show", "runs", "--store", "store")
        #expect(shown.status == 0, "\(shown.messages)")
        let tail = try AnnalsProcess(
            ["log", "tail", "-f", "--store", "store", "--format", "json"],
            in: folder
        )
        first.write("{\"id\":\"x\",\"text\":\"\(Self.text("x").dropLast())\"}\n")
        first.endInput()
        #expect(first.wait().status == 0)
        #expect(tail.waitUntil { tail.output.contains("\"type\":\"run.finished\"") })
        #expect(tail.output.contains("\"type\":\"document.exported\""))
    }

    @Test("a store of a newer format is left alone, exit code 65")
    func newerStore() throws {
        let folder = try folder()
        _ = try folder.annals("run", "news.yaml")
        let identity = folder.bytes("store/STORE")
        try folder.write("store/STORE", bytes: identity.newerFormat)
        for command in [["run", "news.yaml"], ["show", "runs", "--store", "store"]] {
            let outcome = try AnnalsProcess(command, in: folder).wait()
            #expect(outcome.status == 65, "\(outcome.messages)")
            #expect(outcome.messages.contains("newer"), "\(outcome.messages)")
        }
    }

    @Test("a dictionary with an id twice is refused where the second stands")
    func duplicateID() throws {
        let folder = try folder()
        try folder.append(
            "topics.yaml",
            "  - {id: syria, label: Syria, kind: place, terms: {Damascus: 2}}\n"
        )
        let outcome = try folder.annals("run", "news.yaml")
        #expect(outcome.status == 65)
        #expect(outcome.messages.contains("topics.yaml:6:"), "\(outcome.messages)")
        #expect(outcome.messages.contains("syria"))
    }

    @Test("an export into a folder, out of the folder, or of no format says what to do")
    func badExports() throws {
        let folder = try folder()
        let yaml = folder.read("news.yaml")
        for (path, code) in [
            ("../news.jsonl", "export.path"), ("out/", "export.path"),
            ("out/news.doc", "export.format"),
        ] {
            try folder.write(
                "news.yaml",
                yaml.split(separator: "out/news.csv").joined(separator: path)
            )
            let outcome = try folder.annals("run", "news.yaml")
            #expect(outcome.status == 65 && outcome.messages.contains(code), "\(outcome.messages)")
        }
        try folder.write("news.yaml", yaml)
        try folder.write("out/news.csv/file", "")
        let outcome = try folder.annals("run", "news.yaml")
        #expect(outcome.status == 74)
        #expect(outcome.messages.contains("export out/news.csv cannot be written"))
        folder.delete("out/news.csv")
        try expectGoodOnes(folder, status: 0)
    }

    @Test("a full disk is exit code 74; the store stays readable, and room lets the run complete")
    func fullDisk() throws {
        let whole = try Store(documents: 400)
        _ = try whole.run()
        let store = try Store(documents: 400)
        for blocks in [64, 160, 320] {
            // A limit on file size stands for a full disk: writes fail half-way through the run.
            let outcome = try store.folder.shell(
                "trap '' XFSZ; ulimit -f \(blocks); exec \(Binary.path) run news.yaml"
            )
            #expect(outcome.status == 74, "\(outcome.messages)")
            #expect(outcome.messages.hasPrefix("annals: "))
            let verified = try store.folder.annals("log", "verify", "--store", "store")
            #expect(verified.status == 0, "\(verified.messages)\(verified.output)")
        }
        let outcome = try store.run()
        #expect(outcome.status == 65, "the corpus holds broken records: \(outcome.messages)")
        try store.expectEqual(whole)
    }

    @Test("results that cannot be written are exit code 74, with a word on it")
    func fullOutput() throws {
        let folder = try folder()
        _ = try folder.annals("run", "news.yaml")
        let outcome = try folder.annals(
            "show",
            "documents",
            "--store",
            "store",
            output: "/dev/full"
        )
        #expect(outcome.status == 74)
        #expect(outcome.messages.contains("cannot be written"))
    }

    @Test("an environment variable that is not set is an error in its place")
    func unsetVariable() throws {
        let folder = try folder(from: "[\"${env:ANNALS_TEST_NOWHERE}/*.txt\"]")
        let outcome = try folder.annals("run", "news.yaml")
        #expect(outcome.status == 65)
        #expect(outcome.messages.contains("news.yaml:5:"), "\(outcome.messages)")
        #expect(outcome.messages.contains("ANNALS_TEST_NOWHERE"))
        let set = try folder.annals(
            "run",
            "news.yaml",
            environment: ["ANNALS_TEST_NOWHERE": "news"]
        )
        #expect(set.status == 0, "\(set.messages)")
    }

    @Test("usage errors are exit code 64, a missing pipeline or store 66")
    func usage() throws {
        let folder = try folder()
        #expect(try folder.annals("run").status == 64)
        #expect(try folder.annals("run", "news.yaml", "--jobs", "-1").status == 64)
        #expect(try folder.annals("frobnicate").status == 64)
        #expect(try folder.annals("--help").status == 0)
        for command in [
            ["run", "absent.yaml"], ["check", "absent.yaml"], ["show", "leaders"],
            ["show", "leaders", "--store", "absent"], ["log", "verify", "--store", "absent"],
        ] {
            let outcome = try AnnalsProcess(command, in: folder).wait()
            #expect(outcome.status == 66, "\(command): \(outcome.messages)")
            #expect(!outcome.messages.isEmpty && outcome.output.isEmpty)
        }
    }
}

extension [UInt8] {
    /// A store's identity with a format number that no program knows yet (FORMAT.md §1.1).
    var newerFormat: [UInt8] {
        var bytes = self
        bytes[8] = 99
        // CRC-32C (RFC 3720, appendix B.4) over all that stands before it.
        var checksum = UInt32.max
        for byte in bytes.dropLast(4) {
            checksum ^= UInt32(byte)
            for _ in 0..<8 {
                checksum = checksum & 1 == 0 ? checksum >> 1 : checksum >> 1 ^ 0x82F6_3B78
            }
        }
        for index in 0..<4 {
            bytes[bytes.count - 4 + index] = UInt8(truncatingIfNeeded: ~checksum >> (8 * index))
        }
        return bytes
    }
}
