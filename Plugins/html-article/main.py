"""Takes articles out of HTML with trafilatura (https://github.com/adbar/trafilatura)."""

import logging

import trafilatura
from annals_plugin import Failure, Plugin
from lxml import etree

plugin = Plugin("html-article", "1.0.0", kind="clean", determinism="pure")
# It says of each page without an article that there is none: our answer does that.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
NO_ARTICLE = {"drop": {"rule": "html-article.no-article", "measured": 0, "threshold": 1}}


@plugin.validate
def validate(options):
    problems = []
    for index, expression in enumerate(options.get("remove", [])):
        try:
            etree.XPath(expression)
        except etree.XPathError as error:
            problems.append({"severity": "error", "path": f"/remove/{index}", "code": "no-xpath",
                             "message": f"'{expression}' is no XPath expression: {error}",
                             "hint": "an example: //*[@class='caption']"})
    return problems


def article_of(html, options):
    """The article of a page: trafilatura's Document, or None."""
    favor = options.get("favor", "precision")
    wishes = {
        "favor_precision": favor == "precision", "favor_recall": favor == "recall",
        "include_comments": options.get("comments", False), "include_tables": options.get("tables", True),
        "prune_xpath": options.get("remove") or None, "with_metadata": True,
    }
    # Its second opinions (readability, justext) bring teasers and menus along: they are for pages
    # on which it finds nothing by itself.
    for fast in (True, False):
        article = trafilatura.bare_extraction(html, fast=fast, **wishes)
        if article is not None and (article.text or "").strip():
            return article
    return None


@plugin.document
def extract(document, options):
    size, most = len(document.text.encode()), options.get("max_bytes", 10 << 20)
    if size > most:
        raise Failure("too-long", f"a page of {size} bytes; at most {most} are read (option max_bytes)")
    html = document.text.replace("\0", "")
    article = article_of(html, options) if html.strip() else None
    if article is None:
        return NO_ARTICLE
    lines = (" ".join(line.split()) for line in article.text.splitlines())
    known = {"title": article.title, "author": article.author, "published": article.date}
    return {"text": "\n".join(line for line in lines if line),
            "fields": {key: value for key, value in known.items() if value}}


if __name__ == "__main__":
    plugin.run()
