"""Which pictures a report has. A picture whose rows were not measured is left out."""

import charts
from tables import size_words

CORPORA = ("text", "binary", "json", "incompressible")
LEVELS = (1, 3, 6, 9)
UNCOMPRESS_BUFFERS = (1024, 4096, 65536, 1 << 20, 32 << 20)


class _Rows:
    def __init__(self, rows):
        self._rows = rows

    def where(self, **wanted):
        return [row for row in self._rows
                if all(row.get(key) == value for key, value in wanted.items())]

    def ratio(self, **wanted):
        found = self.where(**wanted)
        return found[0]["speed_ratio"] if found else None


def _bars_by(rows, path, title, x_title, groups, series):
    """Bars of speed ratios; `groups` and `series` are names with what selects their rows."""
    groups = {name: group for name, group in groups.items()
              if any(rows.ratio(**group, **one) is not None for one in series.values())}
    if not groups:
        return None
    values = {name: [rows.ratio(**group, **one) for group in groups.values()]
              for name, one in series.items()}
    charts.bars(path, title, x_title, "times the speed of zlib", list(groups), values, baseline=1)
    return title


def _compress(rows, path):
    return _bars_by(rows, path, "compress2, buffers of 64 KiB", "level",
                    {str(n): {"level": n} for n in LEVELS},
                    {c: {"operation": "compress", "buffer_bytes": 65536, "corpus": c}
                     for c in CORPORA})


def _uncompress(rows, path):
    return _bars_by(rows, path, "uncompress of what level 6 made", "size of the buffer",
                    {size_words(n): {"buffer_bytes": n} for n in UNCOMPRESS_BUFFERS},
                    {c: {"operation": "uncompress", "level": 6, "corpus": c} for c in CORPORA})


def _deflate(rows, path):
    return _bars_by(rows, path, "deflate streams at level 6", "size of the pieces",
                    {size_words(n): {"piece_bytes": n} for n in (512, 16384, 262144)},
                    {c: {"operation": "deflate", "level": 6, "format": "zlib", "corpus": c}
                     for c in CORPORA})


def _inflate(rows, path):
    return _bars_by(rows, path, "inflate streams of what level 6 made", "size of the pieces",
                    {size_words(n): {"piece_bytes": n} for n in (512, 16384, 262144)},
                    {c: {"operation": "inflate", "level": 6, "format": "zlib", "corpus": c}
                     for c in CORPORA})


def _decoders(rows, path):
    """All that decode the same input, as multiples of zlib's speed."""
    measured = [row for row in rows.where(operation="uncompress", level=6, buffer_bytes=1 << 20)
                if "references" in row]
    if not measured:
        return None
    series = {"this library": [row["speed_ratio"] for row in measured]}
    for row in measured:
        for reference in row["references"]:
            if "our_ratio" in reference:
                series.setdefault(reference["name"], []).append(
                    row["speed_ratio"] / reference["our_ratio"])
    title = "uncompress of what zlib made at level 6, buffers of 1 MiB, beside other decoders"
    charts.bars(path, title, "corpus", "times the speed of zlib",
                [row["corpus"] for row in measured], series, baseline=1)
    return title


def _checksums(rows, path):
    series = {name: [(row["buffer_bytes"], row["speed_ratio"], "")
                     for row in rows.where(operation=name, offset_bytes=0)]
              for name in ("crc32", "adler32")}
    series = {name: points for name, points in series.items() if len(points) > 1}
    if not series:
        return None
    title = "Checksums"
    charts.lines(path, title, "length of the input", "times the speed of zlib", series,
                 x_label=size_words, baseline=1)
    return title


class _SpeedLabel:
    """Marks of a logarithmic axis of speeds."""

    def __call__(self, value):
        return f"{value:g}"

    @staticmethod
    def ticks(low, high):
        return [t for t in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000) if low <= t <= high]


def _speed_and_size(rows, path):
    """Where each library stands: further right is faster, further down is smaller."""
    measured = sorted(rows.where(operation="compress", corpus="text", buffer_bytes=65536),
                      key=lambda row: row["level"])
    measured = [row for row in measured if row["level"] in LEVELS and "references" in row]
    if len(measured) < 2:
        return None
    series = {"zlib": [], "this library": []}
    for row in measured:
        level, fraction = str(row["level"]), 100 * row["stock_bytes_out"] / row["plain_bytes"]
        series["zlib"].append((row["stock_bytes_per_second"] / 1e6, fraction, level))
        series["this library"].append((row["shim_bytes_per_second"] / 1e6,
                                       fraction * row["size_ratio"], level))
        for reference in row["references"]:
            point = (reference["bytes_per_second"] / 1e6, fraction * reference["size_ratio"],
                     str(reference["level"]))
            points = series.setdefault(reference["name"], [])
            if not points or points[-1][2] != point[2]:
                points.append(point)
    lowest = min(p[1] for points in series.values() for p in points)
    title = "Compression of text, buffers of 64 KiB (numbers are levels)"
    charts.lines(path, title, "MB/s of input (CPU time)", "size of the output, % of the input",
                 series, x_label=_SpeedLabel(), low=5 * int(lowest / 5))
    return title


PICTURES = {
    "compress.svg": _compress,
    "uncompress.svg": _uncompress,
    "decoders.svg": _decoders,
    "deflate.svg": _deflate,
    "inflate.svg": _inflate,
    "checksums.svg": _checksums,
    "speed-and-size.svg": _speed_and_size,
}


def write_all(rows, folder):
    """Draws what can be drawn; returns file names and titles."""
    drawn = {name: draw(_Rows(rows), folder / name) for name, draw in PICTURES.items()}
    return {name: title for name, title in drawn.items() if title}
