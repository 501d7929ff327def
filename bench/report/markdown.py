"""The report as Markdown: what was measured where, the required figures, all rows."""

import tables
from tables import ratio, size_words, table

OPERATIONS = {
    "compress": "compress2, one call for each buffer",
    "uncompress": "uncompress, one call for each buffer",
    "deflate_record": "deflateInit, one deflate, deflateEnd for each 4 KiB record",
    "inflate_record": "inflateInit, one inflate, inflateEnd for each 4 KiB record",
    "deflate": "deflate streams of 1 MiB, in pieces",
    "inflate": "inflate streams of 1 MiB, in pieces",
    "crc32": "crc32",
    "adler32": "adler32",
}


def _speed(bytes_per_second):
    return f"{bytes_per_second / 1e6:.0f}"


def _references(row):
    return ", ".join(f"{r['name']} {_speed(r['bytes_per_second'])}"
                     + (f" ({r['size_ratio']:.3f})" if "size_ratio" in r else "")
                     + (f" ({r['our_ratio']:.2f})" if "our_ratio" in r else "")
                     for r in row.get("references", []))


def _title_of_references(rows):
    """What stands in parentheses behind a reference's speed differs: sizes only encoders have."""
    values = {key for row in rows for r in row.get("references", []) for key in r}
    if "size_ratio" in values:
        return "others, MB/s (size to zlib's)"
    return "others, MB/s" + (" (our speed to theirs)" if "our_ratio" in values else "")


def _what(row):
    """The cells that say which row it is, and their titles."""
    if "offset_bytes" in row:
        return {"length": size_words(row["buffer_bytes"]),
                "past alignment": f"{row['offset_bytes']} B"}
    cells = {"corpus": row["corpus"], "level": str(row["level"])}
    if "piece_bytes" in row:
        return {**cells, "pieces": size_words(row["piece_bytes"]), "format": row["format"]}
    return {**cells, "buffers": size_words(row["buffer_bytes"])}


def _operation(name, rows):
    with_sizes = "size_ratio" in rows[0]
    with_references = any("references" in row for row in rows)
    header = [*_what(rows[0]), "zlib, MB/s", "ours, MB/s", "ratio (quartiles)"]
    header += ["size to zlib's"] if with_sizes else []
    header += [_title_of_references(rows)] if with_references else []
    lines = []
    for row in rows:
        line = [*_what(row).values(), _speed(row["stock_bytes_per_second"]),
                _speed(row["shim_bytes_per_second"]), ratio(row)]
        line += [f"{row['size_ratio']:.4f}"] if with_sizes else []
        line += [_references(row)] if with_references else []
        lines.append(line)
    yield f"## {OPERATIONS[name]}"
    yield ""
    yield from table(header, lines)


def _circumstances(report):
    machine, comparison = report["machine"], report["comparison"]
    yield from table(["where", ""], [
        ["CPU", f"{machine['cpu']} ({machine['architecture']}, {machine['cpus']} CPUs)"],
        ["system", f"{machine['system']}, kernel {machine['kernel']}"],
        ["stock zlib", f"{comparison['stock_version']} "
                       f"(package {machine['packages'].get('zlib1g', 'unknown')})"],
        ["measured library", f"{comparison['shim_file']}, sha256 `{comparison['shim_sha256']}`"],
        ["beside them", ", ".join(comparison["references"])],
        ["mode", f"{comparison['mode']}, samples of {comparison['sample_bytes'] >> 20} MiB"],
    ])


def _corpora(manifest):
    yield "## Corpora"
    yield ""
    yield from table(["corpus", "bytes", "sha256", "packages"], [
        [name, str(c["bytes"]), f"`{c['sha256']}`", ", ".join(c["packages"])]
        for name, c in manifest["corpora"].items()])
    yield from table(["package", "version", "sha256 of the .deb"], [
        [p["package"], f"{p['version']} ({p['architecture']})", f"`{p['sha256']}`"]
        for p in manifest["packages"]])


def report(content, pictures):
    lines = ["# Comparison with stock zlib", "",
             "CPU time, both libraries in one process in turns; a ratio is the median of the "
             "rounds, with quartiles. How it is measured: bench/README.md.", ""]
    lines += _circumstances(content)
    lines += tables.figures(content["required"])
    for name, title in pictures.items():
        lines += [f"![{title}]({name})", ""]
    for name in OPERATIONS:
        rows = [row for row in content["rows"] if row["operation"] == name]
        if rows:
            lines += _operation(name, rows)
    lines += _corpora(content["corpora"])
    return "\n".join(lines)
