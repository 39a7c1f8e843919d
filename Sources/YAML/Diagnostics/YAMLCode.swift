/// The stable codes of what the parser and the substitution refuse.
///
/// `FieldReader` adds its own, prefixed by the area it reads for; see `FieldCode`.
package enum YAMLCode {
    /// The text is not YAML.
    package static let syntax = "yaml.syntax"
    /// The file cannot be opened or read.
    package static let unreadable = "yaml.unreadable"
    /// The input is larger than `YAMLLimits.inputBytes`.
    package static let tooLarge = "yaml.too-large"
    /// Lists and mappings nest deeper than `YAMLLimits.depth`.
    package static let tooDeep = "yaml.too-deep"
    /// There are more keys and values than `YAMLLimits.nodes`.
    package static let tooManyNodes = "yaml.too-many-nodes"
    /// Aliases stand for more nodes than `YAMLLimits.aliasedNodes`.
    package static let aliasExpansion = "yaml.alias-expansion"
    /// One scalar is longer than `YAMLLimits.scalarBytes`.
    package static let scalarTooLong = "yaml.scalar-too-long"
    /// There are more `%` directives than any file needs.
    package static let tooManyDirectives = "yaml.too-many-directives"
    /// The bytes are not UTF-8.
    package static let encoding = "yaml.encoding"
    /// A character that YAML does not allow, NUL apart.
    package static let controlCharacter = "yaml.control-character"
    /// A NUL, as a byte or by an escape.
    package static let nul = "yaml.nul"
    /// A second document in the same file.
    package static let multipleDocuments = "yaml.multiple-documents"
    /// The same key twice in one mapping.
    package static let duplicateKey = "yaml.duplicate-key"
    /// A list or mapping as a key.
    package static let keyNotScalar = "yaml.key-not-scalar"
    /// A key with nothing in it.
    package static let keyEmpty = "yaml.key-empty"
    /// A merge key `<<`.
    package static let mergeKey = "yaml.merge-key"
    /// An alias without its anchor, or inside it.
    package static let alias = "yaml.alias"
    /// A tag outside the core schema, or on the wrong kind of node.
    package static let tag = "yaml.tag"
    /// `${env:NAME}` of a variable that is not set and has no default.
    package static let environmentUnset = "yaml.env-unset"
    /// `${…}` that is not one of the substitutions.
    package static let substitution = "yaml.substitution"
    /// `${file:PATH}` of a file that cannot be read or is no secret.
    package static let secretUnreadable = "yaml.secret-unreadable"
    /// `${file:PATH}` where what it holds would be shown.
    package static let secretPlace = "yaml.secret-place"
    /// A secret that everybody on the machine can read.
    package static let secretOpen = "yaml.secret-open"
    /// A secret that is too short to be masked.
    package static let secretShort = "yaml.secret-short"
    /// `${param:NAME}` outside of a template.
    package static let substitutionParameter = "yaml.substitution-parameter"
    /// `${…}` in a key.
    package static let substitutionKey = "yaml.substitution-key"
}

/// The second half of the codes that `FieldReader` reports, as in `pipeline.unknown-key`.
package enum FieldCode {
    /// A key that nobody asked for.
    package static let unknownKey = "unknown-key"
    /// A key that must be there and is not.
    package static let missingKey = "missing-key"
    /// A value of the wrong type.
    package static let type = "type"
    /// A number outside its bounds.
    package static let outOfRange = "out-of-range"
    /// A word that is not one of those allowed.
    package static let choice = "choice"
}
