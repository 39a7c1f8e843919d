from annals_plugin import Plugin

plugin = Plugin("word-count", "1.0.0", determinism="pure")


@plugin.document
def count(document, options):
    return {"annotations": [{"id": "words", "fields": {"count": len(document.text.split())}}]}


plugin.run()
