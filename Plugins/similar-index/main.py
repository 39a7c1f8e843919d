"""Keeps the latest embedding of each document, and finds those nearest to one."""

import base64
import os
import sqlite3

import numpy as np
from annals_plugin import Failure, Plugin

plugin = Plugin("similar-index", "1.0.0", kind="projection", determinism="pure")
SCHEMA = """
CREATE TABLE IF NOT EXISTS embedding (
    document TEXT PRIMARY KEY, position INTEGER NOT NULL, model TEXT NOT NULL, vector BLOB NOT NULL
) WITHOUT ROWID
"""
KEEP = """
INSERT INTO embedding VALUES (?, ?, ?, ?) ON CONFLICT (document) DO UPDATE
SET position = excluded.position, model = excluded.model, vector = excluded.vector
WHERE excluded.position >= position
"""
DEFAULT_COUNT = 10
database = None
matrices = {}


@plugin.start
def start(options):
    global database
    database = sqlite3.connect(os.path.join(plugin.folder, "embeddings.sqlite"), isolation_level=None)
    # A commit is on the disk when it returns: what we answered is never missing after a crash.
    database.execute("PRAGMA synchronous = FULL")
    database.execute(SCHEMA)


def vector_of(event):
    """The bytes of an embedding, or nothing where it is none that we can read."""
    facts = event.facts
    if facts.get("encoding") != "base64 float16le":
        return None
    vector = base64.b64decode(facts["vector"], validate=True)
    numbers = np.frombuffer(vector, "<f2")
    return vector if len(numbers) == facts["dimensions"] and np.isfinite(numbers).all() else None


@plugin.fold
def fold(events, options):
    rows = []
    for event in events:
        try:
            vector = vector_of(event)
        except (KeyError, ValueError, TypeError):
            vector = None
        if vector is None:
            plugin.log(f"the embedding at position {event.position} cannot be read; it is left out", "warning")
        else:
            rows.append((event.stream, event.position, str(event.facts.get("model", "")), vector))
    database.execute("BEGIN")
    database.executemany(KEEP, rows)
    database.execute("COMMIT")
    matrices.clear()


def matrix(model, size):
    """The documents of a model and their vectors of length 1, one a row; kept until the next event."""
    if (model, size) not in matrices:
        rows = database.execute(
            "SELECT document, vector FROM embedding WHERE model = ? AND length(vector) = ? ORDER BY document",
            (model, size)).fetchall()
        vectors = np.frombuffer(b"".join(row[1] for row in rows), "<f2").reshape(len(rows), -1).astype(np.float32)
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
        matrices[model, size] = [row[0] for row in rows], vectors
    return matrices[model, size]


def named(text):
    """The document with an id, or with the only id that holds the text."""
    exact = "SELECT document, model, length(vector) FROM embedding WHERE document = ?"
    part = "SELECT document, model, length(vector) FROM embedding WHERE instr(document, ?) > 0 LIMIT 2"
    found = database.execute(exact, (text,)).fetchall() or database.execute(part, (text,)).fetchall()
    if not found:
        raise Failure("unknown-document", f"there is no document with an embedding named {text}")
    if len(found) > 1:
        raise Failure("several-documents", f"several documents are named so: {found[0][0]}, {found[1][0]}, …")
    return found[0]


def count_of(text):
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= 100_000):
        raise Failure("bad-count", f"'{text}' is no number of documents from 1 to 100000")
    return int(text)


@plugin.query
def query(arguments, options):
    if not 1 <= len(arguments) <= 2:
        raise Failure("usage", "ask for a document and, if you like, how many are wanted: DOCUMENT [N]")
    document, model, size = named(arguments[0])
    count = count_of(arguments[1]) if len(arguments) == 2 else DEFAULT_COUNT
    documents, vectors = matrix(model, size)
    own = documents.index(document)
    scores = vectors @ vectors[own]
    scores[own] = -2
    # Stable, so that documents of one score stay in the order of their ids.
    order = np.argsort(-scores, kind="stable")[:min(count, len(documents) - 1)]
    rows = [[documents[index], round(float(scores[index]), 4)] for index in order]
    return {"columns": ["document", "score"], "rows": rows}


@plugin.stop
def stop():
    if database:
        database.close()


if __name__ == "__main__":
    plugin.run()
