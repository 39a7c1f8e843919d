#!/usr/bin/env python3
"""Makes a JSONL corpus of a given size for the benchmarks, the same every time.

usage: corpus.py MEGABYTES OUT.jsonl [SOURCE.jsonl TEXT_FIELD...]

With a source, its documents are repeated and varied: in each copy the paragraphs are turned round and every sixth word
is replaced by one of its own, so that copies are no near-duplicates. Without one, news-like text is made from the names
in the shipped dictionaries; every tenth document is then an exact copy of an earlier one, every tenth a near copy.
"""

import json
import pathlib
import random
import re
import sys

FUNCTION_WORDS = "the of to and a in that is was for it with as on be at by this had not are but from have an they which one were all their there been has when who will no more if out so said what up its about than into them can only other time new some could these two may first then do any like now over such our even most made after also did many off before must well back through years where much way down should because long each just state".split()


def varied(source, fields, limit):
    documents = [json.loads(line) for line in open(source, encoding="utf-8")]
    copy = 0
    while True:
        for number, document in enumerate(documents):
            text = "\n\n".join(document[field] for field in fields if document.get(field))
            paragraphs = [part for part in text.split("\n\n") if part]
            turn = (copy * 7) % max(1, len(paragraphs))
            words = "\n\n".join(paragraphs[turn:] + paragraphs[:turn]).split(" ")
            if copy:
                for index in range(copy % 6, len(words), 6):
                    words[index] = f"w{copy}x{(index * 31 + number) % 9973}"
            yield {
                "id": f"{copy}-{document.get('id', number)}",
                "title": document.get("title"),
                "text": " ".join(words),
                "published": document.get("date") or document.get("published"),
            }
        copy += 1


def synthetic():
    root = pathlib.Path(__file__).resolve().parents[2] / "Pipelines" / "dictionaries"
    leaders = re.findall(r"^    name: (.+)$", (root / "leaders.yaml").read_text(encoding="utf-8"), re.M)
    labels = re.findall(r"^    label: (.+)$", (root / "topics.yaml").read_text(encoding="utf-8"), re.M)
    draw = random.Random(20261122)
    vocabulary = ["".join(draw.choices("bcdfghklmnprstvw", k=1) + draw.choices("aeiou", k=1) + draw.choices("lmnrst", k=1) + draw.choices(["a", "er", "ing", "ion", "o", "ed"], k=1)) for _ in range(6000)]
    texts = []
    number = 0
    while True:
        kind = draw.random()
        if texts and kind < 0.1:
            text = draw.choice(texts)
        elif texts and kind < 0.2:
            words = draw.choice(texts).split(" ")
            for _ in range(2):
                words[draw.randrange(len(words))] = draw.choice(vocabulary)
            text = " ".join(words)
        else:
            paragraphs = []
            for _ in range(draw.randint(5, 9)):
                words = []
                for position in range(draw.randint(30, 90)):
                    pick = draw.random()
                    words.append(draw.choice(leaders) if pick < 0.012 else draw.choice(labels) if pick < 0.02 else draw.choice(FUNCTION_WORDS) if pick < 0.5 else draw.choice(vocabulary))
                    if position % 14 == 13:
                        words[-1] += "."
                paragraphs.append(" ".join(words).capitalize() + ".")
            text = "\n\n".join(paragraphs)
            if len(texts) < 5000:
                texts.append(text)
        yield {"id": f"document-{number}", "title": f"Report {number} on {draw.choice(labels)}", "text": text, "published": f"20{draw.randint(0, 25):02}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}"}
        number += 1


def main():
    limit = int(float(sys.argv[1]) * 1e6)
    documents = varied(sys.argv[3], sys.argv[4:] or ["text"], limit) if len(sys.argv) > 3 else synthetic()
    written = 0
    with open(sys.argv[2], "w", encoding="utf-8") as out:
        for document in documents:
            line = json.dumps(document, ensure_ascii=False) + "\n"
            out.write(line)
            written += len(line.encode())
            if written >= limit:
                return


main()
