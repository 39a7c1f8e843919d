"""Reads PDF files with poppler's pdftotext and pdfinfo (Debian: poppler-utils)."""

import os
import re
import shutil
import subprocess
import tempfile

from annals_plugin import Failure, Plugin

plugin = Plugin("pdf-text", "1.0.0", kind="reader", determinism="recorded")
MISSING = "there is no pdftotext and pdfinfo; on Debian: apt-get install poppler-utils"
FIELDS = {"Title": "title", "Author": "author", "CreationDate": "published"}


def is_missing():
    return shutil.which("pdftotext") is None or shutil.which("pdfinfo") is None


@plugin.validate
def validate(options):
    if is_missing():
        return [{"severity": "error", "path": "", "code": "no-program", "message": MISSING}]
    if options.get("layout") and options.get("join"):
        return [{"severity": "warning", "path": "/join", "code": "unused-option",
                 "message": "lines are not joined where the layout is kept"}]
    return []


@plugin.start
def start(options):
    if is_missing():
        plugin.log(MISSING, "error")
        raise SystemExit(1)


def run(*command):
    """What a program of poppler's writes, or why it reads nothing."""
    done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, check=False)
    if done.returncode == 0:
        return done.stdout.decode("utf-8", "replace")
    reason = (done.stderr.decode("utf-8", "replace").strip() or f"it ended with {done.returncode}").splitlines()[-1]
    if "password" in reason.lower():
        raise Failure("encrypted", "it opens with a password only; take that off, for instance by qpdf --decrypt")
    raise Failure("broken", f"{command[0]} cannot read it: {reason}")


def fields_of(path):
    """Title, author and day of what the file says of itself."""
    known = {}
    for line in run("pdfinfo", "-isodates", "-enc", "UTF-8", path).splitlines():
        name, _, value = line.partition(":")
        value = " ".join(value.replace("\0", "").split())
        if name in FIELDS and value:
            known.setdefault(FIELDS[name], value)
    if "published" in known:
        day = re.match(r"\d{4}-\d\d-\d\d", known.pop("published"))
        if day:
            known["published"] = day[0]
    return known


def joined(page):
    """A page with a line for each paragraph: pdftotext writes an empty line between them."""
    paragraphs = re.split(r"\n[ \t]*\n", page)
    return "\n".join(filter(None, (" ".join(paragraph.split()) for paragraph in paragraphs)))


@plugin.source
def read(source, options):
    """One document of a file, or one of each page that has text."""
    if not source.bytes:
        raise Failure("empty", "the file is empty")
    if b"%PDF-" not in source.bytes[:1024]:
        raise Failure("not-pdf", "the file is no PDF: it does not begin with %PDF-")
    layout = options.get("layout", False)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "source.pdf")
        with open(path, "wb") as file:
            file.write(source.bytes)
        text = run("pdftotext", "-enc", "UTF-8", *(["-layout"] if layout else []), path, "-")
        fields = fields_of(path)
    # A form feed ends a page.
    pages = text.split("\f")[:-1]
    if options.get("join", True) and not layout:
        pages = [joined(page) for page in pages]
    if not any(page.strip() for page in pages):
        raise Failure("no-text", "it has no text, only images perhaps; OCR can add some, for instance ocrmypdf")
    document = {"fields": fields, "metadata": {"pages": len(pages)}}
    if not options.get("pages", False):
        return {"documents": [{**document, "text": "\n".join(page.strip("\n") for page in pages)}]}
    return {"documents": [{**document, "text": page, "key": str(number)}
                          for number, page in enumerate(pages, 1) if page.strip()]}


if __name__ == "__main__":
    plugin.run()
