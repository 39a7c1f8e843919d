// swift-tools-version: 6.2
import PackageDescription

/// Swift 6 with every check that costs nothing at run time; a warning is an error.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableExperimentalFeature("Lifetimes"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

/// The files of PluginKit, the SDK for Swift, in Plugins/sdk/swift; PluginSDK.swift names them again.
let pluginKit = [
    "Answer", "Base64", "CBOR", "Channel", "Conversation", "Document", "JSON", "Plugin", "Value",
]

let package = Package(
    name: "annals",
    products: [
        .executable(name: "annals", targets: ["annals"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    ],
    targets: [
        .systemLibrary(
            name: "CLibYAML",
            pkgConfig: "yaml-0.1",
            providers: [.apt(["libyaml-dev"])]
        ),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .target(name: "CKernels", cSettings: [.unsafeFlags(["-O3"])]),
        .target(name: "Bytes", dependencies: ["CCrypto", "CKernels"], swiftSettings: strict),
        .target(name: "YAML", dependencies: ["CLibYAML"], swiftSettings: strict),
        .target(
            name: "EventLog",
            dependencies: ["Bytes", "CKernels", "CZstd"],
            exclude: ["FORMAT.md"],
            swiftSettings: strict
        ),
        .target(name: "Events", dependencies: ["Bytes"], swiftSettings: strict),
        .target(
            name: "Pipeline",
            dependencies: ["Bytes", "Events", "EventLog", "YAML"],
            swiftSettings: strict
        ),
        .target(
            name: "Stages",
            dependencies: [
                "Bytes", "CKernels", "CZlib", "CZstd", "EventLog", "Events", "Pipeline",
                "PluginHost",
                "YAML",
            ],
            swiftSettings: strict
        ),
        .target(
            name: "Projections",
            dependencies: [
                "Bytes", "Events", "EventLog", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            swiftSettings: strict
        ),
        .target(name: "CLauncher"),
        .target(
            name: "PluginSDK",
            path: "Plugins/sdk",
            exclude: [
                "python/plugin_testing.py", "python/tests", "swift/Package.swift",
                "swift/README.md",
                "swift/Tests",
            ],
            sources: ["PluginSDK.swift"],
            resources: [.embedInCode("python/annals_plugin.py")]
                + pluginKit.map { .embedInCode("swift/Sources/PluginKit/\($0).swift") },
            swiftSettings: strict
        ),
        .target(
            name: "PluginHost",
            dependencies: [
                "Bytes", "CLauncher", "EventLog", "Events", "Pipeline", "PluginSDK", "YAML",
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "annals",
            dependencies: [
                "Bytes", "Events", "EventLog", "Pipeline", "PluginHost", "Projections", "Stages",
                "YAML",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "annals-bench",
            dependencies: ["Pipeline", "Stages", "YAML"],
            path: "Tests/Benchmarks/Stages",
            swiftSettings: strict
        ),
        .executableTarget(
            name: "annals-bench-replay",
            dependencies: ["Bytes", "EventLog", "Events", "Projections"],
            path: "Tests/Benchmarks/Replay",
            swiftSettings: strict
        ),
        .executableTarget(
            name: "annals-bench-log",
            dependencies: [
                "Bytes", "EventLog", .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            path: "Tests/Benchmarks/Log",
            swiftSettings: strict
        ),
        .executableTarget(
            name: "annals-bench-plugins",
            dependencies: ["Bytes", "Events", "Pipeline", "PluginHost", "YAML"],
            path: "Tests/Benchmarks/Plugins",
            swiftSettings: strict
        ),
        .executableTarget(name: "annals-bench-empty-plugin", path: "Tests/Benchmarks/EmptyPlugin"),
        .testTarget(
            name: "BytesTests",
            dependencies: ["Bytes", "CKernels"],
            swiftSettings: strict
        ),
        .testTarget(name: "EventsTests", dependencies: ["Bytes", "Events"], swiftSettings: strict),
        .testTarget(name: "YAMLTests", dependencies: ["YAML"], swiftSettings: strict),
        .testTarget(
            name: "EventLogTests",
            dependencies: [
                "Bytes", "EventLog", .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            exclude: ["Golden", "reader.py"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "StagesTests",
            dependencies: [
                "Bytes", "CKernels", "CZlib", "CZstd", "EventLog", "Events", "Pipeline", "Stages",
                "YAML",
            ],
            exclude: ["Deduplicate/Fixtures"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "PipelineTests",
            dependencies: ["Bytes", "EventLog", "Events", "Pipeline", "Stages", "YAML"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ProjectionsTests",
            dependencies: ["Bytes", "EventLog", "Events", "Projections"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "PluginHostTests",
            dependencies: ["Bytes", "Events", "Pipeline", "PluginHost", "YAML"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "annalsTests",
            dependencies: ["annals", "Bytes", "EventLog"],
            exclude: ["Fixtures"],
            swiftSettings: strict
        ),
    ]
)

// `make sanitize` and `make fuzz` build a part of the package, instrumented: the rest would take
// minutes. ANNALS_INSTRUMENTED names what they build beside these modules.
if let instrumented = Context.environment["ANNALS_INSTRUMENTED"] {
    let modules = [
        "CLibYAML", "CZstd", "CZlib", "CCrypto", "CKernels", "Bytes", "YAML", "EventLog", "Events",
        "Pipeline", "CLauncher", "PluginSDK", "PluginHost",
        "Stages",
    ]
    let others = instrumented.split(separator: ",").map(String.init)
    package.products = []
    package.targets.removeAll { !modules.contains($0.name) && !others.contains($0.name) }
    package.targets.append(.target(name: "CSanitizers", path: "Tests/Sanitizers"))
    for target in package.targets where target.isTest { target.dependencies.append("CSanitizers") }
    if others == ["annals-fuzz"] {
        package.targets.append(
            .executableTarget(
                name: "annals-fuzz",
                dependencies: ["Bytes", "EventLog", "Events", "YAML"],
                path: "Tests/Fuzz/Targets",
                swiftSettings: strict + [.enableExperimentalFeature("Extern")]
            )
        )
    }
}
