/// A plugin in Bash: what it answers, the conversation around it by jq, and its tests.
extension PluginTemplate {
    var shell: [File] {
        [
            File(path: "main.sh", text: shellHead + shellBody + shellEnd, isProgram: true),
            File(path: "annals_plugin.sh", text: Self.conversation),
            File(path: "tests/test.sh", text: shellTests, isProgram: true),
        ]
    }

    private var shellHead: String {
        """
        #!/bin/bash
        # \(summary).
        #
        # $1 is a file with the JSON of \(item); what is printed is the JSON of its answer, nothing for an
        # empty one. A status that is not 0 fails it. $OPTIONS is a file with the JSON of the options.
        set -euo pipefail
        cd "$(dirname "${BASH_SOURCE[0]}")"

        NAME=\(name) VERSION=\(Self.version) KIND=\(kind.rawValue) DETERMINISM=pure EVENTS='[]'


        """
    }

    private var item: String {
        switch kind {
        case .reader: "a source"
        case .projection: "an event"
        case .clean, .enrich, .exporter: "a document"
        }
    }

    private var shellEnd: String {
        """


        # Run as a program, not read by its tests, it talks with annals.
        if [ "${BASH_SOURCE[0]}" = "$0" ]; then
            . ./annals_plugin.sh
            converse
        fi

        """
    }

    private var shellBody: String {
        switch kind {
        case .reader:
            """
            answer() {
                local text="$TMPDIR/text"
                jq -r .bytes "$1" | base64 -d > "$text"
                if ! iconv -f UTF-8 -t UTF-8 "$text" > /dev/null 2>&1; then
                    echo '{"error": {"code": "not-utf-8", "message": "this is no text in UTF-8", "retryable": false}}'
                    return
                fi
                jq -cRs '{documents: [{text: .}]}' "$text"
            }
            """
        case .clean:
            """
            answer() {
                jq -c --slurpfile options "$OPTIONS" '
                    ($options[0].mark // ">") as $mark | (.text | split("\\n")) as $lines
                    | [$lines[] | select(startswith($mark))] as $marked
                    | if $marked == [] then {} else {
                        text: ([$lines[] | select(startswith($mark) | not)] | join("\\n")),
                        removed: [$marked[] | {rule: "marked", text: .}]
                    } end' "$1"
            }
            """
        case .enrich:
            """
            answer() {
                # Offsets of spans are bytes.
                jq -c --slurpfile options "$OPTIONS" '
                    ($options[0].word // "annals") as $word | .text as $text
                    | ($text | index($word)) as $found
                    | if $found == null then {annotations: []} else
                        ($text | split($word)[0] | utf8bytelength) as $start
                        | {annotations: [{id: $word, spans: [[$start, $start + ($word | utf8bytelength)]]}]}
                    end' "$1"
            }
            """
        case .exporter:
            """
            # The same position again writes the same file again.
            answer() {
                local position
                position=$(jq .position "$1")
                jq -c '{id, title, text}' "$1" > "$ANNALS_FOLDER/$position.json"
            }

            flush() {
                sync "$ANNALS_FOLDER"/*.json "$ANNALS_FOLDER" 2> /dev/null || sync
            }

            # $@ are positions.
            withdraw() {
                local position
                for position in "$@"; do rm -f "$ANNALS_FOLDER/$position.json"; done
            }
            """
        case .projection:
            """
            # A line for each event; what is kept is durable when this returns.
            answer() {
                jq -r '[.stream, (.facts.annotations // [] | length)] | @json' "$1" >> "$ANNALS_FOLDER/counts"
                sync "$ANNALS_FOLDER/counts"
            }

            # $1 is a file with the JSON of the arguments; what is printed is the JSON of the rows.
            query() {
                touch "$ANNALS_FOLDER/counts"
                jq -cs --slurpfile arguments "$1" '
                    group_by(.[0]) | map([.[0][0], (map(.[1]) | add)])
                    | if $arguments[0] == [] then . else map(select(.[0] as $name | $arguments[0] | index([$name]))) end
                    | if . == [] and $arguments[0] != [] then {error: "there is no document \\($arguments[0][0])"}
                      else {columns: ["document", "found"], rows: .} end' "$ANNALS_FOLDER/counts"
            }
            """
        }
    }

    /// Bash reads a byte at a time where it reads a line; so lines are short, and what is long is
    /// taken by `head`, whose length is known.
    private static let conversation = """
        # Talks with annals (the plugin protocol, version 1): jq reads and writes the messages.

        # A line with the type, the batch and the index of each message, and the bytes of JSON that follow.
        MESSAGES='
            def item(type; batch; index): tojson | "\\(type) \\(batch) \\(index) \\(utf8bytelength)\\n", .;
            if .type == "validate" or .type == "start" then .type as $type | .options | item($type; 0; 0)
            elif .type == "withdraw" then .positions | item("withdraw"; 0; 0)
            elif .type == "query" then .arguments | item("query"; 0; 0)
            elif .type == "batch" then
                .batch as $batch | (.events | length) as $events | .documents // .sources // .events
                | to_entries[] | .key as $index
                # A projection answers once, for the last event.
                | .value | item(if $events > $index + 1 then "event" else "item" end; $batch; $index)
            else .type as $type | {} | item($type | gsub("[^a-z]"; "-"); 0; 0) end'

        # Writes a message.
        say() { jq -c "$@" >&4; }

        # Answers until annals has no more to ask.
        converse() {
            local type batch index bytes item="$TMPDIR/item.json" said="$TMPDIR/answer.json"
            OPTIONS="$TMPDIR/options.json"
            exec 5< <(exec jq --unbuffered -j "$MESSAGES" <&3)
            local messages=$!
            while read -r type batch index bytes <&5; do
                head -c "$bytes" <&5 > "$item"
                case "$type" in
                hello)
                    say -n --arg name "$NAME" --arg version "$VERSION" --arg kind "$KIND" \\
                        --arg determinism "$DETERMINISM" --argjson events "$EVENTS" \\
                        '{type: "hello", protocol: 1, encoding: "json"} + $ARGS.named' ;;
                validate) say -n '{type: "validated", diagnostics: []}' ;;
                start)
                    cp "$item" "$OPTIONS"
                    say -n '{type: "started"}' ;;
                event) answer "$item" > /dev/null ;;
                item)
                    if ! answer "$item" > "$said"; then
                        echo '{"error": {"code": "failed", "message": "the program failed"}}' > "$said"
                    fi
                    say -s --argjson batch "$batch" --argjson index "$index" \\
                        '(.[0] // {}) + {type: "answer", $batch, $index}' "$said" ;;
                flush)
                    flush
                    say -n '{type: "flushed"}' ;;
                withdraw)
                    withdraw $(jq '.[]' "$item")
                    say -n '{type: "withdrawn"}' ;;
                query)
                    query "$item" > "$said"
                    say '. + {type: "rows"}' "$said" ;;
                shutdown) exit 0 ;;
                esac
            done
            # What was no message ended it with another status than 0.
            wait "$messages"
        }

        """

    private var shellTests: String {
        let (given, expected) = shellExample
        return """
            #!/bin/bash
            # What the program answers to an example.
            set -euo pipefail
            cd "$(dirname "$0")/.."
            . ./main.sh
            TMPDIR=$(mktemp -d)
            trap 'rm -r "$TMPDIR"' EXIT
            ANNALS_FOLDER=$TMPDIR/own OPTIONS=$TMPDIR/options.json
            mkdir "$ANNALS_FOLDER"
            echo '{}' > "$OPTIONS"
            echo '\(given)' > "$TMPDIR/item.json"
            expected='\(expected)'
            found=$(answer "$TMPDIR/item.json")
            if [ "$found" != "$expected" ]; then
                echo "expected $expected, found $found" >&2
                exit 1
            fi
            echo passed

            """
    }

    private var shellExample: (given: String, expected: String) {
        switch kind {
        case .reader:
            (#"{"id": "a.txt", "bytes": "VGV4dA=="}"#, #"{"documents":[{"text":"Text"}]}"#)
        case .clean:
            (
                #"{"id": "a", "text": "one\n> two"}"#,
                #"{"text":"one","removed":[{"rule":"marked","text":"> two"}]}"#
            )
        case .enrich:
            (
                #"{"id": "a", "text": "Über annals"}"#,
                #"{"annotations":[{"id":"annals","spans":[[6,12]]}]}"#
            )
        case .exporter: (#"{"id": "a", "text": "Text", "position": 7}"#, "")
        case .projection: (#"{"stream": "a", "facts": {"annotations": [1]}}"#, "")
        }
    }
}
