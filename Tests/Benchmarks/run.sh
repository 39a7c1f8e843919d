#!/usr/bin/env bash
# Measures a whole run, each stage by itself, and a replay; prints Markdown.
#
# usage: Tests/Benchmarks/run.sh [MEGABYTES [SOURCE.jsonl TEXT_FIELD...]]
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
bin=${ANNALS_BIN:-$(cd "$root" && swift build -c release --show-bin-path)}
[ -x "$bin/annals-bench" ] || (cd "$root" && swift build -c release)
megabytes=${1:-60}
shift || true
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 "$root/Tests/Benchmarks/corpus.py" "$megabytes" "$work/corpus.jsonl" "$@"
cat > "$work/pipeline.yaml" <<YAML
pipeline: bench
stages:
  - ingest: {from: [corpus.jsonl]}
  - clean: {unicode: nfc, article: true, require: {words: 20..100000}}
  - deduplicate: {exact: true, near: {threshold: 0.8, shingle: 5 words, permutations: 128}}
  - enrich:
      - leaders: {dictionary: $root/Pipelines/dictionaries/leaders.yaml}
      - topics: {dictionary: $root/Pipelines/dictionaries/topics.yaml}
  - export: {to: out.jsonl}
projections:
  leaders: {index: leaders, by: leader}
  topics: {count: topics, by: [topic, month]}
YAML
cd "$work"
documents=$(wc -l < corpus.jsonl)
bytes=$(stat -c %s corpus.jsonl)
timed() { # label, command…: documents and megabytes per second of CPU and of wall time, memory
    local label=$1; shift
    python3 - "$label" "$documents" "$bytes" "$@" <<'PY'
import resource, subprocess, sys, time
label, documents, size, command = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:]
start = time.monotonic()
status = subprocess.run(command, stdout=subprocess.DEVNULL).returncode
wall = time.monotonic() - start
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
cpu = usage.ru_utime + usage.ru_stime
print(f"| {label} | {documents} | {documents / cpu:.0f} | {documents / wall:.0f} | {size / 1e6 / wall:.0f} | {usage.ru_maxrss / 1024:.0f} |" + (f" exit {status}" if status else ""))
PY
}
echo "| whole command | documents | documents per CPU-second | documents per second | MB per second | peak MB |"
echo "|---|---:|---:|---:|---:|---:|"
timed "run" "$bin/annals" run pipeline.yaml
timed "run again, nothing changed" "$bin/annals" run pipeline.yaml
timed "replay all projections" "$bin/annals" replay pipeline.yaml
echo
"$bin/annals" replay pipeline.yaml leaders
echo
"$bin/annals-bench" pipeline.yaml
