"""Identifies a document's language with lingua (https://github.com/pemistahl/lingua-py)."""

from annals_plugin import Plugin
from lingua import IsoCode639_1, LanguageDetectorBuilder

plugin = Plugin("language", "1.0.0", determinism="pure")
detector = None
# A language shows in its first sentences.
SAMPLE = 2000


def code_of(text):
    return getattr(IsoCode639_1, text.upper(), None)


@plugin.validate
def validate(options):
    return [
        {"severity": "error", "path": f"/languages/{index}", "code": "unknown-language",
         "message": f"there is no language '{code}'", "hint": "use ISO 639-1 codes, such as en or fr"}
        for index, code in enumerate(options.get("languages", [])) if code_of(code) is None
    ]


@plugin.start
def start(options):
    global detector
    codes = [code_of(code) for code in options.get("languages", [])]
    builder = LanguageDetectorBuilder
    chosen = builder.from_iso_codes_639_1(*codes) if codes else builder.from_all_languages()
    detector = chosen.build()


@plugin.document
def identify(document, options):
    found = detector.compute_language_confidence_values(document.text[:SAMPLE])
    if not found or found[0].value < options.get("minimum", 0.5):
        return {"annotations": []}
    best = found[0]
    return {"annotations": [{
        "id": best.language.iso_code_639_1.name.lower(),
        "label": best.language.name.title(),
        "fields": {"score": round(best.value, 4)},
    }]}


plugin.run()
