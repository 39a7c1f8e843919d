"""Plugins for Annals in Python: one file, nothing to install (Python 3.9 or newer).

    from annals_plugin import Plugin

    plugin = Plugin("word-count", "1.0.0", kind="enrich", determinism="pure")

    @plugin.document
    def count(document, options):
        return {"annotations": [{"id": "words", "fields": {"count": len(document.text.split())}}]}

    plugin.run()

PROTOCOL.md says what an answer may hold, as a dictionary here. What a function raises fails its document, not the plugin;
`raise Failure("no-text", "…")` says why in a code. `PYTHONPATH=../sdk/python python3 main.py --about` tells what a plugin is.
"""

import base64
import json
import math
import os
import struct
import sys
import threading
import traceback


class Failure(Exception):
    """Why a document failed: a code for scripts, a message for people, and whether it may go better the next time."""

    def __init__(self, code, message, retryable=False):
        super().__init__(message)
        self.code, self.retryable = code, retryable


class Document:
    """A document: `id`, `title`, `text`, `fields`, `metadata`; an exporter's has `position` and `annotations` besides."""

    def __init__(self, message):
        self.id = message["id"]
        self.text = message.get("text", "")
        self.fields = message.get("fields", {})
        self.metadata = message.get("metadata", {})
        self.title = message.get("title") or self.fields.get("title", "")
        self.position = message.get("position")
        self.annotations = message.get("annotations", {})

    def span(self, start, end):
        """The span of the characters from `start` up to `end`: spans are offsets in bytes of the UTF-8."""
        first = len(self.text[:start].encode())
        return [first, first + len(self.text[start:end].encode())]


class Source:
    """What a reader reads: `id`, `path`, `media` type and `bytes`."""

    def __init__(self, message):
        self.id = message["id"]
        self.path = message.get("path", self.id)
        self.media = message.get("media", "")
        content = message.get("bytes", b"")
        self.bytes = base64.b64decode(content) if isinstance(content, str) else content


class Event:
    """What a projection folds: `position`, `type`, `stream` (the document's id) and `facts`."""

    def __init__(self, message):
        self.position, self.type = message["position"], message["type"]
        self.stream, self.facts = message["stream"], message.get("facts", {})


class Plugin:
    """A plugin's name, version and functions, and its conversation with the host.

    Name, version, kind, determinism and events are those of plugin.yaml: the host compares them.
    """

    def __init__(self, name, version, kind="enrich", determinism="recorded", events=(), options=None):
        self._hello = {"type": "hello", "protocol": 1, "name": name, "version": version, "kind": kind,
                       "determinism": determinism, "events": list(events)}
        if options is not None:
            self._hello["options"] = options
        self._functions = {}
        self._writing = threading.Lock()
        self._encode = _json_line
        self.options = {}
        self.folder = os.environ.get("ANNALS_FOLDER")
        """Where exporters and projections keep what is theirs from run to run."""

    def _takes(name, text):  # pylint: disable=no-self-argument
        def take(self, function):
            self._functions[name] = function
            return function
        take.__doc__ = text
        return take

    document = _takes("document", "Has `function(document, options)` answer to each document.")
    source = _takes("document", "Readers: has `function(source, options)` answer with the source's `documents`.")
    fold = _takes("fold", "Projections: has `function(events, options)` fold a list of events and make that durable.")
    query = _takes("query", "Projections: has `function(arguments, options)` answer with `columns` and `rows`.")
    flush = _takes("flush", "Exporters: has `function()` make durable what was answered.")
    withdraw = _takes("withdraw", "Exporters: has `function(positions)` take records back.")
    validate = _takes("validate", "Has `function(options)` return a list of diagnostics.")
    start = _takes("start", "Has `function(options)` called before the first document.")
    stop = _takes("stop", "Has `function()` called at the end.")

    def log(self, message, level="info"):
        """Writes a line to the log of the run: `debug`, `info`, `warning` or `error`."""
        self._say({"type": "log", "level": level, "message": str(message)})

    def progress(self, message):
        """Says how far the work has come."""
        self._say({"type": "progress", "message": str(message)})

    def run(self):
        """Answers until the host has no more to ask."""
        if "ANNALS_IN" not in os.environ:
            if sys.argv[1:] == ["--about"]:
                about = {key: value for key, value in self._hello.items() if key != "type"}
                return print(json.dumps(about, ensure_ascii=False))
            sys.exit(f"{self._hello['name']} is a plugin: annals starts it. Try it with annals plugin test,"
                     " or see what it is with --about.")
        ends = [int(os.environ[name]) for name in ("ANNALS_IN", "ANNALS_OUT")]
        for end in ends:
            os.set_inheritable(end, False)
        self._out = open(ends[1], "wb")
        try:
            with open(ends[0], "rb") as messages:
                self._converse(messages)
            self._call("stop")
        except BrokenPipeError:
            os._exit(1)  # Nobody listens any more.

    def _converse(self, messages):
        line = messages.readline()
        while line:
            message = json.loads(line) if self._encode is _json_line else cbor_decode(line)
            if message["type"] == "shutdown":
                return
            self._answer(message)
            if self._encode is _json_line:
                line = messages.readline()
            else:
                head = messages.read(4)
                line = messages.read(int.from_bytes(head, "big")) if len(head) == 4 else b""

    def _call(self, name, *arguments):
        function = self._functions.get(name)
        return function(*arguments) if function else None

    def _answer(self, message):
        kind = message["type"]
        if kind == "hello":
            encoding = "cbor" if "cbor" in message.get("encodings", ()) else "json"
            self._say({**self._hello, "encoding": encoding})
            self._encode = {"cbor": _cbor_item, "json": _json_line}[encoding]
        elif kind == "validate":
            self._say({"type": "validated", "diagnostics": self._diagnose(message["options"])})
        elif kind == "start":
            self.options = message["options"]
            self._call("start", self.options)
            self._say({"type": "started"})
        elif kind == "batch":
            self._take(message)
        elif kind == "flush":
            self._call("flush")
            self._say({"type": "flushed"})
        elif kind == "withdraw":
            self._call("withdraw", message["positions"])
            self._say({"type": "withdrawn"})
        elif kind == "query":
            self._reply({"type": "rows"}, lambda: self._call("query", message["arguments"], self.options), _words)

    def _diagnose(self, options):
        try:
            return self._call("validate", options) or []
        except Exception as error:
            traceback.print_exc()
            return [{"severity": "error", "path": "", "code": "exception", "message": _words(error)}]

    def _take(self, message):
        batch = {"type": "answer", "batch": message["batch"]}
        if "events" in message:
            # What it cannot fold it must not say to have folded: that ends the process.
            events = [Event(event) for event in message["events"]]
            self._call("fold", events, self.options)
            return self._say({**batch, "index": len(events) - 1})
        known = "sources" if "sources" in message else "documents"
        shape = Source if known == "sources" else Document
        for index, item in enumerate(message[known]):
            answer = {**batch, "index": index}
            self._reply(answer, lambda item=item: self._call("document", shape(item), self.options), _failure)

    def _reply(self, answer, function, explain):
        """Says what a function answers; what it raises, or what cannot be written, in its place."""
        try:
            said = self._encode({**(function() or {}), **answer})
        except Exception as error:
            if not isinstance(error, Failure):
                traceback.print_exc()
            said = self._encode({**answer, "error": explain(error)})
        self._write(said)

    def _say(self, message):
        self._write(self._encode(message))

    def _write(self, message):
        with self._writing:
            self._out.write(message)
            self._out.flush()


def _words(error):
    text = str(error) if isinstance(error, Failure) else f"{type(error).__name__}: {error}"
    return text.encode("utf-8", "replace").decode()


def _failure(error):
    code, retryable = (error.code, error.retryable) if isinstance(error, Failure) else ("exception", False)
    return {"code": code, "message": _words(error), "retryable": retryable}


def _plain(value):
    """What JSON has no type for: bytes, and the numbers of numpy and the like."""
    if isinstance(value, (bytes, bytearray, memoryview)):
        return base64.b64encode(value).decode()
    if hasattr(value, "item"):
        return value.item()
    raise TypeError(f"an answer cannot hold a {type(value).__name__}")


def _json_line(message):
    return json.dumps(message, ensure_ascii=False, allow_nan=False, default=_plain).encode() + b"\n"


def _cbor_item(message):
    item = cbor_encode(message)
    return len(item).to_bytes(4, "big") + item


def cbor_encode(value):
    """A value as a CBOR item (RFC 8949), of definite lengths."""
    parts = []
    _append(value, parts)
    return b"".join(parts)


def _head(major, count):
    if count < 24:
        return bytes((major << 5 | count,))
    for info, width in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if count < 1 << 8 * width:
            return bytes((major << 5 | info,)) + count.to_bytes(width, "big")
    raise ValueError("a whole number of more than 64 bits")


def _append(value, parts):
    if value is None or value is True or value is False:
        parts.append({None: b"\xf6", True: b"\xf5", False: b"\xf4"}[value])
    elif isinstance(value, str):
        text = value.encode()
        parts += (_head(3, len(text)), text)
    elif isinstance(value, int):
        parts.append(_head(0, value) if value >= 0 else _head(1, -1 - value))
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError("a number that is not finite")
        parts.append(struct.pack(">Bd", 0xFB, value))
    elif isinstance(value, (bytes, bytearray, memoryview)):
        parts += (_head(2, len(value)), bytes(value))
    elif isinstance(value, (list, tuple)):
        parts.append(_head(4, len(value)))
        for item in value:
            _append(item, parts)
    elif isinstance(value, dict):
        parts.append(_head(5, len(value)))
        for key, item in value.items():
            _append(str(key), parts)
            _append(item, parts)
    else:
        _append(_plain(value), parts)


def cbor_decode(item):
    """The value of a CBOR item."""
    value, end = _read(memoryview(item), 0)
    if end != len(item):
        raise ValueError("bytes after a CBOR item")
    return value


def _read(item, start):
    major, info = item[start] >> 5, item[start] & 31
    start += 1
    if info > 27:
        raise ValueError("CBOR of a length that is not definite")
    width = 0 if info < 24 else 1 << info - 24
    if major == 7:
        if info < 24:
            return {20: False, 21: True}.get(info), start
        return struct.unpack_from({25: ">e", 26: ">f", 27: ">d"}[info], item, start)[0], start + width
    count = int.from_bytes(item[start:start + width], "big") if width else info
    start += width
    if major < 2:
        return (count if major == 0 else -1 - count), start
    if major < 4:
        if count > len(item) - start:
            raise ValueError("CBOR that ends too early")
        part = item[start:start + count]
        return (bytes(part) if major == 2 else str(part, "utf-8")), start + count
    if major == 6:
        return _read(item, start)
    found = []
    for _ in range(count if major == 4 else 2 * count):
        value, start = _read(item, start)
        found.append(value)
    return (found if major == 4 else dict(zip(found[::2], found[1::2]))), start
