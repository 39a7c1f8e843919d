extension WriterState {
    /// Joins a sealed segment file to the log; returns the position of its first event.
    ///
    /// invariant: until the copy gets its name, the log holds what it held; then it holds all of
    /// the segment. Of its batches no byte is rewritten.
    mutating func adopt(
        _ path: String,
        expecting position: EventPosition?
    ) throws(LogError) -> UInt64 {
        try checkUsable()
        let source = try SegmentFile.detached(
            try OpenFile.open(path, writable: false, storage: storage)
        )
        guard let (_, footer) = try source.footer() else { throw DetachedCheck.unsealed(path) }
        if let known = try base(of: footer, path: path) { return known }
        if let position, position.rawValue != end {
            throw wrongPosition("a segment", at: position)
        }
        let temporary = try TemporaryFile.create(
            for: StorePath.segmentName(base: end),
            word: storage.random(),
            in: log
        )
        do throws(LogError) {
            let checked = try copied(source, to: temporary)
            if segment?.isSealed == false { try seal() }
            return try join(checked, temporary)
        } catch {
            temporary.discard()
            throw error
        }
    }

    /// The base of the segment if the log has it already; throws for another with its salt.
    private func base(of footer: SegmentFooter, path: String) throws(LogError) -> UInt64? {
        guard let base = bases[footer.salt] else { return nil }
        let present = try SegmentFile.open(
            directory,
            base: base,
            storeID: storeID,
            storage: storage
        )
        if let (_, known) = try present.footer(), known == footer { return base }
        throw LogError(
            .unjoinable,
            path: path,
            offset: 16,
            expected: "a salt that no segment of the log has",
            found: "that of \(present.name), which is another segment"
        )
    }

    /// Copies the segment and checks what the disk holds of the copy; nothing of the log is
    /// touched, so no failure poisons.
    private func copied(
        _ source: SegmentFile,
        to temporary: TemporaryFile
    ) throws(LogError) -> SegmentFooter {
        try source.file.copy(0..<source.size, to: temporary.file)
        try temporary.file.synchronize()
        temporary.file.dropCache(from: 0)
        do throws(LogError) {
            let check = DetachedCheck(copy: temporary.file, path: source.file.path)
            return try check.run(against: producers, end: end)
        } catch {
            guard error.code != .inputOutput else { throw error }
            var failure = error
            failure.path = source.file.path
            throw failure
        }
    }

    private mutating func join(
        _ footer: SegmentFooter,
        _ temporary: TemporaryFile
    ) throws(LogError) -> UInt64 {
        let start = nextStart(salt: footer.salt)
        try poisoning(unless: .noSpace) { state throws(LogError) in
            let header = Layout.segmentHeaderByteCount
            let page = start.encoded()
            try temporary.file.write(page.span.extracting(header...), at: UInt64(header))
            try temporary.file.synchronize()
            let joined = ActiveSegment(
                temporary.file,
                start: start,
                sealedBy: footer,
                byteCount: try temporary.file.size()
            )
            try state.publish(temporary, joined)
        }
        producers.note(footer, base: start.base)
        try promise()
        return start.base
    }
}
