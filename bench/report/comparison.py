"""Runs a comparison and keeps what it measured."""

import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile


class Comparison:
    """`arguments` are the program's own; has_references: it knows --no-references."""

    def __init__(self, program, arguments, quick, has_references=False):
        self._program = str(program)
        self._arguments = arguments
        self.has_references = has_references
        self._mode = ["--quick"] if quick else []
        self.facts = {}
        self.described = self._describe()
        self._rows = {}

    @property
    def rows(self):
        """What is measured so far, in the order of the table."""
        return [self._rows[row["id"]] for row in self.described if row["id"] in self._rows]

    def _describe(self):
        """The rows there are, not measured yet."""
        listing = subprocess.run([self._program, "--list", *self._mode],
                                 stdout=subprocess.PIPE, check=True)
        return [json.loads(line) for line in listing.stdout.splitlines()]

    def measure(self, ids, more=()):
        """Measures rows; what was known of them before is replaced."""
        with tempfile.TemporaryDirectory() as folder:
            wanted = pathlib.Path(folder, "rows")
            wanted.write_text("\n".join(ids) + "\n", encoding="utf-8")
            result = pathlib.Path(folder, "result.json")
            done = subprocess.run([self._program, *self._arguments, *self._mode, *more,
                                   "--rows", str(wanted), "--out", str(result)], check=False)
            if done.returncode != 0:
                sys.exit(2)  # the program has said why: a wrong result, or nothing to measure
            measured = json.loads(result.read_text(encoding="utf-8"))
        for row in measured.pop("rows"):
            self._rows[row["id"]] = row
        self.facts = self.facts or _without_paths(measured)


def _without_paths(facts):
    """Which files were loaded, said so that it means something on other machines too."""
    for name in [name for name in facts if name.endswith("_path")]:
        file = pathlib.Path(facts.pop(name))
        library = name.removesuffix("_path")
        facts[library + "_file"] = file.name
        facts[library + "_sha256"] = hashlib.sha256(file.read_bytes()).hexdigest()
    return facts
