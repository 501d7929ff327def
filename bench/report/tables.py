"""Tables of Markdown, and what stands in them."""


def table(header, lines):
    yield "| " + " | ".join(header) + " |"
    yield "|" + " --- |" * len(header)
    for line in lines:
        yield "| " + " | ".join(line) + " |"
    yield ""


def ratio(row):
    return (f"**{row['speed_ratio']:.2f}** ({row['speed_ratio_lower_quartile']:.2f} to "
            f"{row['speed_ratio_upper_quartile']:.2f})")


def size_words(size):
    if size >= 1 << 20:
        return f"{size >> 20} MiB"
    return f"{size >> 10} KiB" if size >= 1 << 10 else f"{size} B"


def _words(figure):
    if figure["value"] is None:
        return ["not measured", ""]
    return [f"{figure['value']:.3f}", f"`{figure['row']}`"]


def _verdict(figure):
    if not figure["applies"]:
        return "not accelerated here"
    return "pass" if figure["passed"] else "**FAIL**"


def figures(required):
    yield "## Required figures"
    yield ""
    yield from table(["figure", "required", "worst row", "", ""], [
        [f["says"], f["limit"], *_words(f), _verdict(f)] for f in required])
