// swift-tools-version: 6.0
import PackageDescription

let package = Package(
    name: "PluginKit",
    products: [.library(name: "PluginKit", targets: ["PluginKit"])],
    targets: [
        .target(name: "PluginKit"),
        .testTarget(name: "PluginKitTests", dependencies: ["PluginKit"]),
    ]
)
