import PluginKit

Plugin("word-count-swift", version: "1.0.0", determinism: .pure) { document, options in
    let count = document.text.split(whereSeparator: \.isWhitespace).count
    return Answer(annotations: [Annotation("words", fields: ["count": .integer(count)])])
}.run()
