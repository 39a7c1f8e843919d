#!/usr/bin/env bash
# Measures the event log against its limits; prints Markdown, exits with 1 if a limit is missed.
#
# usage: Tests/Benchmarks/log.sh [append] [scan] [verify] [open]      all of them if none is named
#
# The files go below TMPDIR, whose file system is the one that is measured, and are removed.
# In the environment:
#   ANNALS_BENCH_STORE_MB=1000      the store that is opened; 10000 is the size that the limit speaks of
#   ANNALS_BENCH_EVENTS=1000000     events that are scanned and verified
#   ANNALS_BENCH_TURNS=24           turns of each side of the comparison of appends,
#   ANNALS_BENCH_BATCHES=48         and the batches in a turn
#   ANNALS_BENCH_REPEATS=7          repetitions of everything else
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
if [ -n "${ANNALS_BIN:-}" ]; then
    bin=$ANNALS_BIN
else
    (cd "$root" && swift build -c release --product annals-bench-log >&2)
    bin=$(cd "$root" && swift build -c release --show-bin-path)
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$bin/annals-bench-log" "$work" "$@"
