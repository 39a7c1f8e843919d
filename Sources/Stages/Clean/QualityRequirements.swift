package import Events
internal import YAML

/// The bounds within which a document is kept.
///
/// Measuring and deciding are apart: ``decision(on:)`` needs no more than what
/// `document.cleaned` recorded, so that a moved bound decides anew without cleaning anew
/// (invariant 6).
package struct QualityRequirements: Sendable, Equatable {
    /// The smallest and largest value of one measurement.
    package struct Bound: Sendable, Equatable {
        /// The measurement, which also names the rule in `document.dropped`.
        package var measurement: String
        /// The smallest value that is kept; nil for no such bound.
        package var minimum: Double?
        /// The largest value that is kept; nil for no such bound.
        package var maximum: Double?
    }

    /// The bounds in the order in which they are tried.
    package var bounds: [Bound] = []

    /// No requirements.
    package init() {}

    /// The first bound that the measurements break, as the event to record.
    package func decision(on measurements: [DocumentCleaned.Measurement]) -> DocumentDropped? {
        for bound in bounds {
            let measured = measurements.first { $0.name == bound.measurement }
            guard let value = measured?.value else { continue }
            let isTooSmall = bound.minimum.map { value < $0 } ?? false
            let isTooLarge = bound.maximum.map { value > $0 } ?? false
            guard isTooSmall || isTooLarge else { continue }
            return DocumentDropped(
                rule: bound.measurement,
                value: value,
                minimum: bound.minimum,
                maximum: bound.maximum
            )
        }
        return nil
    }

    /// Reads `require:`; an end that is left open, or says nothing, is no bound.
    init(_ reader: inout FieldReader) {
        if let words = reader.optionalRange("words", in: 0 ... .max) {
            let maximum = words.upperBound == .max ? nil : Double(words.upperBound)
            add(TextMeasurements.words, from: Double(words.lowerBound), to: maximum)
        }
        for share in [TextMeasurements.letters, TextMeasurements.repeatedLines] {
            guard let range = reader.optionalDoubleRange(share, in: 0...1) else { continue }
            add(share, from: range.lowerBound, to: range.upperBound < 1 ? range.upperBound : nil)
        }
    }

    private mutating func add(_ measurement: String, from minimum: Double, to maximum: Double?) {
        bounds.append(
            Bound(
                measurement: measurement,
                minimum: minimum > 0 ? minimum : nil,
                maximum: maximum
            )
        )
    }
}
