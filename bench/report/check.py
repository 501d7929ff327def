"""Measures, judges the required figures, measures failing rows once more, writes the report."""

import argparse
import json
import pathlib
import sys

import comparison
import figures
import machine
import markdown
import markdown_crypto
import markdown_path
import part
import plots

BENCH = pathlib.Path(__file__).resolve().parent.parent


def arguments():
    parser = argparse.ArgumentParser(prog="bench/check", description=__doc__)
    parser.add_argument("--smoke", action="store_true",
                        help="a quick run, with 0.7 of each figure required")
    parser.add_argument("--only", action="append", metavar="FIGURE",
                        help="only this figure of required*.json; may be "
                             "given more than once")
    parser.add_argument("--out", type=pathlib.Path, default=BENCH.parent / "build" / "bench",
                        help="folder for the report (build/bench)")
    parser.add_argument("--programs", type=pathlib.Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--shim", type=pathlib.Path, required=True, help="library to measure")
    parser.add_argument("--modules", type=pathlib.Path, required=True,
                        help="folder of the provider to measure")
    parser.add_argument("--corpora", type=pathlib.Path, required=True, help=argparse.SUPPRESS)
    return parser.parse_args()


def wanted_figures(options):
    """Those of zlib, those of the provider, those of the path to a device."""
    known = [figures.read(BENCH / name, options.smoke)
             for name in ("required.json", "required-crypto.json", "required-path.json")]
    if not options.only:
        return known
    unknown = set(options.only) - {figure.id for some in known for figure in some}
    if unknown:
        raise SystemExit(f"bench/check: no figure named {', '.join(sorted(unknown))}")
    return [[figure for figure in some if figure.id in options.only] for some in known]


def zlib_part(options, wanted):
    run = comparison.Comparison(options.programs / "wd-bench-compare",
                                ["--shim", str(options.shim), "--corpora", str(options.corpora)],
                                options.smoke, has_references=True)
    return part.Part(run, wanted, options.smoke)


def crypto_part(options, wanted):
    run = comparison.Comparison(options.programs / "wd-bench-crypto",
                                ["--modules", str(options.modules)], options.smoke)
    return part.Part(run, wanted, options.smoke)


def path_part(options, wanted):
    run = comparison.Comparison(options.programs / "wd-bench-path", [], options.smoke)
    return part.Part(run, wanted, options.smoke, whole=not options.only)


def write_report(options, zlib, crypto, path):
    options.out.mkdir(parents=True, exist_ok=True)
    report = {"machine": machine.facts()}
    text = []
    if zlib:
        manifest = json.loads((options.corpora / "manifest.json").read_text(encoding="utf-8"))
        report.update(zlib.content(), corpora=manifest)
        pictures = plots.write_all(report["rows"], options.out)
        text.append(markdown.report(report, pictures))
    if crypto:
        report["crypto"] = crypto.content()
        text.append(markdown_crypto.report(report["machine"], report["crypto"]))
    if path:
        report["path"] = path.content()
        text.append(markdown_path.report(report["machine"], report["path"]))
    (options.out / "report.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    (options.out / "report.md").write_text("\n".join(text), encoding="utf-8")


def main():
    options = arguments()
    of_zlib, of_crypto, of_path = wanted_figures(options)
    missing = bool(of_crypto) and not (options.modules / "wd.so").exists()
    zlib = zlib_part(options, of_zlib) if of_zlib else None
    crypto = crypto_part(options, of_crypto) if of_crypto and not missing else None
    path = path_part(options, of_path) if of_path else None
    parts = [one for one in (zlib, crypto, path) if one]
    for one in parts:
        one.measure()
    write_report(options, zlib, crypto, path)

    verdicts = [verdict for one in parts for verdict in one.verdicts]
    for verdict in verdicts:
        print(verdict.line())
    failed = [verdict for verdict in verdicts if not verdict.passed]
    for verdict in failed:
        for row in verdict.failing:
            print(f"      {verdict.figure.id}: {row['id']} {row[verdict.figure.value]:.3f}")
    if missing:
        print(f"There is no provider here: {len(of_crypto)} figures were not measured.")
    not_required = sum(not verdict.applies for verdict in verdicts)
    print(f"{len(verdicts) - len(failed) - not_required} passed, {len(failed)} failed"
          + (f", {not_required} not required here" if not_required else ""))
    print(f"report: {options.out / 'report.md'}")
    # What was not measured has not been shown; a smoke run is content to have said so.
    sys.exit(1 if failed or (missing and not options.smoke) else 0)


if __name__ == "__main__":
    main()
