import Glibc

/// The machine's processes.
enum Processes {
    /// How many have an argument that holds a text.
    static func count(marked mark: String) -> Int {
        let mine = "\(getpid())"
        return TestFolder.names(in: "/proc").count { name in
            guard Int(name) != nil, name != mine else { return false }
            return TestFolder.text("/proc/\(name)/cmdline").contains(mark)
        }
    }

    /// Waits until something is so, while others may work; answers whether it came to be.
    static func wait(until isSo: () -> Bool) async -> Bool {
        for _ in 0..<3000 {
            if isSo() { return true }
            try? await Task.sleep(for: .milliseconds(20))
        }
        return isSo()
    }

    /// Waits until something is so; answers whether it came to be within twenty seconds.
    static func block(until isSo: () -> Bool) -> Bool {
        for _ in 0..<2000 {
            if isSo() { return true }
            usleep(10_000)
        }
        return isSo()
    }
}
