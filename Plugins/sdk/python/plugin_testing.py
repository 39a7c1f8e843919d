"""Talks to a plugin as annals does, for its tests: through descriptors 3 and 4, without the sandbox.

    with Host(folder) as host:
        host.begin({"minimum": 0.7})
        answers = host.ask([document("Some text")])
"""

import base64
import fcntl
import json
import os
import re
import select
import shutil
import signal
import tempfile
import threading
import time

from annals_plugin import cbor_decode, cbor_encode

SDK = os.path.dirname(os.path.abspath(__file__))


def document(text, name="a.txt", fields=None, **more):
    """A document as annals sends it."""
    return {"id": name, "text": text, "fields": fields or {}, "metadata": {}, **more}


def source(content, name="a.bin", media="application/octet-stream"):
    """A source as annals sends it to a reader."""
    return {"id": name, "path": name, "media": media, "bytes": content}


class Ended(Exception):
    """The plugin ended, or took too long, where an answer was due."""


class Host:
    """A plugin's process, and the host's side of the conversation."""

    def __init__(self, folder, encodings=("json", "cbor"), kept=None, seconds=120, environment=None):
        """`kept` is an exporter's or projection's own folder; `environment` adds to what the protocol gives."""
        self.folder, self.encodings, self.seconds = os.path.abspath(folder), list(encodings), seconds
        self.scratch = tempfile.mkdtemp()
        with open(os.path.join(self.folder, "plugin.yaml"), encoding="utf-8") as file:
            self.manifest = file.read()
        self.said = []
        self._prints = tempfile.TemporaryFile()
        self._encoding, self._received, self._batch, self._status = "json", bytearray(), 0, None
        their_in, self._out = os.pipe()
        self._in, their_out = os.pipe()
        variables = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "TMPDIR": self.scratch,
                     "HOME": self.scratch, "ANNALS_PLUGIN": "1", "ANNALS_IN": "3", "ANNALS_OUT": "4",
                     "PYTHONPATH": SDK, "PYTHONDONTWRITEBYTECODE": "1", **(environment or {})}
        if kept:
            variables["ANNALS_FOLDER"] = kept
        self.process = os.fork()
        if self.process == 0:
            self._become((their_in, their_out), variables)
        os.close(their_in)
        os.close(their_out)

    def _become(self, ends, variables):
        try:
            nothing, prints = os.open(os.devnull, os.O_RDONLY), self._prints.fileno()
            moved = [fcntl.fcntl(end, fcntl.F_DUPFD, 32) for end in (nothing, prints, prints, *ends)]
            for number, end in enumerate(moved):
                os.dup2(end, number)
            os.closerange(5, 256)
            os.chdir(self.folder)
            command = self.setting("command").strip("[]").split(", ")
            places = [os.path.join(self.folder, command[0])]
            places += [os.path.join(place, command[0]) for place in variables["PATH"].split(":")]
            os.execve(next(place for place in places if os.access(place, os.X_OK)), command, variables)
        finally:
            os._exit(127)

    def setting(self, key):
        """The text of a line at the top of plugin.yaml."""
        return re.search(rf"^{key}:\s*(.+?)\s*(#.*)?$", self.manifest, re.MULTILINE)[1]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()
        self._prints.close()
        for end in (self._in, self._out):
            if end is not None:
                os.close(end)
        shutil.rmtree(self.scratch, ignore_errors=True)

    # Messages

    def send(self, message):
        """Writes a message, while others are read."""
        if self._encoding == "cbor":
            item = cbor_encode(message)
            content = len(item).to_bytes(4, "big") + item
        else:
            content = json.dumps(message, ensure_ascii=False, default=_base64).encode() + b"\n"
        self.send_raw(content)

    def send_raw(self, content):
        """Writes bytes, which need not be a message."""
        if len(content) <= 4096:
            return _write(self._out, content)
        self._writer = threading.Thread(target=_write, args=(self._out, content), daemon=True)
        self._writer.start()
        return None

    def receive(self, kind):
        """The next message, which must be of a type; what the plugin logs is in `said`."""
        while True:
            message = self._message()
            if message["type"] in ("log", "progress"):
                self.said.append(message)
                continue
            if message["type"] != kind:
                raise Ended(f"it wrote {message}, not {kind}")
            return message

    def _message(self):
        if self._encoding == "cbor":
            return cbor_decode(self._take(int.from_bytes(self._take(4), "big")))
        searched = 0
        while (end := self._received.find(b"\n", searched)) < 0:
            searched = len(self._received)
            self._more()
        return json.loads(self._take(end + 1))

    def _take(self, count):
        while len(self._received) < count:
            self._more()
        taken = bytes(self._received[:count])
        del self._received[:count]
        return taken

    def _more(self):
        if not select.select([self._in], [], [], self.seconds)[0]:
            raise Ended(f"nothing came for {self.seconds} seconds; it printed: {self.prints()}")
        content = os.read(self._in, 1 << 20)
        if not content:
            raise Ended(f"it ended with {self.wait()}; it printed: {self.prints()}")
        self._received += content

    # The conversation

    def hello(self):
        """Shakes hands, and compares what both say of the plugin."""
        name, version = self.setting("plugin"), self.setting("version")
        self.send({"type": "hello", "protocols": [1], "encodings": self.encodings, "name": name, "version": version})
        hello = self.receive("hello")
        stated = {"protocol": 1, "name": name, "version": version, "kind": self.setting("kind")}
        for key, value in {**stated, "determinism": self.setting("determinism")}.items():
            assert hello[key] == value, f"hello says {key} {hello[key]}, plugin.yaml {value}"
        self._encoding = hello.get("encoding", "json")
        assert self._encoding in self.encodings, f"it chose {self._encoding}, which was not offered"
        return hello

    def validate(self, options):
        """What is wrong with options."""
        self.send({"type": "validate", "options": options})
        return self.receive("validated")["diagnostics"]

    def start(self, options=None):
        """Gets it ready for documents."""
        self.send({"type": "start", "options": options or {}})
        self.receive("started")

    def begin(self, options=None):
        """Shakes hands and gets it ready."""
        self.hello()
        self.start(options)

    def ask(self, items, member="documents"):
        """An answer to each document or source."""
        self._batch += 1
        self.send({"type": "batch", "batch": self._batch, member: items})
        answers = []
        for index in range(len(items)):
            answer = self.receive("answer")
            assert (answer["batch"], answer["index"]) == (self._batch, index), f"answer out of order: {answer}"
            answers.append(answer)
        return answers

    def fold(self, events):
        """Has a projection fold events."""
        self._batch += 1
        self.send({"type": "batch", "batch": self._batch, "events": events})
        answer = self.receive("answer")
        assert (answer["batch"], answer["index"]) == (self._batch, len(events) - 1), f"not the last event: {answer}"
        return answer

    def query(self, *arguments):
        """What a projection says to a question."""
        self.send({"type": "query", "arguments": list(arguments)})
        return self.receive("rows")

    def shut_down(self):
        """Asks it to end; answers its status, None if it did not end in 5 seconds."""
        self.send({"type": "shutdown"})
        return self.wait(5)

    def hang_up(self):
        """Ends descriptor 3; answers its status as `shut_down` does."""
        os.close(self._out)
        self._out = None
        return self.wait(5)

    def wait(self, seconds=5):
        """How it ended: a status, minus a signal, or None if it still runs."""
        until = time.monotonic() + seconds
        while self._status is None and time.monotonic() < until:
            found, status = os.waitpid(self.process, os.WNOHANG)
            if found:
                self._status = os.waitstatus_to_exitcode(status)
            else:
                time.sleep(0.005)
        return self._status

    def kill(self):
        """Ends it, if it still runs."""
        if self._status is None and self.wait(0.001) is None:
            os.kill(self.process, signal.SIGKILL)
            self.wait()

    def prints(self):
        """What it printed."""
        self._prints.seek(0)
        return self._prints.read().decode("utf-8", "replace")

    def memory_mebibytes(self):
        """The most memory that it had so far."""
        with open(f"/proc/{self.process}/status", encoding="ascii") as status:
            return int(re.search(r"VmHWM:\s+(\d+)", status.read())[1]) // 1024


def _base64(value):
    return base64.b64encode(value).decode()


def _write(end, content):
    view = memoryview(content)
    try:
        while view:
            view = view[os.write(end, view):]
    except OSError:
        pass  # It is gone, which whoever waits for its answer learns.
