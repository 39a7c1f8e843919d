import Foundation
import Glibc
import PluginHost

/// A folder that goes with the test.
final class TestFolder: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/annals-plugin-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else {
            throw PluginFault(.launch, "probe", "no folder: \(errno)")
        }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ name: String, _ text: String) throws {
        let file = path + "/" + name
        guard FileManager.default.createFile(atPath: file, contents: Data(text.utf8)) else {
            throw PluginFault(.launch, "probe", "\(file) cannot be written")
        }
    }

    static func names(in folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder))?.sorted() ?? []
    }

    static func bytes(_ path: String, most: Int = 1 << 20) -> [UInt8] {
        guard let file = FileHandle(forReadingAtPath: path) else { return [] }
        return Array((try? file.read(upToCount: most)) ?? Data())
    }

    static func text(_ path: String) -> String { String(decoding: bytes(path), as: UTF8.self) }
}
