@testable import PluginHost

/// A plugin in Python that keeps to the protocol, or breaks it in one way.
enum ExamplePlugin {
    static func folder(
        _ kind: PluginManifest.Kind,
        bad: String = ""
    ) throws -> PluginFolder {
        try PluginFolder([
            "plugin.yaml": """
            plugin: example
            version: 1.0.0
            protocol: 1
            kind: \(kind.rawValue)
            command: [python3, main.py]
            determinism: pure
            options:
              type: object
              properties:
                word: {type: string, default: the}
            needs: {seconds: 2, batch: 8}
            \(kind == .projection ? "consumes: [document.enriched]" : "")
            """,
            "main.py": "KIND, BAD = '\(kind.rawValue)', '\(bad)'\n" + program,
        ])
    }

    private static let program = #"""
        import fcntl, json, os, struct, sys, time

        host, out = os.fdopen(3, "rb"), os.fdopen(4, "wb")
        cbor = False
        count = 0

        def head(major, n):
            for width, info, code in ((1, 24, "B"), (2, 25, ">H"), (4, 26, ">I"), (8, 27, ">Q")):
                if n < 24: return bytes([major << 5 | n])
                if n < 1 << 8 * width: return bytes([major << 5 | info]) + struct.pack(code, n)

        def encoded(v):
            if v is None: return b"\xf6"
            if v is False: return b"\xf4"
            if v is True: return b"\xf5"
            if isinstance(v, int): return head(0, v) if v >= 0 else head(1, -1 - v)
            if isinstance(v, float): return b"\xfb" + struct.pack(">d", v)
            if isinstance(v, str): return head(3, len(v.encode())) + v.encode()
            if isinstance(v, list): return head(4, len(v)) + b"".join(map(encoded, v))
            return head(5, len(v)) + b"".join(encoded(k) + encoded(x) for k, x in v.items())

        def decoded(b, i):
            major, n, i = b[i] >> 5, b[i] & 31, i + 1
            if major == 7:
                if n == 27: return struct.unpack(">d", b[i:i + 8])[0], i + 8
                return {20: False, 21: True, 22: None}[n], i
            if n >= 24:
                width = 1 << n - 24
                n, i = int.from_bytes(b[i:i + width], "big"), i + width
            if major == 0: return n, i
            if major == 1: return -1 - n, i
            if major == 2: return b[i:i + n], i + n
            if major == 3: return b[i:i + n].decode(), i + n
            items = []
            for _ in range(n * (major - 3)):
                item, i = decoded(b, i)
                items.append(item)
            return (items if major == 4 else dict(zip(items[::2], items[1::2]))), i

        def say(m):
            data = encoded(m) if cbor else json.dumps(m).encode() + b"\n"
            out.write(struct.pack(">I", len(data)) * cbor + data)
            out.flush()
            if BAD == "prints": print(json.dumps(m), flush=True)

        def messages():
            if BAD == "batches":
                while data := os.read(3, 1 << 24): yield json.loads(data.split(b"\n")[0])
            while True:
                if cbor:
                    data = host.read(4)
                    if not data: return
                    yield decoded(host.read(struct.unpack(">I", data)[0]), 0)[0]
                else:
                    line = host.readline()
                    if not line: return
                    try:
                        yield json.loads(line)
                    except ValueError:
                        if BAD == "garbage": time.sleep(60)
                        if BAD == "garbage-zero": os._exit(0)
                        raise

        def enriched(document):
            text = document["text"]
            if BAD == "empty": text[0]
            if BAD == "no-title": document["fields"]["title"]
            if BAD == "names": assert "/" not in document["id"]
            if BAD == "nul": assert "\0" not in text
            if BAD == "huge" and len(text) > 1 << 20: time.sleep(60)
            if BAD == "unknown-members": assert len(document) < 5
            word = text.split()[0] if text.split() else ""
            start = text.find(word) if BAD == "spans" else len(text[:text.find(word)].encode())
            end = start + (len(word) if BAD == "spans" else len(word.encode()))
            value = {"spans": count, "pure": count, "seed": hash("seed"), "cbor": cbor}.get(BAD, len(text))
            return {"annotations": [{"id": "first", "spans": [[start, end]], "fields": {"n": value, "half": 0.5}}]}

        def read(source):
            if BAD == "reader-garbage": assert not source["id"].startswith("garbage")
            if BAD == "keys": return {"documents": [{"text": "a"}, {"text": "b"}]}
            return {"documents": [{"text": source["id"]}]}

        def answered(item):
            if BAD == "shape": return {"annotations": [{"label": "no id"}]}
            if BAD == "kind": return {"documents": []}
            if KIND == "enrich": return enriched(item)
            if KIND == "reader": return read(item)
            if KIND == "clean": return {"text": item["text"].strip(), "removed": []}
            return {}

        for m in messages():
            kind = m["type"]
            if kind == "hello":
                if BAD == "hello-more": assert len(m) == 5
                if BAD == "hello-other": assert 1 in m["protocols"]
                encoding = "cbor" if "cbor" in m["encodings"] and KIND == "enrich" else "json"
                name = "other" if BAD == "hello" else "example"
                say({"type": "hello", "protocol": 1, "encoding": encoding, "name": name, "version": "1.0.0",
                     "kind": KIND, "determinism": "pure", "events": []})
                cbor = encoding == "cbor"
                level = "loud" if BAD == "log" else "info"
                say({"type": "log", "level": level, "message": "hello"})
            elif kind == "validate":
                wrong = m["options"]["word"] != "the" or BAD == "validate"
                path = 7 if BAD == "diagnostic" else "/word"
                found = {"severity": "error", "path": path, "code": "word", "message": "no such word"}
                say({"type": "validated", "diagnostics": [found] if wrong else []})
            elif kind == "start":
                if BAD == "start": sys.exit(3)
                if BAD == "sandbox": open("state", "w").close()
                if BAD == "two-processes": fcntl.flock(os.open("main.py", os.O_RDONLY), fcntl.LOCK_EX | fcntl.LOCK_NB)
                while BAD == "flood": say({"type": "log", "level": "info", "message": "x" * 1000})
                say({"type": "started"})
            elif kind == "batch":
                items = m.get("documents", m.get("sources", m.get("events")))
                if BAD == "maximum" and len(items) > 7: sys.exit(1)
                if BAD == "silent": continue
                order = list(enumerate(items))
                if BAD == "order": order.reverse()
                if KIND == "projection": order = order[-1:]
                for index, item in order:
                    count += 1
                    say({"type": "answer", "batch": m["batch"], "index": index, **answered(item)})
            elif kind == "flush":
                say({"type": "flushed"})
            elif kind == "withdraw":
                if BAD == "withdraw": assert len(m["positions"]) < 3
                say({"type": "withdrawn"})
            elif kind == "query":
                if BAD == "query": say({"type": "rows", "columns": ["a"], "rows": [["1", "2"]]})
                elif m["arguments"]: say({"type": "rows", "error": "there is no such document"})
                else: say({"type": "rows", "columns": ["count"], "rows": [[count]]})
            elif kind == "shutdown":
                if BAD == "shutdown": sys.exit(3)
                if BAD == "shutdown-stays": time.sleep(60)
                sys.exit(0)
            elif BAD == "unknown-message":
                sys.exit(1)
        if BAD == "end": time.sleep(60)

        """#
}
