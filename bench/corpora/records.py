"""JSON records, one a line, made from data that Debian packages ship in other shapes.

Each kind of record is a function from one package and its files to dictionaries.
"""

import csv
import gettext
import json

import debs

# Records of one kind that follow each other before the next kind has its turn.
BLOCK = 64


def blocks_of(kind, package_files):
    """Blocks of encoded lines of one kind. `package_files` are pairs of package and path."""
    lines = []
    for package, path in package_files:
        for record in KINDS[kind](package, path):
            lines.append(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n")
            if len(lines) == BLOCK:
                yield "".join(lines).encode()
                lines = []
    yield "".join(lines).encode()


def assignments(_, path):
    """Hardware address blocks and whom they belong to."""
    with open(path, encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file)):
            yield {
                "id": number,
                "registry": row["Registry"],
                "assignment": row["Assignment"],
                "organization": {
                    "name": row["Organization Name"],
                    "address": row["Organization Address"].strip(),
                },
            }


def codes(_, path):
    """Countries, languages, currencies, scripts: a list under the standard's number."""
    with open(path, encoding="utf-8") as file:
        for standard, entries in json.load(file).items():
            for entry in entries:
                yield {"standard": "iso_" + standard, "entry": entry}


def translations(_, path):
    """What a word of the program is in one language."""
    with open(path, "rb") as file:
        catalog = gettext.GNUTranslations(file)._catalog  # no public way lists the messages
    for source in sorted(key for key in catalog if isinstance(key, str) and key):
        yield {
            "domain": path.stem,
            "locale": path.parts[-3],
            "source": source,
            "translation": catalog[source],
        }


def characters(_, path):
    with open(path, encoding="utf-8") as file:
        for line in file:
            field = line.rstrip("\n").split(";")
            yield {
                "code_point": field[0],
                "value": int(field[0], 16),
                "name": field[1],
                "category": field[2],
                "combining_class": int(field[3]),
                "bidirectional_class": field[4],
                "decomposition": field[5].split(),
                "numeric": field[8] or None,
                "mirrored": field[9] == "Y",
                "simple_mappings": {"upper": field[12], "lower": field[13], "title": field[14]},
            }


def synsets(_, path):
    """Meanings of words: the words, their relations to others, and a sentence."""
    with open(path, encoding="utf-8") as file:
        for line in file:
            if line.startswith("  "):
                continue  # the licence stands before the records
            front, _, gloss = line.partition("|")
            field = front.split()
            relations = 4 + 2 * int(field[3], 16)
            last = relations + 1 + 4 * int(field[relations])
            yield {
                "offset": int(field[0]),
                "file": int(field[1]),
                "part_of_speech": field[2],
                "words": field[4:relations:2],
                "relations": [
                    {"kind": field[at], "target": int(field[at + 1]), "in": field[at + 2]}
                    for at in range(relations + 1, last, 4)
                ],
                "gloss": gloss.strip(),
            }


def files(package, path):
    """A file of a package as a backup or an audit would note it."""
    facts = path.stat()
    yield {
        "package": package.name,
        "path": "/" + str(path.relative_to(package.tree)),
        "mode": oct(facts.st_mode & 0o7777),
        "bytes": facts.st_size,
        "sha256": debs.sha256_of(path),
    }


KINDS = {kind.__name__: kind
         for kind in (assignments, codes, translations, characters, synsets, files)}
