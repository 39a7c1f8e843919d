internal import Glibc

/// The machine's clock, read at the command line's edge only.
enum WallClock {
    /// Microseconds since 1970.
    static var microseconds: UInt64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return UInt64(max(0, time.tv_sec)) * 1_000_000 + UInt64(max(0, time.tv_nsec)) / 1000
    }
}
