"""Identifies a document's language with lingua (https://github.com/pemistahl/lingua-py)."""

from annals_plugin import Plugin
from lingua import IsoCode639_1, LanguageDetectorBuilder

plugin = Plugin("language", "1.0.0", kind="enrich", determinism="pure")
# A language shows in its first sentences.
SAMPLE = 2000
detector = None


def code_of(text):
    return getattr(IsoCode639_1, text.upper(), None)


@plugin.validate
def validate(options):
    codes = options.get("languages", [])
    problems = [
        {"severity": "error", "path": f"/languages/{index}", "code": "unknown-language",
         "message": f"there is no language '{code}'", "hint": "use ISO 639-1 codes, such as en or fr"}
        for index, code in enumerate(codes) if code_of(code) is None
    ]
    if not problems and len(set(codes)) == 1:
        problems = [{"severity": "error", "path": "/languages", "code": "one-language",
                     "message": "there is nothing to tell apart in one language", "hint": "name two or more, or none"}]
    return problems


@plugin.start
def start(options):
    global detector
    codes = [code_of(code) for code in options.get("languages", [])]
    builder = LanguageDetectorBuilder
    chosen = builder.from_iso_codes_639_1(*codes) if codes else builder.from_all_languages()
    detector = chosen.build()


def sample_of(text):
    """The first sentences; what has no letters says nothing of a language."""
    return text.lstrip()[:SAMPLE]


@plugin.document
def identify(document, options):
    found = detector.compute_language_confidence_values(sample_of(document.text))
    best = found[0] if found else None
    # All languages are as likely as each other where no letter was seen.
    if best is None or best.value < options.get("minimum", 0.5) or best.value == found[-1].value:
        return {"annotations": []}
    return {"annotations": [{
        "id": best.language.iso_code_639_1.name.lower(),
        "label": best.language.name.title(),
        "fields": {"score": round(best.value, 4)},
    }]}


if __name__ == "__main__":
    plugin.run()
