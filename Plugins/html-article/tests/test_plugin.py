""".venv/bin/python -m unittest discover -s tests"""

import os
import sys
import unittest

FOLDER = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(FOLDER, "..", "sdk", "python"))
from plugin_testing import Host, document  # noqa: E402


def sample(name):
    with open(os.path.join(FOLDER, "samples", name), encoding="utf-8") as file:
        return file.read()


class HTMLArticle(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.host = Host(FOLDER)
        cls.host.begin()

    @classmethod
    def tearDownClass(cls):
        status = cls.host.shut_down()
        cls.host.__exit__()
        assert status == 0, status

    def ask(self, *texts):
        return self.host.ask([document(text) for text in texts])

    def test_the_article_stays_and_the_page_goes(self):
        answer = self.ask(sample("lighthouse.html"))[0]
        self.assertTrue(answer["text"].endswith("kept lists of their own."))
        for residue in ("cookies", "Most read", "Imprint", "Weather", "<p>"):
            self.assertNotIn(residue, answer["text"])
        self.assertEqual(answer["fields"], {
            "title": "Lighthouse keeper counts ships for forty years", "author": "Ada Marsh", "published": "2019-03-14"})

    def test_a_page_without_an_article_is_dropped(self):
        for text in (sample("menu.html"), "", " \n", "\0", "<", "no markup at all"):
            answer = self.ask(text)[0]
            self.assertNotIn("error", answer, text)
            self.assertTrue("drop" in answer or answer["text"], text)
        self.assertEqual(self.ask("")[0]["drop"]["rule"], "html-article.no-article")

    def test_any_characters_survive(self):
        words = "Жизнь 𝄞 naïve 日本語 \u202e\u0301 &amp; &#x1F600; \0 words of the article that go on. " * 12
        answer = self.ask(f"<html><body><article><p>{words}</p><p>{words}!</p></article></body></html>")[0]
        for part in ("Жизнь", "𝄞", "naïve", "日本語", "& 😀"):
            self.assertIn(part, answer["text"])

    def test_broken_markup_is_read_as_far_as_it_goes(self):
        page = sample("lighthouse.html")
        answers = self.ask(page[:1800], page.replace("</p>", ""), "<div>" * 3000 + "deep", "<?xml encoding='x'?>" + page)
        self.assertEqual([answer.get("error") for answer in answers], [None] * 4)

    def test_a_page_that_is_too_long_fails_alone(self):
        answers = self.ask("<p>" + "word " * 10_000_000, sample("lighthouse.html"))
        self.assertEqual(answers[0]["error"]["code"], "too-long")
        self.assertIn("text", answers[1])


class Options(unittest.TestCase):
    def test_elements_are_taken_out_by_xpath(self):
        with Host(FOLDER) as host:
            host.begin({"remove": ["//article/p[2]"]})
            self.assertNotIn("nights were long", host.ask([document(sample("lighthouse.html"))])[0]["text"])

    def test_what_is_no_xpath_is_named(self):
        with Host(FOLDER) as host:
            host.hello()
            found = host.validate({"remove": ["//p", "//["]})
            self.assertEqual([(item["path"], item["code"]) for item in found], [("/remove/1", "no-xpath")])


if __name__ == "__main__":
    unittest.main()
