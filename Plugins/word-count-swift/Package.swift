// swift-tools-version: 6.0
import PackageDescription

let package = Package(
    name: "word-count-swift",
    dependencies: [.package(name: "PluginKit", path: "../sdk/swift")],
    targets: [
        .executableTarget(
            name: "word-count-swift",
            dependencies: [.product(name: "PluginKit", package: "PluginKit")]
        )
    ]
)
