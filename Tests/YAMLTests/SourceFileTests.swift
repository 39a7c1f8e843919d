internal import Testing
internal import YAML

@Suite("Source files")
struct SourceFileTests {
    private func complaint(_ path: String, limits: YAMLLimits = .default) -> String {
        do throws(YAMLErrors) {
            _ = try YAMLSource.read(path, limits: limits)
            return ""
        } catch {
            return error.rendered()
        }
    }

    @Test("a regular file is read whole")
    func regular() throws {
        let source = try YAMLSource.read(#filePath)
        #expect(source.name == #filePath)
        #expect(
            String(decoding: source.bytes, as: UTF8.self).contains("a regular file is read whole")
        )
    }

    @Test("a file that is not there is named")
    func missing() {
        #expect(
            complaint("no/such.yaml") == """
                no/such.yaml: error: cannot be read: No such file or directory [yaml.unreadable]
                  hint: check the path; it is taken from the working directory
                """
        )
    }

    @Test("devices and directories are no files", arguments: ["/dev/zero", "/"])
    func irregular(_ path: String) {
        #expect(
            complaint(path) == """
                \(path): error: cannot be read: not a regular file [yaml.unreadable]
                  hint: give the path of a file
                """
        )
    }

    @Test("no more than the limit is read")
    func tooLarge() {
        #expect(
            complaint(#filePath, limits: YAMLLimits(inputBytes: 100)) == """
                \(#filePath): error: the file is larger than 100 bytes [yaml.too-large]
                  hint: split it
                """
        )
    }
}
