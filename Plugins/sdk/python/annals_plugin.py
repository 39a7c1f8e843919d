"""Plugins for Annals in Python: one file, nothing to install.

    from annals_plugin import Plugin

    plugin = Plugin("word-count", "1.0.0", kind="enrich", determinism="pure")

    @plugin.document
    def count(document, options):
        return {"annotations": [{"id": "words", "fields": {"count": len(document.text.split())}}]}

    plugin.run()

The protocol is in PROTOCOL.md. `document` is called for each document and returns an answer, or nothing; what it raises
fails the document, not the plugin. Offsets of spans are bytes: `document.span(start, end)` makes them of characters.
"""

import json
import os
import traceback


class Document:
    """A document: its `id`, `text`, `fields` and `metadata`."""

    def __init__(self, message):
        self.id = message["id"]
        self.text = message["text"]
        self.fields = message.get("fields", {})
        self.metadata = message.get("metadata", {})

    def span(self, start, end):
        """The bytes of the characters from `start` up to `end`."""
        first = len(self.text[:start].encode())
        return [first, first + len(self.text[start:end].encode())]


class Plugin:
    """A plugin's name, version and functions, and its conversation with the host."""

    def __init__(self, name, version, kind="enrich", determinism="recorded", events=(), options=None):
        self._hello = {
            "type": "hello", "protocol": 1, "encoding": "json", "name": name, "version": version, "kind": kind,
            "determinism": determinism, "events": list(events), "options": options or {"type": "object"},
        }
        self._document = self._validate = self._start = None
        self._options = {}

    def document(self, function):
        """Has `function(document, options)` answer to each document."""
        self._document = function
        return function

    def validate(self, function):
        """Has `function(options)` return a list of diagnostics."""
        self._validate = function
        return function

    def start(self, function):
        """Has `function(options)` called before the first document."""
        self._start = function
        return function

    def log(self, message, level="info"):
        """Writes a line to the log of the run."""
        self._say({"type": "log", "level": level, "message": str(message)})

    def run(self):
        """Answers until the host has no more to ask."""
        self._out = os.fdopen(int(os.environ["ANNALS_OUT"]), "wb")
        with os.fdopen(int(os.environ["ANNALS_IN"]), "rb") as messages:
            for line in messages:
                message = json.loads(line)
                if message["type"] == "shutdown":
                    break
                self._answer(message)

    def _answer(self, message):
        kind = message["type"]
        if kind == "hello":
            self._say(self._hello)
        elif kind == "validate":
            found = self._validate(message["options"]) if self._validate else []
            self._say({"type": "validated", "diagnostics": found})
        elif kind == "start":
            self._options = message["options"]
            if self._start:
                self._start(self._options)
            self._say({"type": "started"})
        elif kind == "batch":
            for index, document in enumerate(message["documents"]):
                answer = {"type": "answer", "batch": message["batch"], "index": index}
                self._say({**self._one(document), **answer})

    def _one(self, document):
        try:
            return self._document(Document(document), self._options) or {}
        except Exception as error:
            traceback.print_exc()
            text = f"{type(error).__name__}: {error}"
            return {"error": {"code": "exception", "message": text, "retryable": False}}

    def _say(self, message):
        self._out.write(json.dumps(message, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n")
        self._out.flush()
