internal import Bytes

/// What a plugin says is logged and shown: a secret that it was told must not come back that way.
extension SecretMask {
    /// An answer without secrets.
    ///
    /// The texts of documents stay as they are: spans count their bytes, and what stands in a
    /// document is no secret of the pipeline.
    func masked(_ answer: PluginPool.Answer) -> PluginPool.Answer {
        switch answer {
        case .success(let value): .success(masked(answer: value))
        case .failure(let fault): .failure(masked(fault))
        }
    }

    private func masked(answer value: CBORValue) -> CBORValue {
        guard case .map(let pairs) = value else { return masked(value) }
        return .map(
            pairs.map { pair in
                switch pair.key {
                case "text": pair
                case "documents":
                    CBORValue.Pair(pair.key, .array(pair.value.items.map(masked(answer:))))
                default: CBORValue.Pair(pair.key, masked(pair.value))
                }
            }
        )
    }

    /// A fault without secrets; its message may hold what the plugin printed last.
    func masked(_ fault: PluginFault) -> PluginFault {
        PluginFault(fault.code, fault.plugin, masked(cut: fault.message))
    }

    /// What a plugin says of its options, without secrets.
    func masked(_ said: PluginDiagnostic) -> PluginDiagnostic {
        var said = said
        said.message = masked(said.message)
        said.hint = said.hint.map { masked($0) }
        return said
    }
}
