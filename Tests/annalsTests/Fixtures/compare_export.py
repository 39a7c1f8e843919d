"""Compares `annals log export` with the reader of EventLogTests, event for event.

usage: compare_export.py STORE EXPORT.jsonl

That reader was written from FORMAT.md alone; what it gives as CBOR is decoded here (RFC 8949).
"""
import base64
import datetime
import json
import os
import struct
import subprocess
import sys

READER = os.path.join(os.path.dirname(__file__), "..", "..", "EventLogTests", "reader.py")


def decode(data, at=0):
    """The value at a byte of deterministic CBOR, as JSON has it, and where it ends."""
    major, short = data[at] >> 5, data[at] & 31
    at += 1
    if major == 7:
        if short in (20, 21, 22):
            return {20: False, 21: True, 22: None}[short], at
        size, form = {25: (2, ">e"), 26: (4, ">f"), 27: (8, ">d")}[short]
        return struct.unpack(form, data[at:at + size])[0], at + size
    size = {24: 1, 25: 2, 26: 4, 27: 8}.get(short, 0)
    number = int.from_bytes(data[at:at + size], "big") if size else short
    at += size
    if major == 0:
        return number, at
    if major == 1:
        return -1 - number, at
    if major == 2:
        return base64.urlsafe_b64encode(data[at:at + number]).decode().rstrip("="), at + number
    if major == 3:
        return data[at:at + number].decode(), at + number
    if major == 4:
        items = []
        for _ in range(number):
            item, at = decode(data, at)
            items.append(item)
        return items, at
    pairs = {}
    for _ in range(number):
        key, at = decode(data, at)
        pairs[key], at = decode(data, at)
    return pairs, at


def facts(text):
    data = bytes.fromhex(text)
    value, end = decode(data)
    assert end == len(data), "bytes after the facts"
    return value


def time(microseconds):
    seconds, rest = divmod(microseconds, 1_000_000)
    date = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    return date.strftime("%Y-%m-%dT%H:%M:%S") + ".%06dZ" % rest


def expected(event, source):
    data = {"facts": facts(event["facts"])}
    if event["content"] is not None:
        data["content"] = bytes.fromhex(event["content"]).decode()
    cloud = {
        "specversion": "1.0", "id": str(event["position"]), "source": source,
        "type": event["type"], "subject": event["stream"], "time": time(event["time"]),
        "datacontenttype": "application/json",
        "dataschema": "urn:annals:event:%s:%d" % (event["type"], event["schema"]),
        "sequence": "%020d" % event["position"], "streamversion": event["version"],
        "run": event["run"], "data": data,
    }
    if event["stage"]:
        cloud["stage"] = event["stage"]
    if event["cause"] is not None:
        cloud["cause"] = str(event["cause"])
    return cloud


def main(store, export):
    with open(os.path.join(store, "STORE"), "rb") as file:
        source = "urn:annals:store:" + file.read()[16:32].hex()
    read = subprocess.run([sys.executable, READER, store], stdout=subprocess.PIPE, check=True)
    events = [expected(json.loads(line), source) for line in read.stdout.splitlines()]
    with open(export, "rb") as file:
        exported = [json.loads(line) for line in file]
    for event, line in zip(events, exported):
        assert event == line, "event %s differs:\n%s\n%s" % (event["id"], event, line)
    assert len(events) == len(exported), "%d and %d events" % (len(events), len(exported))
    print("%d events agree" % len(events))


if __name__ == "__main__":
    main(*sys.argv[1:])
