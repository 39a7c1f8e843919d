"""python3 -m unittest discover -s Plugins/sdk/python/tests"""

import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile
import textwrap
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
SDK = os.path.dirname(HERE)
sys.path.insert(0, SDK)
from annals_plugin import cbor_decode, cbor_encode  # noqa: E402
from plugin_testing import Ended, Host, document, source  # noqa: E402

WORD_COUNT = os.path.join(SDK, "..", "..", "word-count")
ENCODINGS = (["json"], ["json", "cbor"])


class Folder:
    """A plugin of a few lines, in a folder of its own."""

    def __init__(self, code, kind="enrich", determinism="pure"):
        self.path = tempfile.mkdtemp()
        atexit.register(shutil.rmtree, self.path)
        with open(os.path.join(self.path, "plugin.yaml"), "w", encoding="utf-8") as file:
            file.write(f"plugin: x\nversion: 1.0.0\nprotocol: 1\nkind: {kind}\n"
                       f"command: [python3, main.py]\ndeterminism: {determinism}\n")
        with open(os.path.join(self.path, "main.py"), "w", encoding="utf-8") as file:
            file.write("from annals_plugin import Plugin, Failure\n"
                       f"plugin = Plugin('x', '1.0.0', kind='{kind}', determinism='{determinism}')\n"
                       + textwrap.dedent(code) + "\nplugin.run()\n")


class CBOR(unittest.TestCase):
    # RFC 8949, appendix A.
    VECTORS = [
        (0, "00"), (23, "17"), (24, "1818"), (1000, "1903e8"), (1000000, "1a000f4240"),
        (1000000000000, "1b000000e8d4a51000"), (18446744073709551615, "1bffffffffffffffff"), (-1, "20"),
        (-1000, "3903e7"), (1.1, "fb3ff199999999999a"), (False, "f4"), (True, "f5"), (None, "f6"),
        (b"\1\2\3\4", "4401020304"), ("", "60"), ("ü", "62c3bc"), ("\U00010151", "64f0908591"), ([], "80"),
        ([1, [2, 3], [4, 5]], "8301820203820405"), ({"a": 1, "b": [2, 3]}, "a26161016162820203"),
    ]

    def test_values_are_written_and_read_as_the_rfc_has_them(self):
        for value, expected in self.VECTORS:
            self.assertEqual(cbor_encode(value).hex(), expected)
            self.assertEqual(cbor_decode(bytes.fromhex(expected)), value)

    def test_shorter_numbers_and_tags_are_read(self):
        for item, value in (("f93c00", 1.0), ("fa47c35000", 100000.0), ("c11a514b67b0", 1363896240)):
            self.assertEqual(cbor_decode(bytes.fromhex(item)), value)

    def test_what_is_no_cbor_is_refused(self):
        for item in ("", "5f", "6261", "8201", "0000", "fe"):
            with self.assertRaises((ValueError, IndexError)):
                cbor_decode(bytes.fromhex(item))


class Documents(unittest.TestCase):
    def test_the_shortest_plugin_counts_words_in_either_encoding(self):
        for encodings in ENCODINGS:
            with Host(WORD_COUNT, encodings) as host:
                host.begin()
                answers = host.ask([document("one two"), document(""), document("Ж\u2028\0 𝄞\n\r\"\\")])
                counts = [answer["annotations"][0]["fields"]["count"] for answer in answers]
                self.assertEqual(counts, [2, 0, 4])
                self.assertEqual(host.shut_down(), 0)

    def test_a_document_that_fails_does_not_fail_the_others(self):
        code = """
            import math
            @plugin.document
            def work(document, options):
                if document.text == "code": raise Failure("too-hard", "this is too hard", retryable=True)
                return {"raise": lambda: 1 / 0, "nan": lambda: {"fields": {"x": math.nan}},
                        "object": lambda: {"fields": object()}, "surrogate": lambda: {"text": chr(0xD800)},
                        "fine": lambda: {"text": "fine"}, "nothing": lambda: None}[document.text]()
        """
        folder = Folder(code, "clean")
        for encodings in ENCODINGS:
            with Host(folder.path, encodings) as host:
                host.begin()
                texts = ["raise", "nan", "object", "surrogate", "code", "nothing", "fine"]
                answers = host.ask([document(text) for text in texts])
                codes = [answer.get("error", {}).get("code") for answer in answers]
                self.assertEqual(codes, ["exception"] * 4 + ["too-hard", None, None])
                self.assertTrue(answers[4]["error"]["retryable"])
                self.assertEqual(answers[4]["error"]["message"], "this is too hard")
                self.assertEqual(answers[6]["text"], "fine")

    def test_what_is_printed_is_not_taken_for_a_message(self):
        folder = Folder("""
            import os
            @plugin.document
            def work(document, options):
                print("a line"); os.system("echo from a child; (echo oops >&4) 2>/dev/null")
                plugin.log("so far"); plugin.progress("half")
        """)
        with Host(folder.path) as host:
            host.begin()
            host.ask([document("x")])
            self.assertEqual([said["message"] for said in host.said], ["so far", "half"])
            self.assertEqual(host.shut_down(), 0)
            self.assertIn("from a child", host.prints())

    def test_spans_are_bytes(self):
        folder = Folder("""
            @plugin.document
            def work(document, options):
                return {"annotations": [{"id": "b", "spans": [document.span(2, 3)]}]}
        """)
        with Host(folder.path) as host:
            host.begin()
            self.assertEqual(host.ask([document("Жa𝄞")])[0]["annotations"][0]["spans"], [[3, 7]])

    def test_a_huge_document_comes_and_goes(self):
        folder = Folder("""
            @plugin.document
            def work(document, options):
                return {"text": document.text}
        """, "clean")
        text = "wörd \0\n" * 7_000_000
        for encodings in ENCODINGS:
            with Host(folder.path, encodings) as host:
                host.begin()
                self.assertEqual(host.ask([document(text)])[0]["text"], text)

    def test_a_batch_that_is_asked_before_the_last_is_answered_waits(self):
        with Host(WORD_COUNT, ["json"]) as host:
            host.begin()
            for batch in (1, 2):
                host.send({"type": "batch", "batch": batch, "documents": [document("a")], "unknown": 1})
            self.assertEqual([host.receive("answer")["batch"] for _ in range(2)], [1, 2])

    def test_it_ends_when_the_host_hangs_up_or_vanishes(self):
        for encodings in ENCODINGS:
            with Host(WORD_COUNT, encodings) as host:
                host.begin()
                self.assertEqual(host.hang_up(), 0)


class Options(unittest.TestCase):
    CODE = """
        @plugin.validate
        def validate(options):
            if "broken" in options: raise ValueError("broken")
            return [{"severity": "error", "path": "/a", "code": "no-a", "message": "no"}] if "a" in options else None
        @plugin.start
        def start(options):
            if "fail" in options: raise RuntimeError("no model")
        @plugin.document
        def work(document, options):
            return {"annotations": [{"id": options["id"]}]}
    """

    def test_options_are_validated_and_given(self):
        folder = Folder(self.CODE)
        with Host(folder.path) as host:
            host.hello()
            self.assertEqual(host.validate({}), [])
            self.assertEqual(host.validate({"a": 1})[0]["code"], "no-a")
            self.assertEqual(host.validate({"broken": 1})[0]["message"], "ValueError: broken")
            host.start({"id": "i"})
            self.assertEqual(host.ask([document("")])[0]["annotations"], [{"id": "i"}])

    def test_a_start_that_fails_ends_it(self):
        folder = Folder(self.CODE)
        with Host(folder.path) as host, self.assertRaisesRegex(Ended, "no model"):
            host.begin({"fail": True})


class OtherKinds(unittest.TestCase):
    def test_a_reader_is_given_bytes(self):
        folder = Folder("""
            @plugin.source
            def read(source, options):
                return {"documents": [{"text": source.bytes.hex(), "title": source.path, "key": "1"}]}
        """, "reader")
        for encodings in ENCODINGS:
            with Host(folder.path, encodings) as host:
                host.begin()
                answer = host.ask([source(b"\x00\xff\n")], "sources")[0]
                self.assertEqual(answer["documents"], [{"text": "00ff0a", "title": "a.bin", "key": "1"}])

    def test_an_exporter_is_told_positions_and_flushes(self):
        folder = Folder("""
            kept = []
            @plugin.document
            def take(document, options): kept.append((document.position, document.annotations))
            @plugin.flush
            def flush(): plugin.log(repr(kept) + plugin.folder)
            @plugin.withdraw
            def withdraw(positions): plugin.log(positions)
        """, "exporter")
        with Host(folder.path, kept="/somewhere") as host:
            host.begin()
            self.assertEqual(set(host.ask([document("", position=7, annotations={"a": [{"id": "b"}]})])[0]),
                             {"type", "batch", "index"})
            host.send({"type": "flush"})
            host.receive("flushed")
            host.send({"type": "withdraw", "positions": [7]})
            host.receive("withdrawn")
            self.assertEqual([said["message"] for said in host.said],
                             ["[(7, {'a': [{'id': 'b'}]})]/somewhere", "[7]"])

    def test_a_projection_folds_and_answers(self):
        folder = Folder("""
            seen = {}
            @plugin.fold
            def fold(events, options):
                for event in events: seen[event.stream] = event.facts["n"] / 1
            @plugin.query
            def query(arguments, options):
                if arguments[0] not in seen: raise Failure("unknown", f"there is no document {arguments[0]}")
                return {"columns": ["n"], "rows": [[seen[arguments[0]]]]}
        """, "projection")
        with Host(folder.path) as host:
            host.begin()
            event = {"position": 1, "type": "t", "stream": "a", "facts": {"n": 2}}
            host.fold([event, {**event, "position": 2, "facts": {"n": 3}}])
            self.assertEqual(host.query("a")["rows"], [[3.0]])
            self.assertEqual(host.query("b")["error"], "there is no document b")
            with self.assertRaisesRegex(Ended, "TypeError"):
                host.fold([{**event, "facts": {"n": "no number"}}])


class Alone(unittest.TestCase):
    def run_alone(self, *arguments):
        return subprocess.run([sys.executable, "main.py", *arguments], cwd=WORD_COUNT, text=True, check=False,
                              capture_output=True, env={"PATH": "/usr/bin:/bin", "PYTHONPATH": SDK})

    def test_it_says_what_it_is(self):
        done = self.run_alone("--about")
        self.assertEqual(done.returncode, 0)
        self.assertEqual(json.loads(done.stdout)["name"], "word-count")

    def test_it_says_that_annals_starts_it(self):
        done = self.run_alone()
        self.assertEqual(done.returncode, 1)
        self.assertIn("annals starts it", done.stderr)


if __name__ == "__main__":
    unittest.main()
