"""One comparison, the figures that are required of it, and how they were kept."""

import sys

import figures

# Rows that failed are measured again with so many rounds: enough to tell noise from a regression.
ROUNDS_AGAIN = "25"
SMOKE_ROUNDS_AGAIN = "9"


class Part:
    """`whole`: rows that no figure speaks of are measured, too, but in a smoke run."""

    def __init__(self, comparison, wanted, smoke, whole=False):
        self._comparison = comparison
        self._wanted = wanted
        self._smoke = smoke
        self._whole = whole and not smoke

    @property
    def verdicts(self):
        return [figures.judge(figure, self._comparison.rows) for figure in self._wanted]

    def content(self):
        """What a report says of it."""
        return {
            "comparison": self._comparison.facts,
            "required": [{"id": v.figure.id, "says": v.figure.says, "limit": v.figure.limit(),
                          "value": v.worst and v.worst[v.figure.value],
                          "row": v.worst and v.worst["id"], "passed": v.passed,
                          "applies": v.applies} for v in self.verdicts],
            "rows": self._comparison.rows,
        }

    def measure(self):
        """The rows that a figure speaks of, failing ones a second time."""
        run = self._comparison
        self._measure({row["id"] for row in run.described
                       if self._whole
                       or any(figure.speaks_of(row) for figure in self._wanted)})
        failing = {row["id"] for verdict in self.verdicts for row in verdict.failing}
        if failing:
            print(f"measuring {len(failing)} failing rows again", file=sys.stderr)
            self._measure(failing,
                          "--rounds", SMOKE_ROUNDS_AGAIN if self._smoke else ROUNDS_AGAIN)

    def _measure(self, ids, *more):
        run = self._comparison
        if not run.has_references:
            run.measure(sorted(ids), more)
            return
        # References take long: a smoke run has them only where a figure compares with one.
        beside = {row["id"] for row in run.described if not self._smoke
                  or any(figure.needs_references and figure.speaks_of(row)
                         for figure in self._wanted)}
        for some, without in ((ids - beside, ["--no-references"]), (ids & beside, [])):
            if some:
                run.measure(sorted(some), [*without, *more])
