internal import Bytes
package import YAML

extension OptionSchema {
    /// Holds the defaults of the options to their own rules; pipelines never check them.
    package func checkDefaults(of plugin: String, into diagnostics: inout DiagnosticBag) {
        guard let node else { return }
        var check = OptionCheck(plugin: plugin)
        Self.check(node, &check, path: "")
        diagnostics.add(contentsOf: check.diagnostics)
    }

    private static func check(_ schema: Node, _ check: inout OptionCheck, path: String) {
        if let standard = schema["default"] {
            _ = check.value(of: standard, by: schema, path: path)
        }
        for property in schema["properties"]?.mapping?.entries ?? [] {
            Self.check(property.value, &check, path: path + "/" + (property.key.text ?? ""))
        }
    }
}
