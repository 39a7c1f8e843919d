"""Takes articles out of HTML with trafilatura (https://github.com/adbar/trafilatura)."""

import trafilatura
from annals_plugin import Plugin

plugin = Plugin("html-article", "1.0.0", kind="clean", determinism="pure")


@plugin.document
def extract(document, options):
    favor = options.get("favor", "balance")
    article = trafilatura.bare_extraction(
        document.text,
        favor_precision=favor == "precision",
        favor_recall=favor == "recall",
        include_comments=options.get("comments", False),
        include_tables=options.get("tables", True),
        with_metadata=True,
    )
    if article is None or not (article.text or "").strip():
        return {"drop": {"rule": "html-article.no-article", "measured": 0, "threshold": 1}}
    known = {"title": article.title, "author": article.author, "published": article.date}
    return {"text": article.text, "fields": {key: value for key, value in known.items() if value}}


plugin.run()
