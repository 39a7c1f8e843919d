""".venv/bin/python -m unittest discover -s tests"""

import base64
import os
import signal
import struct
import sys
import tempfile
import unittest

FOLDER = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(FOLDER, "..", "sdk", "python"))
from plugin_testing import Host  # noqa: E402


def event(position, document, *vector, **facts):
    packed = base64.b64encode(struct.pack(f"<{len(vector)}e", *vector)).decode()
    return {"position": position, "type": "plugin:similar/embedding", "stream": document, "facts": {
        "model": "m", "dimensions": len(vector), "encoding": "base64 float16le", "vector": packed, **facts}}


class SimilarIndex(unittest.TestCase):
    def setUp(self):
        self.kept = tempfile.TemporaryDirectory()
        self.addCleanup(self.kept.cleanup)

    def host(self):
        host = Host(FOLDER, kept=self.kept.name)
        host.begin()
        return host

    def test_the_nearest_documents_come_first(self):
        with self.host() as host:
            host.fold([event(1, "a", 1, 0), event(2, "b", 0, 1), event(3, "c", 2, 0.1), event(4, "d", -1, 0)])
            rows = host.query("a")
            self.assertEqual(rows["columns"], ["document", "score"])
            self.assertEqual(rows["rows"], [["c", 0.9988], ["b", 0.0], ["d", -1.0]])
            self.assertEqual(host.query("a", "1")["rows"], [["c", 0.9988]])
            self.assertEqual(host.shut_down(), 0)

    def test_the_latest_embedding_wins(self):
        with self.host() as host:
            host.fold([event(1, "a", 1, 0), event(2, "b", 0, 1)])
            host.fold([event(3, "b", 1, 0), event(2, "b", 0, 1)])
            self.assertEqual(host.query("a")["rows"], [["b", 1.0]])

    def test_what_was_answered_is_there_after_a_crash(self):
        with self.host() as host:
            host.fold([event(1, "a", 1, 0), event(2, "b", 1, 0)])
            os.kill(host.process, signal.SIGKILL)
        with self.host() as host:
            host.fold([event(3, "c", 0, 1)])
            self.assertEqual(host.query("a")["rows"], [["b", 1.0], ["c", 0.0]])

    def test_documents_are_found_by_a_part_of_their_name(self):
        with self.host() as host:
            host.fold([event(1, "news/a.txt", 1, 0), event(2, "news/Ж.txt", 1, 0), event(3, "nil\0", 1, 0)])
            self.assertEqual(len(host.query("Ж")["rows"]), 2)
            self.assertIn("several documents", host.query("news")["error"])
            self.assertIn("no document", host.query("zz")["error"])
            self.assertIn("DOCUMENT [N]", host.query()["error"])
            for count in ("0", "-1", "many", "²"):
                self.assertIn("no number", host.query("Ж", count)["error"])

    def test_models_are_not_mixed(self):
        with self.host() as host:
            host.fold([event(1, "a", 1, 0), event(2, "b", 1, 0, model="other"), event(3, "c", 1, 0, 0)])
            self.assertEqual(host.query("a")["rows"], [])

    def test_what_is_no_embedding_is_left_out(self):
        nan = float("nan")
        with self.host() as host:
            host.fold([event(1, "a", 1, 0), event(2, "b", 1, 0, vector="%"), event(3, "c", 1, 0, encoding="x"),
                       event(4, "d", nan, 0), event(5, "e", 1, 0, dimensions=3), event(6, "f", 1, 0, vector=[1])])
            self.assertEqual(host.query("a")["rows"], [])
            self.assertEqual(len(host.said), 5)

    def test_ten_thousand_documents_are_searched_at_once(self):
        with self.host() as host:
            for start in range(0, 10_000, 250):
                host.fold([event(n, f"{n:05}", *((n * k % 101 - 50) / 50 for k in range(1, 385)))
                           for n in range(start, start + 250)])
            self.assertEqual(host.query("00042", "3")["rows"][0][1], 1.0)


if __name__ == "__main__":
    unittest.main()
