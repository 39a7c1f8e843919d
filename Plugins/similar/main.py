"""Appends an event with the embedding of each document, by all-MiniLM-L6-v2 (see minilm.py)."""

import base64

from annals_plugin import Plugin
from minilm import CHUNK, DIMENSIONS, NAME, MiniLM

plugin = Plugin("similar", "1.0.0", kind="enrich", determinism="recorded", events=["embedding"])
# A token is rarely longer, so that of a huge document only the beginning is cut into tokens.
CHARACTERS_A_TOKEN = 16
model = None


@plugin.start
def start(options):
    global model
    model = MiniLM()


@plugin.document
def embed(document, options):
    most = options.get("chunks", 8) * CHUNK
    characters = most * CHARACTERS_A_TOKEN
    text = f"{document.title}\n{document.text[:characters]}"[:characters]
    tokens = model.tokens(text.strip())
    if not tokens:
        return None
    vector = model.embed(tokens[:most])
    return {"events": [{"type": "embedding", "facts": {
        "model": NAME, "dimensions": DIMENSIONS, "tokens": min(len(tokens), most),
        "encoding": "base64 float16le", "vector": base64.b64encode(vector.astype("<f2").tobytes()).decode(),
    }}]}


if __name__ == "__main__":
    plugin.run()
