"""Measures, judges the required figures, measures failing rows once more, writes the report."""

import argparse
import json
import pathlib
import sys

import comparison
import figures
import machine
import markdown
import plots

BENCH = pathlib.Path(__file__).resolve().parent.parent

# Rows that failed are measured again with so many rounds: enough to tell noise from a regression.
ROUNDS_AGAIN = "25"
SMOKE_ROUNDS_AGAIN = "9"


def arguments():
    parser = argparse.ArgumentParser(prog="bench/check", description=__doc__)
    parser.add_argument("--smoke", action="store_true",
                        help="a quick run, with 0.7 of each figure required")
    parser.add_argument("--only", action="append", metavar="FIGURE",
                        help="only this figure of required.json; may be given more than once")
    parser.add_argument("--out", type=pathlib.Path, default=BENCH.parent / "build" / "bench",
                        help="folder for the report (build/bench)")
    parser.add_argument("--program", type=pathlib.Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--shim", type=pathlib.Path, required=True, help="library to measure")
    parser.add_argument("--corpora", type=pathlib.Path, required=True, help=argparse.SUPPRESS)
    return parser.parse_args()


def wanted_figures(options):
    known = figures.read(BENCH / "required.json", options.smoke)
    if not options.only:
        return known
    unknown = set(options.only) - {figure.id for figure in known}
    if unknown:
        raise SystemExit(f"bench/check: no figure named {', '.join(sorted(unknown))}")
    return [figure for figure in known if figure.id in options.only]


def measured(options, wanted):
    """The comparison, with failing rows measured a second time."""
    run = comparison.Comparison(options.program, options.shim, options.corpora, options.smoke)
    spoken_of = {row["id"] for row in run.described
                 if any(figure.speaks_of(row) for figure in wanted)}
    # References take long: a smoke run has them only where a figure compares with one.
    beside = {row["id"] for row in run.described if not options.smoke
              or any(figure.needs_references and figure.speaks_of(row) for figure in wanted)}

    def measure(ids, *more):
        for some, without in ((ids - beside, ["--no-references"]), (ids & beside, [])):
            if some:
                run.measure(sorted(some), [*without, *more])

    measure(spoken_of)
    failing = {row["id"] for figure in wanted for row in figures.judge(figure, run.rows).failing}
    if failing:
        print(f"measuring {len(failing)} failing rows again", file=sys.stderr)
        rounds = SMOKE_ROUNDS_AGAIN if options.smoke else ROUNDS_AGAIN
        measure(failing, "--rounds", rounds)
    return run


def main():
    options = arguments()
    wanted = wanted_figures(options)
    run = measured(options, wanted)
    verdicts = [figures.judge(figure, run.rows) for figure in wanted]

    manifest = json.loads((options.corpora / "manifest.json").read_text(encoding="utf-8"))
    report = {
        "machine": machine.facts(),
        "comparison": run.facts,
        "corpora": manifest,
        "required": [{"id": v.figure.id, "says": v.figure.says, "limit": v.figure.limit(),
                      "value": v.worst and v.worst[v.figure.value],
                      "row": v.worst and v.worst["id"], "passed": v.passed} for v in verdicts],
        "rows": run.rows,
    }
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "report.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    pictures = plots.write_all(run.rows, options.out)
    (options.out / "report.md").write_text(markdown.report(report, pictures), encoding="utf-8")

    for verdict in verdicts:
        print(verdict.line())
    failed = [verdict for verdict in verdicts if not verdict.passed]
    for verdict in failed:
        for row in verdict.failing:
            print(f"      {verdict.figure.id}: {row['id']} {row[verdict.figure.value]:.3f}")
    print(f"{len(verdicts) - len(failed)} passed, {len(failed)} failed")
    print(f"report: {options.out / 'report.md'}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
