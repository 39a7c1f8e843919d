#!/usr/bin/env bash
# Fuzzes each parser of untrusted bytes: run.sh SECONDS [TARGET...]
#
# With the same inputs to begin with each run goes the same way; SEED=0 takes another every time.
# What a target finds on the way is kept in .build-fuzz/corpus and taken up by the next run. An
# input that ends a target is kept in .build-fuzz/findings and fails this script.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=$1
shift
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(batch footer head cbor yaml)

# Of several -sanitize options the compiler takes the last, and the package manager gives them in no
# order: hence both in one. lld, as gold knows little of what sanitizers want of it.
export ANNALS_INSTRUMENTED=annals-fuzz
build=(swift build --configuration release --scratch-path .build-fuzz --product annals-fuzz
    --sanitize address --sanitize fuzzer -Xswiftc -sanitize=address,fuzzer -Xswiftc -use-ld=lld)
"${build[@]}"
program=$("${build[@]}" --show-bin-path)/annals-fuzz

# A Swift backtrace of an instrumented program takes minutes; libFuzzer prints a stack itself.
export SWIFT_BACKTRACE=enable=no
# Freed memory is kept back for 16 MiB and stacks of allocations are two calls deep: faster by half.
export ASAN_OPTIONS=quarantine_size_mb=16:malloc_context_size=2

findings=.build-fuzz/findings
mkdir -p $findings
for target in "${targets[@]}"; do
    corpus=.build-fuzz/corpus/$target
    mkdir -p "$corpus"
    log=.build-fuzz/$target.log
    options=(-max_total_time="$seconds" -seed="${SEED:-1}" -timeout=10 -artifact_prefix="$findings/$target-" -print_final_stats=1)
    # Inputs have 4 KiB. The most that can be needed for so many is what a zstd heap of them can
    # stand for, 32 KiB a byte, so a greater allocation is one from a length that nobody checked.
    options+=(-max_len=4096 -malloc_limit_mb=160 -rss_limit_mb=1024)
    [ -f "Tests/Fuzz/$target.dict" ] && options+=(-dict="Tests/Fuzz/$target.dict")
    # A target that hangs in a way that libFuzzer cannot end is killed.
    if ! ANNALS_FUZZ=$target timeout --kill-after=10 $((seconds + 120)) \
        "$program" "${options[@]}" "$corpus" "Tests/Fuzz/Corpora/$target" >"$log" 2>&1; then
        grep -v 'NEW\|REDUCE\|pulse' "$log" | tail -60
        echo "fuzz: $target failed; the input is in $findings; try it again with"
        echo "  ANNALS_FUZZ=$target SWIFT_BACKTRACE=enable=no $program $findings/$target-…"
        exit 1
    fi
    counters=$(sed -n 's/.*Loaded 1 modules *(\([0-9]*\) inline.*/\1/p' "$log")
    if [ "${counters:-0}" -lt 5000 ]; then
        echo "fuzz: the program has ${counters:-no} coverage counters: the fuzzer would be blind"
        exit 1
    fi
    echo "fuzz: $target: $(sed -n 's/^Done //p' "$log")," \
        "$(sed -n 's/.*INITED \(cov: [0-9]* ft: [0-9]*\).*/\1/p' "$log" | tail -1) →" \
        "$(sed -n 's/.*DONE *\(cov: [0-9]* ft: [0-9]*\).*/\1/p' "$log")"
done
