internal import Glibc

extension PluginProcess {
    typealias List = UnsafePointer<UnsafeMutablePointer<CChar>?>
    typealias Names = UnsafePointer<UnsafePointer<CChar>?>

    /// The program's texts as C takes them.
    static func withLists<Result>(
        _ program: Program,
        _ body: (List?, List?, Names?, Names?) -> Result
    ) -> Result {
        let environment = program.environment.sorted { $0.key < $1.key }
        let lists = [
            program.arguments, environment.map { "\($0.key)=\($0.value)" }, program.readable,
            program.writable,
        ]
        let copies = unsafe lists.map { list in
            unsafe list.map { unsafe strdup($0) } + [nil]
        }
        defer {
            for list in unsafe copies.indices {
                for place in unsafe copies[list].indices { unsafe free(copies[list][place]) }
            }
        }
        return unsafe copies[0].withUnsafeBufferPointer { arguments in
            unsafe copies[1].withUnsafeBufferPointer { environment in
                unsafe copies[2].withUnsafeBufferPointer { readable in
                    unsafe copies[3].withUnsafeBufferPointer { writable in
                        unsafe body(
                            arguments.baseAddress,
                            environment.baseAddress,
                            UnsafeRawPointer(readable.baseAddress)?
                                .assumingMemoryBound(to: UnsafePointer<CChar>?.self),
                            UnsafeRawPointer(writable.baseAddress)?
                                .assumingMemoryBound(to: UnsafePointer<CChar>?.self)
                        )
                    }
                }
            }
        }
    }

    /// Two texts as C takes them.
    static func withNames<Result>(
        _ one: String,
        _ other: String,
        _ body: (UnsafePointer<CChar>, UnsafePointer<CChar>) -> Result
    ) -> Result {
        unsafe one.withCString { one in
            unsafe other.withCString { other in unsafe body(one, other) }
        }
    }
}
