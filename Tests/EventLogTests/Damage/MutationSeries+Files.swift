extension MutationSeries {
    /// Deletes, renames, doubles and rewinds each file.
    func files(_ show: (Mutation) throws -> Void) rethrows {
        for (path, bytes) in store.files.sorted(by: { $0.key < $1.key }) {
            let apart = store.harmless(path, 0..<0)
            var without = store.files
            without[path] = nil
            try show(Mutation(kind: .delete, place: path, files: without, harmless: apart))
            for (name, isSegmentName) in otherNames(path) {
                var renamed = without
                renamed[name] = bytes
                let place = "\(path) to \(name)"
                try show(Mutation(kind: .rename, place: place, files: renamed, harmless: apart))
                var copied = store.files
                copied[name] = bytes
                try show(
                    Mutation(
                        kind: .double,
                        place: "\(path) as \(name)",
                        files: copied,
                        harmless: isSegmentName ? nil : "a file that is not part of the log"
                    )
                )
            }
            var twice = store.files
            twice[path] = bytes + bytes
            try show(
                Mutation(
                    kind: .double,
                    place: "\(path) after itself",
                    files: twice,
                    harmless: store.harmless(path, bytes.count..<2 * bytes.count)
                )
            )
        }
        try swaps(show)
        try rewinds(show)
    }

    /// Names that a slip of the hand gives, and whether a reader takes them for a segment's.
    private func otherNames(_ path: String) -> [(name: String, isSegmentName: Bool)] {
        var names = [(path + ".bak", false), (path + ".tmp", false)]
        guard path.hasSuffix(".seg"), let base = Int(path.dropLast(4).suffix(20)) else {
            return names
        }
        for other in [base + 1, base + 1000] {
            let digits = String(other)
            let name = String(repeating: "0", count: 20 - digits.count) + digits
            if store.files["store/log/\(name).seg"] == nil {
                names.append(("store/log/\(name).seg", true))
            }
        }
        names.append((path.dropLast(4) + "x.seg", true))
        return names
    }

    /// Each two files exchange their names.
    private func swaps(_ show: (Mutation) throws -> Void) rethrows {
        let paths = store.files.keys.filter { !DamagedStore.isApart($0) }.sorted()
        for (index, path) in paths.enumerated() {
            for other in paths.dropFirst(index + 1) {
                var files = store.files
                files[path] = store.files[other]
                files[other] = store.files[path]
                let place = "\(path) and \(other) exchanged"
                try show(Mutation(kind: .rename, place: place, files: files, harmless: nil))
            }
        }
    }

    /// A file as it was at an earlier time, beside all the others as they are.
    private func rewinds(_ show: (Mutation) throws -> Void) rethrows {
        for (age, earlier) in store.earlier.enumerated() {
            for (path, bytes) in earlier.sorted(by: { $0.key < $1.key })
            where store.files[path] != bytes {
                var files = store.files
                files[path] = bytes
                let isHead = path == DamagedStore.head
                try show(
                    Mutation(
                        kind: .rewind,
                        place: "\(path) to state \(age)",
                        files: files,
                        harmless: isHead ? "a HEAD that is older" : nil
                    )
                )
            }
        }
    }
}
