internal import ArgumentParser

/// Which profile of a pipeline is laid over it.
struct ProfileOption: ParsableArguments {
    @Option(
        name: .customLong("profile"),
        help: ArgumentHelp(
            "The pipeline's profile to use; $ANNALS_PROFILE if none is named.",
            valueName: "name"
        )
    )
    var name: String?
}
