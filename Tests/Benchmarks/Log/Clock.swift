internal import Glibc

/// Seconds of wall time and of processor time, by the system's clocks.
enum Clock {
    /// Wall time since some fixed moment.
    static var wall: Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    /// Processor time of this process, in user and system mode (`getrusage`).
    static var processor: Double {
        var usage = rusage()
        unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }

    private static func seconds(_ time: timeval) -> Double {
        Double(time.tv_sec) + Double(time.tv_usec) * 1e-6
    }
}

/// Both clocks at once.
struct Moment {
    let wall = Clock.wall
    let processor = Clock.processor
}

/// Repeated measurements of one thing.
struct Samples {
    private(set) var values: [Double] = []

    mutating func add(_ value: Double) { values.append(value) }

    var median: Double { quantile(0.5) }
    /// Half of the measurements lie between these two.
    var quartiles: (Double, Double) { (quantile(0.25), quantile(0.75)) }

    /// What the fastest quarter of the turns reached, for rates.
    var fast: Double { quantile(0.75) }

    /// The ratios to another side's rates in the same turns, and that of the fastest quarters.
    func ratios(to other: Samples) -> Ratios {
        var turns = Samples()
        for (value, base) in zip(values, other.values) { turns.add(value / base) }
        return Ratios(turns: turns, fast: fast / other.fast)
    }

    private func quantile(_ share: Double) -> Double {
        guard !values.isEmpty else { return .nan }
        let sorted = values.sorted()
        return sorted[Int((Double(sorted.count - 1) * share).rounded())]
    }
}

/// One side's rates over another's.
struct Ratios {
    let turns: Samples
    let fast: Double
}
