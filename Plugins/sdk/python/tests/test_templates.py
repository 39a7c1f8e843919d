"""The same plugin in Python, Swift and a shell script. What is not installed here is skipped."""

import os
import shutil
import sys
import unittest

SDK = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PLUGINS = os.path.join(SDK, "..", "..")
sys.path.insert(0, SDK)
from plugin_testing import Host, document  # noqa: E402

TEXTS = {
    "": 0, " \n\t ": 0, "one": 1, "one two\nthree": 3, "Жизнь 𝄞 日本語": 3, 'a "quoted\\" \\n word': 4, "\0 \0\0": 2,
    "\r\nx\r\n": 1, "$(touch /tmp/x) `y` ${HOME} %s": 5, "no\u00a0break\u2003wide": 3, "{}[],:\u007f": 1,
}


class Templates(unittest.TestCase):
    def count(self, name):
        folder = os.path.join(PLUGINS, name)
        for encodings in (["json"], ["json", "cbor"]):
            with Host(folder, encodings) as host:
                host.hello()
                self.assertEqual(host.validate({}), [])
                host.start({})
                answers = host.ask([document(text) for text in TEXTS])
                counts = [answer["annotations"][0]["fields"]["count"] for answer in answers]
                self.assertEqual(dict(zip(TEXTS, counts)), TEXTS)
                self.assertEqual(host.ask([document("wörd\0 \n" * 100_000)])[0]["annotations"][0]["fields"]["count"], 100_000)
                self.assertEqual(host.shut_down(), 0)
            with Host(folder, encodings) as host:
                host.begin()
                self.assertEqual(host.hang_up(), 0)

    def test_python(self):
        self.count("word-count")

    @unittest.skipUnless(shutil.which("jq"), "needs jq")
    def test_shell(self):
        self.count("word-count-shell")

    @unittest.skipUnless(os.access(os.path.join(PLUGINS, "word-count-swift/.build/release/word-count-swift"), os.X_OK),
                         "needs word-count-swift/install")
    def test_swift(self):
        self.count("word-count-swift")


if __name__ == "__main__":
    unittest.main()
