"""Required figures: which rows a figure speaks of, and whether they keep it."""

import dataclasses
import json

# What is asked of a quick run, whose samples are small and whose machine may be busy.
SMOKE_FACTOR = 0.7


@dataclasses.dataclass(frozen=True)
class Figure:
    id: str
    says: str
    rows: dict
    value: str
    at_least: float = None
    at_most: float = None
    # Required only where the provider computes the row's algorithm itself, which is the CPU's and
    # libcrypto's affair.
    only_accelerated: bool = False

    def speaks_of(self, row):
        return all(_matches(wanted, row.get(key)) for key, wanted in self.rows.items())

    @property
    def needs_references(self):
        return self.value == "libdeflate_ratio"

    def applies_to(self, row):
        return not self.only_accelerated or row["accelerated"]

    def keeps(self, row):
        value = row[self.value]
        return ((self.at_least is None or value >= self.at_least)
                and (self.at_most is None or value <= self.at_most))

    def worst(self, rows):
        return (min if self.at_most is None else max)(rows, key=lambda row: row[self.value])

    def limit(self):
        if self.at_most is None:
            return f">= {self.at_least:.3g}"
        return f"<= {self.at_most:.4g}"

    def for_smoke(self):
        """Speeds at 0.7 of the figure; what an output may be larger by, divided by it."""
        if self.at_most is None:
            return dataclasses.replace(self, at_least=self.at_least * SMOKE_FACTOR)
        if self.at_most < 1:
            return self  # counts, and none is none
        return dataclasses.replace(self, at_most=1 + (self.at_most - 1) / SMOKE_FACTOR)


def _matches(wanted, value):
    if value is None:
        return False
    if isinstance(wanted, list):
        return value in wanted
    return wanted.get("from", value) <= value and not value >= wanted.get("below", value + 1)


@dataclasses.dataclass(frozen=True)
class Verdict:
    figure: Figure
    worst: dict
    rows: int
    failing: list
    applies: bool = True

    @property
    def passed(self):
        # A figure that no row speaks for has not been shown.
        return not self.applies or (self.rows > 0 and not self.failing)

    def line(self):
        if not self.applies:
            return (f"NONE  {self.figure.id:<21} {self.figure.limit():<9}          "
                    f"({self.rows} rows, not accelerated here)")
        value = f"{self.worst[self.figure.value]:.3f}" if self.worst else "no row"
        where = self.worst["id"] if self.worst else ""
        return (f"{'PASS' if self.passed else 'FAIL'}  {self.figure.id:<21} "
                f"{self.figure.limit():<9} {value:>7}  ({self.rows} rows, worst {where})")


def read(path, smoke):
    with open(path, encoding="utf-8") as file:
        figures = [Figure(**entry) for entry in json.load(file)]
    return [figure.for_smoke() for figure in figures] if smoke else figures


def judge(figure, rows):
    spoken_of = [row for row in rows if figure.speaks_of(row)]
    judged = [row for row in spoken_of if figure.applies_to(row)]
    return Verdict(
        figure=figure,
        worst=figure.worst(judged) if judged else None,
        rows=len(judged or spoken_of),
        failing=[row for row in judged if not figure.keeps(row)],
        applies=bool(judged) or not spoken_of)
