#!/usr/bin/env bash
# Measures what a plugin costs the host a document; prints Markdown, exits with 1 if the limit is missed.
#
# usage: Tests/Benchmarks/plugins.sh
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
if [ -n "${ANNALS_BIN:-}" ]; then
    bin=$ANNALS_BIN
else
    (cd "$root" && swift build -c release --product annals-bench-plugins >&2)
    (cd "$root" && swift build -c release --product annals-bench-empty-plugin >&2)
    bin=$(cd "$root" && swift build -c release --show-bin-path)
fi
"$bin/annals-bench-plugins" "$bin/annals-bench-empty-plugin"
