"""Reads PDF files with poppler's pdftotext (Debian: poppler-utils)."""

import base64
import subprocess

from annals_plugin import Plugin

plugin = Plugin("pdf-text", "1.0.0", kind="reader", determinism="pure")


@plugin.document
def read(source, options):
    """One document of a file, or one of each page: a form feed ends a page."""
    command = ["pdftotext", "-enc", "UTF-8", "-", "-"]
    done = subprocess.run(command, input=source.bytes, capture_output=True, check=False)
    if done.returncode != 0:
        reason = done.stderr.decode("utf-8", "replace").strip() or f"pdftotext ended with {done.returncode}"
        return {"error": {"code": "not-pdf", "message": reason, "retryable": False}}
    pages = done.stdout.decode("utf-8").split("\f")[:-1]
    if not options.get("pages", False):
        return {"documents": [{"text": "\n".join(pages)}]}
    return {"documents": [{"text": page, "key": str(number)} for number, page in enumerate(pages, 1)]}


plugin.run()
