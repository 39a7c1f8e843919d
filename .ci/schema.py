"""Validates pipelines against their schema: those named must pass, those below must or must not."""

import json
import os
import subprocess
import sys
import tempfile

import jsonschema
import yaml

INGEST = "- ingest: {from: [news]}"

# What is right beyond the pipelines that come along.
RIGHT = {
    "a file to be included": "templates: {x: {parameters: {a: {default: [1]}, b: }, stages: [{clean: }]}}",
    "a stage by its name": f"pipeline: a\nstages: [{{ingest: {{from: x}}}}, clean, deduplicate]",
    "near-duplicates switched off": f"pipeline: a\nstages:\n  {INGEST}\n  - deduplicate: {{near: false}}",
    "substitutions": f"pipeline: a\nstages:\n  {INGEST}\n  - deduplicate: {{near: {{threshold: '${{env:T}}'}}}}",
    "a template in use": f"include: x.yaml\npipeline: a\nstages:\n  {INGEST}\n  - use: {{template: t, with: {{a: 1}}}}",
    "a profile": f"pipeline: a\nstages:\n  {INGEST}\nprofiles: {{p: {{store: x, stages: {{ingest: {{format: jsonl}}}}}}}}",
    "a text that looks like a number": f"pipeline: 2017\nstages:\n  {INGEST}",
}

# What is wrong: each of these `annals check` refuses, too.
WRONG = {
    "nothing": "{}",
    "no stages": "pipeline: a",
    "an unknown key": f"pipeline: a\nstor: x\nstages:\n  {INGEST}",
    "an unknown stage": f"pipeline: a\nstages:\n  {INGEST}\n  - cleen: {{}}",
    "two stages in one item": "pipeline: a\nstages: [{ingest: {from: x}, clean: {}}]",
    "an unknown option": "pipeline: a\nstages: [{ingest: {from: x, formt: text}}]",
    "a required option missing": "pipeline: a\nstages: [{ingest: {format: text}}]",
    "a word that is not one of those": "pipeline: a\nstages: [{ingest: {from: x, format: pdf}}]",
    "a number out of bounds": f"pipeline: a\nstages:\n  {INGEST}\n  - deduplicate: {{near: {{threshold: 2}}}}",
    "a text for a number": f"pipeline: a\nstages:\n  {INGEST}\n  - deduplicate: {{near: {{permutations: many}}}}",
    "a quantity without unit": f"pipeline: a\nstages:\n  {INGEST}\n  - deduplicate: {{near: {{shingle: 5}}}}",
    "no range": f"pipeline: a\nstages:\n  {INGEST}\n  - clean: {{require: {{words: 20}}}}",
    "an unknown annotator": f"pipeline: a\nstages:\n  {INGEST}\n  - enrich: [{{leeders: {{dictionary: x}}}}]",
    "an unknown plugin": f"pipeline: a\nstages:\n  {INGEST}\n  - plugin: {{name: none-such}}",
    "a plugin's unknown option": f"pipeline: a\nstages:\n  {INGEST}\n  - plugin: {{name: language, options: {{x: 1}}}}",
    "a plugin's option of the wrong type": f"pipeline: a\nstages:\n  {INGEST}\n  - plugin: {{name: language, options: {{minimum: [1]}}}}",
    "an enricher as a reader": "pipeline: a\nstages: [{ingest: {from: x, format: 'plugin:language'}}]",
    "a profile's unknown stage": f"pipeline: a\nstages:\n  {INGEST}\nprofiles: {{p: {{stages: {{cleen: {{}}}}}}}}",
    "a profile's wrong value": f"pipeline: a\nstages:\n  {INGEST}\nprofiles: {{p: {{stages: {{clean: {{article: 3}}}}}}}}",
    "a template without stages": "templates: {x: {}}",
    "stages in a file to be included": "templates: {}\nstages: []",
    "a projection's unknown key": f"pipeline: a\nstages:\n  {INGEST}\nprojections: {{p: {{idnex: x}}}}",
}


class Loader(yaml.SafeLoader):
    """The core schema of YAML 1.2, in which `on` and `no` are words."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, rule) for tag, rule in rules if tag != "tag:yaml.org,2002:bool"]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
for first in "tf":
    rules = Loader.yaml_implicit_resolvers.setdefault(first, [])
    rules.append(("tag:yaml.org,2002:bool", __import__("re").compile("^(true|false)$")))


def refuses(annals, text):
    """Whether the program, too, says that a pipeline is wrong."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "p.yaml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return subprocess.run([annals, "check", path], capture_output=True).returncode == 65


def main():
    annals = sys.argv[2]
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    failed = 0
    cases = []
    for path in sys.argv[3:]:
        with open(path, encoding="utf-8") as file:
            cases.append((path, file.read(), True))
    cases += [(name, text, True) for name, text in RIGHT.items()]
    cases += [(name, text, False) for name, text in WRONG.items()]
    for name, text, is_right in cases:
        errors = list(validator.iter_errors(yaml.load(text, Loader)))
        if bool(errors) == is_right:
            failed += 1
            what = errors[0].message[:300] if errors else "it passes, and is wrong"
            print(f"✘ schema: {name}: {what}")
        if not is_right and not refuses(annals, text):
            failed += 1
            print(f"✘ schema: {name}: annals check finds nothing wrong with it")
    if failed == 0:
        print(f"✔ schema: {len(cases)} pipelines")
    return 1 if failed else 0


sys.exit(main())
