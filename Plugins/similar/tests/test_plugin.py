""".venv/bin/python -m unittest discover -s tests"""

import base64
import os
import struct
import sys
import time
import unittest

FOLDER = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(FOLDER, "..", "sdk", "python"))
from plugin_testing import Host, document  # noqa: E402


def vector_of(answer):
    facts = answer["events"][0]["facts"]
    assert facts["model"] == "all-MiniLM-L6-v2" and facts["encoding"] == "base64 float16le"
    return struct.unpack(f"<{facts['dimensions']}e", base64.b64decode(facts["vector"]))


def cosine(one, other):
    return sum(a * b for a, b in zip(vector_of(one), vector_of(other)))


class Similar(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.host = Host(FOLDER)
        cls.host.begin()

    @classmethod
    def tearDownClass(cls):
        status = cls.host.shut_down()
        cls.host.__exit__()
        assert status == 0, status

    def ask(self, *texts, **more):
        return self.host.ask([document(text, **more) for text in texts])

    def test_likeness_of_meaning_is_likeness_of_vectors(self):
        king, ruler, soup = self.ask(
            "The king met his ministers.", "A monarch talked with members of the cabinet.", "Cut the onions, then boil the soup.")
        self.assertGreater(cosine(king, ruler), cosine(king, soup) + 0.3)

    def test_known_numbers_come_out(self):
        # As sentence-transformers has them (tests/compare.py).
        vector = vector_of(self.ask("A man is playing the guitar.")[0])
        self.assertAlmostEqual(sum(number * number for number in vector), 1, places=2)
        for found, expected in zip(vector, EXPECTED):
            self.assertAlmostEqual(found, expected, places=3)

    def test_the_title_counts(self):
        title, none = self.ask("the text", fields={"title": "Elections"})[0], self.ask("the text")[0]
        self.assertLess(cosine(title, none), 0.99)

    def test_a_document_of_nothing_has_no_embedding(self):
        self.assertEqual(["events" in answer for answer in self.ask("", " \n", "\0", "\u200b")], [False] * 4)

    def test_odd_characters_survive(self):
        self.assertEqual([len(vector_of(answer)) for answer in self.ask("日本語 Жизнь 𝄞\0", "x" * 100_000)], [384] * 2)

    def test_of_a_huge_document_the_beginning_counts(self):
        start = time.monotonic()
        answer = self.ask("The ministers met on Thursday. " * 1_700_000 + "𝄞")[0]
        self.assertEqual(answer["events"][0]["facts"]["tokens"], 8 * 254)
        self.assertLess(time.monotonic() - start, 60)
        needs = int(self.host.setting("needs").split("memory: ")[1].split()[0])
        self.assertLess(self.host.memory_mebibytes(), needs)


EXPECTED = [0.0235, 0.0007, -0.0062, -0.0564, -0.1552, 0.0003, 0.0785, -0.0277]

if __name__ == "__main__":
    unittest.main()
