import Glibc

/// A number from the environment, so that longer loops need no other code.
func setting(_ name: String, _ fallback: Int) -> Int {
    guard let text = unsafe getenv(name) else { return fallback }
    return Int(unsafe String(cString: text)) ?? fallback
}
