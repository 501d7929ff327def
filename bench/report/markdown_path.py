"""The part of the report that is about the path to a device and back."""

import tables

OPERATIONS = {
    "requests": "one thread, one queue",
    "leased": "one at a time, a queue leased for each",
    "one_cpu": "caller and device on one CPU",
    "depths": "one thread, one queue",
    "queues": "one thread, its queues in turn",
    "threads": "threads with a queue each",
    "shared": "threads on one queue",
}


def _throughput(rows):
    yield "## Caller's CPU and throughput"
    yield ""
    yield from tables.table(
        ["what", "engine", "version", "in flight", "threads", "queues", "CPU of a request",
         "quartiles", "undisturbed", "requests per CPU second", "requests per second"],
        [[OPERATIONS[row["operation"]], row["engine"], row["api"], str(row["depth"]),
          str(row["threads"]), str(row["queues"]) if row["queues"] else "shared",
          f"**{row['cpu_nanoseconds']:.0f} ns**",
          f"{row['cpu_nanoseconds_lower_quartile']:.0f} to "
          f"{row['cpu_nanoseconds_upper_quartile']:.0f} ns",
          f"{row['undisturbed_cpu_nanoseconds']:.0f} ns",
          f"{row['requests_per_cpu_second'] / 1e6:.2f} M",
          f"{row['requests_per_second'] / 1e6:.2f} M"] for row in rows])


def _latency(rows):
    yield "## Latency"
    yield ""
    yield from tables.table(
        ["", "in flight", "p50", "p99", "p99.9"],
        [[row["operation"], str(row["depth"]),
          *(f"{row[name] / 1e3:.2f} µs" for name in
            ("p50_nanoseconds", "p99_nanoseconds", "p999_nanoseconds"))] for row in rows])


def _system_calls(rows):
    yield "## System calls while requests flow, of caller and device"
    yield ""
    yield from tables.table(
        ["engine", "in flight", "in a million requests", "20,000 requests without any"],
        [[row["engine"], str(row["depth"]), f"{row['calls_per_million']:.1f}",
          f"{100 * row['silent_share']:.0f} % of the time"] for row in rows])


def report(machine, content):
    lines = ["# The path to a device and back", "",
             f"On engines that compute nothing; {machine['cpu']}, {machine['cpus']} CPUs. How it "
             "is measured: bench/README.md.", ""]
    lines += tables.figures(content["required"])
    rows = content["rows"]
    for member, write in (("cpu_nanoseconds", _throughput), ("p50_nanoseconds", _latency),
                          ("calls_per_million", _system_calls)):
        some = [row for row in rows if member in row]
        if some:
            lines += write(some)
    return "\n".join(lines)
