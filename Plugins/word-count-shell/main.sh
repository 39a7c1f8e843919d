#!/bin/sh
# Counts words in a shell script. jq reads and writes the messages (Debian: apt-get install jq): JSON's strings may hold
# anything, and a shell's may not. Descriptor 3 is what annals says, 4 what it is told.
if ! command -v jq > /dev/null; then
    echo "there is no jq; on Debian: apt-get install jq" >&2
    exit 1
fi

# The answer to each message, a line each and at once. The program takes all messages itself (inputs): jq 1.6 would halt
# with the next message only.
exec jq --null-input --unbuffered --compact-output '
    # Without regular expressions, whose time grows faster than the text.
    def words:
        reduce (" ", "\t", "\n", "\r", "\u000b", "\f", "\u0085", "\u00a0", "\u2003", "\u2028", "\u3000") as $space
            ([.]; map(split($space)[]))
        | map(select(. != ""));
    def answer: {annotations: [{id: "words", fields: {count: (.text | words | length)}}]};

    inputs
    | if .type == "hello" then
        {type: "hello", protocol: 1, encoding: "json", name: "word-count-shell", version: "1.0.0", kind: "enrich",
         determinism: "pure", events: []}
    elif .type == "validate" then {type: "validated", diagnostics: []}
    elif .type == "start" then {type: "started"}
    elif .type == "batch" then
        .batch as $batch | .documents | to_entries[] | (.value | answer) + {type: "answer", batch: $batch, index: .key}
    elif .type == "shutdown" then halt
    else empty end
' <&3 >&4
