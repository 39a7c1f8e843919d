#!/usr/bin/env python3
"""Writes the fuzzer's first inputs, Corpora/TARGET/seed-*: `seeds.py [STORE]`.

Batches, footers and heads come from the golden stores, YAML from the pipelines and their
dictionaries, CBOR from RFC 8949 appendix A and, if a store is named, from its events: the first
of each type. Inputs of another name are findings; this script leaves them alone.
"""

import json
import pathlib
import struct
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
GOLDEN = ROOT / "Tests/EventLogTests/Golden"
PAGE = 4096

# RFC 8949 appendix A: what is deterministic and in the JSON data model, and what is not.
TAKEN = """
    00 01 0a 17 1818 1819 1864 1903e8 1a000f4240 1b000000e8d4a51000 20 29 3863 3903e7 f90000 f98000
    f93c00 fb3ff199999999999a f93e00 f97bff fa47c35000 fa7f7fffff fb7e37e43c8800759c f90001 f90400
    f9c400 fbc010666666666666 f97c00 f97e00 f9fc00 f4 f5 f6 40 4401020304 60 6161 6449455446
    62225c 62c3bc 63e6b0b4 64f0908591 80 83010203 8301820203820405 a0 a26161016162820203
    826161a161626163
""".split()
REFUSED = """
    1bffffffffffffffff 1800 f7 f818 c074323031332d30332d32315432303a30343a30305a a201020304
    5f42010243030405ff 7f657374726561646d696e67ff 9fff bf61610161629f0203ffff
""".split()


def write(target, name, data):
    folder = HERE / "Corpora" / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ("seed-" + name)).write_bytes(data)


def log_seeds():
    for store in sorted(GOLDEN.iterdir()):
        segments = sorted((store / "log").glob("*.seg"))
        for segment in segments:
            data = segment.read_bytes()
            name = f"{store.name}-{int(segment.stem)}"
            # Choices: derived fields made right, with an exact HEAD; compressed lengths taken over.
            write("batch", name, b"\x05" + data[PAGE:])
            if store.name.endswith("zstd"):
                write("batch", name + "-none", b"\x03" + data[PAGE:])
            if data.endswith(b"EFT1"):
                footer = data[-struct.unpack_from("<I", data, len(data) - 8)[0]:]
                write("footer", name, b"\x00" + footer)
                write("footer", name + "-followed", b"\x03" + footer)
        head = (store / "HEAD").read_bytes()
        page = segments[-1].read_bytes()
        blocks = (store / "STORE").read_bytes() + head[:96] + head[512:608] + page[:24] + page[512:608]
        for choices in (0x07, 0x17, 0x27, 0x47):
            write("head", f"{store.name}-{choices:02x}", bytes([choices]) + blocks)


def cbor_seeds(store):
    write("cbor", "rfc8949", bytes([0x98, len(TAKEN)]) + bytes.fromhex("".join(TAKEN)))
    for number, example in enumerate(REFUSED):
        write("cbor", f"rfc8949-refused-{number}", bytes.fromhex(example))
    if not store:
        return
    reader = [sys.executable, ROOT / "Tests/EventLogTests/reader.py", store]
    lines = subprocess.run(reader, check=True, stdout=subprocess.PIPE, text=True).stdout
    events = [json.loads(line) for line in lines.splitlines()]
    for kind in sorted({event["type"] for event in events}):
        facts = [bytes.fromhex(event["facts"]) for event in events if event["type"] == kind]
        write("cbor", kind, min(facts, key=len))


def yaml_seeds():
    for file in [*ROOT.glob("Pipelines/*.yaml"), *ROOT.glob("Tests/annalsTests/Fixtures/*.yaml")]:
        write("yaml", file.name, file.read_bytes())
    for file in ROOT.glob("Pipelines/dictionaries/*.yaml"):
        # A few entries are enough: the rest is more of the same.
        write("yaml", file.name, b"".join(file.read_bytes().splitlines(keepends=True)[:40]))
    for name, text in YAML.items():
        write("yaml", name, text.encode())


YAML = {
    "anchors": "a: &a [1, 2]\nb: *a\nc: {<<: *a}\nd: &d {e: *d}\n",
    "scalars": "- 0x1F\n- 0o17\n- -1.5e3\n- .inf\n- ~\n- 'it''s'\n- \"\\u00e9\\x41\\n\"\n- !!str 5\n"
               "- 20..100000\n- 5 words\n- 2 min\n- no\n- 80%\n",
    "blocks": "a: |\n  one\n  two\nb: >-\n  folded\n  text\nc: |+2\n    kept\n\n",
    "variables": "a: ${env:HOME}\nb: ${env:NONE:-x}\nc: $${env:HOME}\nd: ${file:x}\ne: ${env:NONE}\n",
    "documents": "%YAML 1.1\n%TAG ! tag:x,2000:\n---\n? key\n: !x value\n...\n---\nb\n",
    "bytes": "\ufeffa: \u65e5\u672c\u8a9e\u202e\n\"\\0\": \u0085 e\u0301\n",
}

if __name__ == "__main__":
    log_seeds()
    cbor_seeds(sys.argv[1] if len(sys.argv) > 1 else None)
    yaml_seeds()
