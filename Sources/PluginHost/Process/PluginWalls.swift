internal import Glibc

/// What a plugin gets of the machine: its program, its environment, and what it may read and write.
struct PluginWalls: Sendable {
    /// What a pipeline grants, of what the manifest asks for.
    struct Grants: Sendable, Equatable {
        /// Whether the walls are raised at all.
        var isSandboxed = true
        /// Whether it may use the network.
        var network = false
        /// Files and folders that it may read, absolute.
        var read: [String] = []
        /// Folders that it may write to, absolute.
        var write: [String] = []
    }

    /// What programs need of the system.
    ///
    /// Of `/etc` only what tells nothing of this machine's owner: run by root, a plugin could read
    /// the rest of it.
    private static let system = [
        "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/proc",
        "/sys/devices/system/cpu", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d",
        "/etc/localtime", "/etc/timezone", "/etc/nsswitch.conf", "/etc/passwd", "/etc/group",
        "/etc/mime.types", "/etc/fonts", "/etc/alternatives", "/etc/ssl/certs",
    ]
    private static let network = ["/etc/resolv.conf", "/etc/hosts", "/etc/services"]
    private static let path = "/usr/local/bin:/usr/bin:/bin"

    /// The program of a plugin, with a scratch folder of its own and the one that it keeps.
    static func program(
        of manifest: PluginManifest,
        scratch: String,
        keeping kept: String? = nil,
        _ grants: Grants
    ) throws(PluginFault) -> PluginProcess.Program {
        let folder = try absolute(manifest.folder, manifest)
        let executable = try executable(manifest, in: folder)
        var readable = system + [folder] + grants.read + [prefix(of: executable)].compactMap { $0 }
        if grants.network { readable += network }
        // The SDK that lies beside the plugins serves all of them.
        let sdk = folder + "/../sdk/python"
        readable.append(sdk)
        var environment = [
            "PATH": path, "LANG": "C.UTF-8", "HOME": scratch, "TMPDIR": scratch,
            "ANNALS_PLUGIN": "\(PluginManifest.protocolVersion)", "ANNALS_IN": "3",
            "ANNALS_OUT": "4", "PYTHONPATH": sdk, "PYTHONDONTWRITEBYTECODE": "1",
        ]
        var writable = [scratch] + grants.write
        if let kept {
            let folder = try absolute(kept, manifest)
            environment["ANNALS_FOLDER"] = folder
            writable.append(folder)
        }
        return PluginProcess.Program(
            arguments: [executable] + manifest.command.dropFirst(),
            environment: environment,
            folder: folder,
            readable: readable,
            writable: writable,
            hasNetwork: grants.network,
            isSandboxed: grants.isSandboxed,
            memoryLimit: UInt64(manifest.needs.mebibytes) << 20,
            scratch: scratch
        )
    }

    /// The program's file: in the plugin's folder, or where programs are.
    private static func executable(
        _ manifest: PluginManifest,
        in folder: String
    ) throws(PluginFault) -> String {
        let name = manifest.command[0]
        if name.hasPrefix("/") { return name }
        let folders =
            [folder] + (name.contains("/") ? [] : path.split(separator: ":").map(String.init))
        for candidate in folders.map({ $0 + "/" + name }) where unsafe access(candidate, X_OK) == 0
        {
            return candidate
        }
        let hint = name.contains(".venv") ? "; annals plugin install \(manifest.name) makes it" : ""
        throw PluginFault(
            .launch,
            manifest.name,
            "there is no program \(name) in \(folder) nor in \(path)\(hint)"
        )
    }

    /// The folder that an interpreter outside of the system's folders was installed to.
    ///
    /// A virtual environment's `python` is a link to such a one.
    private static func prefix(of executable: String) -> String? {
        guard let real = try? absolute(executable, nil) else { return nil }
        let parts = real.split(separator: "/")
        guard parts.count > 2, !system.contains("/" + parts[0]) else { return nil }
        return parts[parts.count - 2] == "bin"
            ? "/" + parts.dropLast(2).joined(separator: "/") : real
    }

    private static func absolute(
        _ path: String,
        _ manifest: PluginManifest?
    ) throws(PluginFault) -> String {
        guard let real = unsafe realpath(path, nil) else {
            let reason = unsafe String(cString: strerror(errno))
            throw PluginFault(.launch, manifest?.name ?? "", "\(path) cannot be found: \(reason)")
        }
        defer { unsafe free(real) }
        return unsafe String(cString: real)
    }
}
