"""The part of the report that compares the OpenSSL provider with the default one."""

import tables
from tables import size_words

OPERATIONS = {
    "encrypt_message": "Whole messages, encryption: IV, 13 B of additional data, text, tag",
    "decrypt_message": "Whole messages, decryption",
    "encrypt_update": "EVP_EncryptUpdate() again and again",
    "decrypt_update": "EVP_DecryptUpdate() again and again",
    "digest": "EVP_Digest()",
    "digest_context": "Digests with one context",
    "hmac": "HMAC with a key set once",
    "tls_memory": "TLS 1.3, records through memory",
    "tls_tcp": "TLS 1.3, records over TCP, loopback",
    "pass_through": "Passed through",
    "fetch": "Fetching an algorithm",
    "new_encryption": "A new context, key and IV, freed",
    "new_decryption": "A new context for decryption, key and IV, freed",
    "new_digest": "A new context, begun, freed",
    "new_hmac": "A new context with a key, freed",
}


def _time(nanoseconds):
    if nanoseconds < 1e4:
        return f"{nanoseconds:.0f} ns"
    return f"{nanoseconds / 1e3:.0f} µs"


def _cell(row):
    if row is None:
        return ""
    return (f"**{row['speed_ratio']:.2f}** ({_time(row['stock_nanoseconds'])}, "
            f"{_time(row['our_nanoseconds'])})")


def _grid(rows, titles, names_of, column_of, words_of_column):
    """A line for each name, a column for each value of `column_of`."""
    columns = sorted({column_of(row) for row in rows})
    cells = {(*names_of(row), column_of(row)): row for row in rows}
    names = list(dict.fromkeys(names_of(row) for row in rows))
    yield from tables.table(
        [*titles, *map(words_of_column, columns)],
        [[*name, *(_cell(cells.get((*name, column))) for column in columns)] for name in names])


def _operation(title, rows):
    yield f"## {title}"
    yield ""
    yield from _grid(rows, ["algorithm"], lambda row: (row["algorithm"],),
                     lambda row: row.get("bytes", -1),
                     lambda size: size_words(size) if size >= 0 else "")


def _jobs(rows):
    yield "## In jobs, elapsed time"
    yield ""
    yield from _grid(rows, ["algorithm", "length"],
                     lambda row: (row["algorithm"], size_words(row["bytes"])),
                     lambda row: row["jobs"],
                     lambda jobs: f"{jobs} jobs" if jobs > 1 else "1 job")


def _circumstances(machine, facts):
    yield from tables.table(["where", ""], [
        ["CPU", f"{machine['cpu']} ({machine['architecture']}, {machine['cpus']} CPUs)"],
        ["libcrypto", f"{facts['stock_version']} "
                      f"(package {machine['packages'].get('libssl3', 'unknown')})"],
        ["ipsec-mb", machine["packages"].get("libipsec-mb1", "not installed")],
        ["measured module", f"{facts['module_file']}, sha256 `{facts['module_sha256']}`"],
        ["mode", facts["mode"]],
    ])


def report(machine, content):
    lines = ["# Comparison with OpenSSL's default provider", "",
             "Both providers in one process in turns; a ratio is the median of the rounds, of CPU "
             "time unless it says elapsed. In parentheses: default's time for one operation, and "
             "ours. Quartiles are in report.json. How it is measured: bench/README.md.", ""]
    lines += _circumstances(machine, content["comparison"])
    lines += tables.figures(content["required"])
    rows = content["rows"]
    plain = sorted({row["algorithm"] for row in rows if not row["accelerated"]})
    lines += [f"Not accelerated here: {', '.join(plain)}.", ""]
    for name, title in OPERATIONS.items():
        some = [row for row in rows if row["operation"] == name]
        if some:
            lines += _operation(title, some)
    some = [row for row in rows if row["operation"] == "async"]
    if some:
        lines += _jobs(some)
    return "\n".join(lines)
