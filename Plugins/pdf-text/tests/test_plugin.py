"""python3 -m unittest discover -s tests; needs poppler-utils, and is skipped without"""

import os
import shutil
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER = os.path.dirname(HERE)
sys.path[:0] = [HERE, os.path.join(FOLDER, "..", "sdk", "python")]
from plugin_testing import Ended, Host, source  # noqa: E402
from small_pdf import pdf  # noqa: E402


@unittest.skipUnless(shutil.which("pdftotext"), "needs poppler-utils")
class PDFText(unittest.TestCase):
    def read(self, *contents, **options):
        with Host(FOLDER) as host:
            host.begin(options)
            answers = host.ask([source(content, "a.pdf", "application/pdf") for content in contents], "sources")
            self.assertEqual(host.shut_down(), 0)
            return answers

    def test_text_and_what_the_file_says_of_itself_are_read(self):
        content = pdf(["Näive café (in brackets)"], ["Page two"], Title="Жизнь\n𝄞", Author="A. Author",
                      CreationDate="D:20190314080000Z")
        document = self.read(content)[0]["documents"][0]
        self.assertEqual(document["text"], "Näive café (in brackets)\nPage two")
        self.assertEqual(document["fields"], {"title": "Жизнь", "author": "A. Author", "published": "2019-03-14"})
        self.assertEqual(document["metadata"], {"pages": 2})

    def test_each_page_is_a_document_if_asked_for(self):
        documents = self.read(pdf(["one"], [], ["three"]), pages=True)[0]["documents"]
        self.assertEqual([(item["key"], item["text"]) for item in documents], [("1", "one"), ("3", "three")])

    def test_lines_and_hyphenated_words_are_joined(self):
        content = pdf(["The trans-", "atlantic line", "", "", "ends here - and", "there"])
        self.assertEqual(self.read(content)[0]["documents"][0]["text"],
                         "The transatlantic line\nends here - and there")
        self.assertIn("and\nthere", self.read(content, join=False)[0]["documents"][0]["text"])

    def test_the_layout_is_kept_if_asked_for(self):
        text = self.read(pdf(["a          b"]), layout=True)[0]["documents"][0]["text"]
        self.assertRegex(text, "a {3,}b")

    def test_what_cannot_be_read_says_why(self):
        whole = pdf(["some text"])
        cases = {"empty": b"", "not-pdf": b"<html>", "broken": b"%PDF-1.4\nnothing", "no-text": pdf([]),
                 "encrypted": pdf(["secret"], password="pass")}
        answers = self.read(*cases.values(), whole)
        self.assertEqual([answer["error"]["code"] for answer in answers[:-1]], list(cases))
        self.assertEqual(answers[-1]["documents"][0]["text"], "some text")
        self.assertIn("OCR", answers[3]["error"]["message"])
        self.assertIn("qpdf", answers[4]["error"]["message"])

    def test_a_damaged_file_is_read_as_far_as_it_goes(self):
        content = pdf(["some text"])
        answer = self.read(content.replace(b"startxref\n", b"startxref\n9"))[0]
        self.assertEqual(answer["documents"][0]["text"], "some text")

    def test_huge_files_are_answered(self):
        answers = self.read(b"%PDF-1.4\n" + b"\0" * 50_000_000, pdf(*[["many pages"]] * 3000))
        self.assertEqual(answers[0]["error"]["code"], "broken")
        self.assertEqual(answers[1]["documents"][0]["metadata"], {"pages": 3000})


class WithoutPoppler(unittest.TestCase):
    def test_it_says_what_to_install(self):
        with tempfile.TemporaryDirectory() as programs:
            os.symlink(shutil.which("python3", path="/usr/local/bin:/usr/bin:/bin") or sys.executable,
                       os.path.join(programs, "python3"))
            with Host(FOLDER, environment={"PATH": programs}) as host:
                host.hello()
                self.assertIn("apt-get install poppler-utils", host.validate({})[0]["message"])
                with self.assertRaises(Ended):
                    host.start({})
                self.assertIn("poppler-utils", host.said[0]["message"])


if __name__ == "__main__":
    unittest.main()
