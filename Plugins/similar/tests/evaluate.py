"""How well known near-duplicates are found, and how fast: tests/evaluate.py ARTICLES TRUTH

ARTICLES has a document a line, `id text`; TRUTH a line `id id` for each pair of documents that are nearly the same.
"""

import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import numpy as np  # noqa: E402
from minilm import CHUNK, MiniLM  # noqa: E402


def main(articles, truth):
    with open(articles, encoding="utf-8") as lines:
        names, texts = zip(*(line.rstrip("\n").split(" ", 1) for line in lines))
    with open(truth, encoding="utf-8") as lines:
        pairs = [line.split() for line in lines if line.strip()]
    model = MiniLM()
    start = time.perf_counter()
    tokens = [model.tokens(text)[:8 * CHUNK] for text in texts]
    vectors = np.array([model.embed(each) for each in tokens]).astype("<f2").astype(np.float32)
    seconds = time.perf_counter() - start
    scores = vectors @ vectors.T - 2 * np.eye(len(names), dtype=np.float32)
    place = {name: index for index, name in enumerate(names)}
    found = sum(names[scores[place[one]].argmax()] == other for a, b in pairs for one, other in ((a, b), (b, a)))
    count = sum(map(len, tokens))
    print(f"{len(names)} documents of {count / len(names):.0f} tokens: {len(names) / seconds:.1f} documents/s, "
          f"{count / seconds:.0f} tokens/s")
    print(f"the nearest document is the other of the pair for {found} of {2 * len(pairs)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
