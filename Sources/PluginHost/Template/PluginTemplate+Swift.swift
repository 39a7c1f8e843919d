internal import PluginSDK

/// A plugin in Swift: a package with the SDK's sources among its own.
extension PluginTemplate {
    var swift: [File] {
        let kit = PluginSDK.swift.map {
            File(path: "Sources/PluginKit/\($0.name)", text: $0.text)
        }
        return [
            File(path: "Package.swift", text: swiftPackage),
            File(path: "install", text: Self.swiftInstall, isProgram: true),
            File(path: "Sources/Plugin/main.swift", text: swiftMain),
            File(path: "Sources/Plugin/Work.swift", text: swiftWork),
            File(path: "Tests/PluginTests/WorkTests.swift", text: swiftTests),
        ] + kit
    }

    private var module: String { name.replacing("-", with: "_") }

    private var swiftPackage: String {
        """
        // swift-tools-version: 6.0
        import PackageDescription

        let package = Package(
            name: "\(name)",
            targets: [
                // Annals' own, as it was when this plugin was made.
                .target(name: "PluginKit"),
                .executableTarget(
                    name: "\(name)",
                    dependencies: ["PluginKit"],
                    path: "Sources/Plugin"
                ),
                .testTarget(name: "PluginTests", dependencies: ["\(name)", "PluginKit"]),
            ]
        )

        """
    }

    private static let swiftInstall = """
        #!/bin/sh
        # Builds the program. Swift's libraries go into it: in the sandbox they cannot be read where a toolchain keeps them.
        set -eu
        cd "$(dirname "$0")"
        if ! command -v swift > /dev/null; then
            echo "install: a Swift toolchain, 6.0 or newer, is needed" >&2
            exit 1
        fi
        swift build -c release --static-swift-stdlib

        """

    private var swiftMain: String {
        let head = "import PluginKit\n\n// \(summary). What it does is in Work.swift.\n"
        return head + swiftCall + ".run()\n"
    }

    private var swiftCall: String {
        switch kind {
        case .reader:
            "Plugin(reader: \"\(name)\", version: \"\(Self.version)\", determinism: .pure, read: read)"
        case .clean:
            "Plugin(\"\(name)\", version: \"\(Self.version)\", kind: .clean, determinism: .pure, answer: clean)"
        case .enrich:
            "Plugin(\"\(name)\", version: \"\(Self.version)\", kind: .enrich, determinism: .pure, answer: find)"
        case .exporter:
            """
            let files = Files(folder: Plugin.folder ?? ".")
            Plugin(
                exporter: "\(name)",
                version: "\(Self.version)",
                take: files.take,
                flush: files.flush,
                withdraw: files.withdraw
            )
            """
        case .projection:
            """
            let counts = try Counts(folder: Plugin.folder ?? ".")
            Plugin(projection: "\(name)", version: "\(Self.version)", fold: counts.fold, query: counts.query)
            """
        }
    }

    private var swiftTests: String {
        """
        import Foundation
        import PluginKit
        import Testing

        @testable import \(module)

        @Suite("\(name)")
        struct WorkTests {
        \(swiftTest)
        }

        """
    }
}
