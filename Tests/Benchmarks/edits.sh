#!/usr/bin/env bash
# Measures what runs cost after a change of the pipeline or the documents, against a first run over
# the same corpus and one from scratch with the changed pipeline; prints Markdown.
#
# usage: Tests/Benchmarks/edits.sh [MEGABYTES]
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
bin=${ANNALS_BIN:-$(cd "$root" && swift build -c release --show-bin-path)}
[ -x "$bin/annals" ] || (cd "$root" && swift build -c release --product annals)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 "$root/Tests/Benchmarks/corpus.py" "${1:-60}" "$work/corpus.jsonl"
cp "$root"/Pipelines/dictionaries/*.yaml "$work"
cat > "$work/pipeline.yaml" <<'YAML'
pipeline: bench
stages:
  - ingest: {from: [corpus.jsonl]}
  - clean: {unicode: nfc, article: true, require: {words: 20..100000}}
  - deduplicate: {exact: true, near: {threshold: 0.8, shingle: 5 words, permutations: 128}}
  - enrich:
      - leaders: {dictionary: leaders.yaml}
      - topics: {dictionary: topics.yaml}
  - export: {to: out.jsonl}
projections:
  leaders: {index: leaders, by: leader}
  topics: {count: topics, by: [topic, month]}
YAML
cd "$work"
timed() { # label, command…: CPU and wall time, as shares of the first run's too, and memory
    python3 - "$@" <<'PY'
import json, os, resource, subprocess, sys, time
label, command = sys.argv[1], sys.argv[2:]
start = time.monotonic()
done = subprocess.run(command, stdout=subprocess.PIPE)
wall = time.monotonic() - start
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
cpu = usage.ru_utime + usage.ru_stime
events = json.loads(done.stdout).get("events", "") if command[1] == "run" else ""
first = json.load(open("first.json")) if os.path.exists("first.json") else [cpu, wall]
if not os.path.exists("first.json"):
    json.dump(first, open("first.json", "w"))
print(f"| {label} | {events} | {cpu:.2f} | {cpu / first[0]:.2f} | {wall:.2f} | {wall / first[1]:.2f} | {usage.ru_maxrss / 1024:.0f} |")
PY
}
run() { timed "$1" "$bin/annals" run pipeline.yaml --format json; }
echo "| after | events | CPU s | of the first run | wall s | of the first run | peak MB |"
echo "|---|---:|---:|---:|---:|---:|---:|"
run "nothing: the first run"
run "nothing changed"
sed -i 's/threshold: 0.8/threshold: 0.75/' pipeline.yaml
timed "plan: threshold 0.8 → 0.75" "$bin/annals" plan pipeline.yaml
run "threshold 0.8 → 0.75"
sed -i 's/words: 20\.\./words: 60../' pipeline.yaml
run "words 20.. → 60.."
sed -i '0,/surnames: \[Putin\]/s//surnames: [Putin, Putinn]/' leaders.yaml
run "a spelling in the dictionary of leaders"
sed -i '/- topics: {dictionary/d; /topics: {count/d' pipeline.yaml
run "the annotator of topics taken out"
python3 - <<'PY'
lines = open("corpus.jsonl").readlines()
for number in range(0, len(lines), 100):
    lines[number] = lines[number].replace(" the ", " this ")
open("corpus.jsonl", "w").writelines(lines)
PY
run "every hundredth document changed"
python3 - <<'PY'
lines = open("corpus.jsonl").readlines()
open("corpus.jsonl", "w").writelines(l for n, l in enumerate(lines) if n % 100 != 50)
PY
run "every hundredth document gone"
sed -i 's/unicode: nfc/unicode: none/' pipeline.yaml
run "all stages from cleaning on"
rm -rf .annals out.jsonl
run "from scratch with all these changes"
