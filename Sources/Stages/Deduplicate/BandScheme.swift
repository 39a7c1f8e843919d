internal import Glibc

/// How a signature is cut into bands (Leskovec, Rajaraman, Ullman, "Mining of Massive Datasets",
/// §3.4): documents that agree in all rows of a band are compared.
struct BandScheme: Sendable, Equatable {
    /// Number of bands.
    let bands: Int
    /// Rows in a band.
    let rows: Int

    /// The longest bands by which a pair right at the threshold still meets with 99.9 % probability.
    init(threshold: Double, permutations: Int) {
        var best = 1
        for rows in 1...max(1, min(permutations, 16)) {
            let bands = permutations / rows
            let missed = pow(1 - pow(threshold, Double(rows)), Double(bands))
            if missed <= 0.001 { best = rows }
        }
        rows = best
        bands = permutations / best
    }
}
