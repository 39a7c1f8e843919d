package import YAML

/// One value of a pipeline as it takes effect, and who says so.
package struct EffectiveValue: Sendable {
    /// Who says what a value is.
    package enum Origin: Sendable, Hashable {
        /// The file itself, or one that it includes.
        case file
        /// Nobody: it is what holds where nothing is said.
        case standard
        /// A template.
        case template(String)
        /// The chosen profile.
        case profile(String)
        /// A variable of the environment; `isDefault` where it is not set.
        case environment(String, isDefault: Bool)
        /// A secret's file.
        case secret(String)

        /// The origin for programs.
        package var text: String {
            switch self {
            case .file: "file"
            case .standard: "default"
            case .template(let name): "template " + name
            case .profile(let name): "profile " + name
            case .environment(let name, _): "env " + name
            case .secret(let path): "secret " + path
            }
        }
    }

    /// The keys and numbers that lead there from the top.
    package let path: [String]
    /// The value; `••••` where it must not be shown.
    package let scalar: Scalar
    /// Who says so.
    package let origin: Origin
    /// Where; nil for a default.
    package let place: SourceRange?

    /// What is said behind the value: `profile prod, leaders.yaml:12`.
    package var comment: String {
        guard let place else { return origin.text }
        let position = "\(place.source.name):\(place.start.line)"
        switch origin {
        case .file: return position
        case .environment(let name, true): return "default of unset env \(name), \(position)"
        default: return "\(origin.text), \(position)"
        }
    }
}
