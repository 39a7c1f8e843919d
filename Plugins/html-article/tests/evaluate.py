"""How well articles are found: word-F1 against known texts.

    .venv/bin/python tests/evaluate.py PAGES.tar.xz TRUTH.jsonl.gz

The archive holds pages ID.html; the truth has a line {"id": ID, "text": …, "title": …, "date": …} for each. Words are runs of
\\w, in lower case, counted as a multiset; a page's F1 is the harmonic mean of its precision and recall.
"""

import collections
import gzip
import json
import os
import re
import statistics
import sys
import tarfile
import time

FOLDER = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [FOLDER, os.path.join(FOLDER, "..", "sdk", "python")]
import trafilatura  # noqa: E402
from main import article_of  # noqa: E402

WORD = re.compile(r"\w+")


def words(text):
    return collections.Counter(WORD.findall(text.lower()))


def score(found, truth):
    found, truth = words(found), words(truth)
    common = sum((found & truth).values())
    precision, recall = common / max(1, found.total()), common / max(1, truth.total())
    return precision, recall, 2 * precision * recall / (precision + recall) if common else 0.0


def ours(**options):
    def find(page):
        article = article_of(page, options)
        return article.text if article else ""
    return find


WAYS = {
    "all text of the page": trafilatura.html2txt,
    "trafilatura as it comes": lambda page: trafilatura.extract(page) or "",
    "trafilatura, precision": lambda page: trafilatura.extract(page, favor_precision=True) or "",
    "favor: recall": ours(favor="recall"),
    "favor: balance": ours(favor="balance"),
    "favor: precision": ours(),
}


def main(archive, truth_file):
    with gzip.open(truth_file, "rt", encoding="utf-8") as lines:
        truth = {item["id"]: item for item in map(json.loads, lines)}
    with tarfile.open(archive) as pages:
        members = sorted((member for member in pages if member.name.endswith(".html")), key=lambda member: member.name)
        pages = [(os.path.basename(member.name)[:-5], pages.extractfile(member).read().decode()) for member in members]
    pages = [(name, page) for name, page in pages if words(truth[name]["text"])]
    print(f"{len(pages)} pages of {len(members)}: the others have a title only")
    print(f"{'way':26} {'mean F1':>8} {'median':>7} {'precision':>10} {'recall':>7} {'pages/s':>8}")
    for way, find in WAYS.items():
        start = time.perf_counter()
        found = [find(page) for _, page in pages]
        rate = len(pages) / (time.perf_counter() - start)
        scores = [score(text, truth[name]["text"]) for text, (name, _) in zip(found, pages)]
        precision, recall, f1 = (statistics.mean(column) for column in zip(*scores))
        median = statistics.median(row[2] for row in scores)
        print(f"{way:26} {f1:8.4f} {median:7.4f} {precision:10.4f} {recall:7.4f} {rate:8.1f}")
    articles = [(article_of(page, {}), truth[name]) for name, page in pages]
    titles = sum(article is not None and article.title == item["title"] for article, item in articles)
    dates = sum(article is not None and article.date == item["date"] for article, item in articles)
    print(f"titles right: {titles}, dates right: {dates}, of {len(pages)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
