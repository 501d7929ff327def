"""Two kinds of chart: bars in groups, and lines over a logarithmic axis."""

import math

import svg

# Told apart by people who do not see all colours, and on paper.
COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00")
GRID, AXIS = "#dddddd", "#444444"
WIDTH, HEIGHT = 860, 420
LEFT, RIGHT, TOP, BOTTOM = 70, 30, 70, 60


class _Frame:
    """The area of a chart with its vertical axis from 0 (or `low`) to a round number."""

    def __init__(self, title, y_title, low, high):
        self.drawing = svg.Drawing(WIDTH, HEIGHT)
        self.low = low
        step = _round_step((high - low) / 6)
        self.high = low + step * math.ceil((high - low) / step * 1.02)
        self.drawing.text(LEFT, 28, title, size=16, anchor="start", weight="bold")
        self.drawing.text(18, (TOP + HEIGHT - BOTTOM) / 2, y_title, turned=True)
        value = low
        while value <= self.high + step / 2:
            y = self.y(value)
            self.drawing.line(LEFT, y, WIDTH - RIGHT, y, GRID)
            self.drawing.text(LEFT - 8, y + 4, f"{value:g}", anchor="end", size=11)
            value = round(value + step, 9)

    def y(self, value):
        share = (value - self.low) / (self.high - self.low)
        return HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP)

    def legend(self, names):
        x = LEFT
        for name, colour in zip(names, COLOURS):
            self.drawing.rectangle(x, 42, 12, 12, colour)
            self.drawing.text(x + 17, 52, name, anchor="start")
            x += 36 + 7.5 * len(name)

    def finish(self, path, x_title):
        self.drawing.line(LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM, AXIS)
        self.drawing.text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 14, x_title)
        self.drawing.write(path)


def _round_step(step):
    power = 10 ** math.floor(math.log10(step))
    return next(power * nice for nice in (1, 2, 2.5, 5, 10) if power * nice >= step)


def bars(path, title, x_title, y_title, groups, series, baseline=None):
    """`series` is a dictionary of names to one value (or None) for each of `groups`."""
    highest = max(v for values in series.values() for v in values if v is not None)
    frame = _Frame(title, y_title, 0, highest)
    group_width = (WIDTH - LEFT - RIGHT) / len(groups)
    bar = group_width * 0.8 / len(series)
    for g, group in enumerate(groups):
        left = LEFT + g * group_width + group_width * 0.1
        frame.drawing.text(left + group_width * 0.4, HEIGHT - BOTTOM + 18, group)
        for s, (name, values) in enumerate(series.items()):
            if values[g] is None:
                continue
            x, y = left + s * bar, frame.y(values[g])
            frame.drawing.rectangle(x + 1, y, bar - 2, HEIGHT - BOTTOM - y, COLOURS[s],
                                    f"{name}, {group}: {values[g]:.2f}")
            if bar > 22:
                frame.drawing.text(x + bar / 2, y - 4, f"{values[g]:.1f}", size=10)
    if baseline is not None:
        frame.drawing.line(LEFT, frame.y(baseline), WIDTH - RIGHT, frame.y(baseline), AXIS,
                           dash="5,4")
    frame.legend(series)
    frame.finish(path, x_title)


def lines(path, title, x_title, y_title, series, x_label="{:g}".format, low=0, baseline=None):
    """`series` is a dictionary of names to points: x, y and what to say of it (or nothing)."""
    points = [point for values in series.values() for point in values]
    x_low, x_high = min(p[0] for p in points), max(p[0] for p in points)
    frame = _Frame(title, y_title, low, max(p[1] for p in points))

    def x_of(value):
        share = math.log(value / x_low) / math.log(x_high / x_low)
        return LEFT + 20 + share * (WIDTH - LEFT - RIGHT - 40)

    for value in x_label.ticks(x_low, x_high) if hasattr(x_label, "ticks") else sorted(
            {p[0] for p in points}):
        frame.drawing.line(x_of(value), TOP, x_of(value), HEIGHT - BOTTOM, GRID)
        frame.drawing.text(x_of(value), HEIGHT - BOTTOM + 18, x_label(value), size=11)
    if baseline is not None:
        frame.drawing.line(LEFT, frame.y(baseline), WIDTH - RIGHT, frame.y(baseline), AXIS,
                           dash="5,4")
    for colour, (name, values) in zip(COLOURS, series.items()):
        frame.drawing.path([(x_of(p[0]), frame.y(p[1])) for p in values], colour)
        for x, y, words in values:
            frame.drawing.dot(x_of(x), frame.y(y), colour, f"{name} {words}: {y:.3g}")
            if words:
                frame.drawing.text(x_of(x), frame.y(y) - 8, words, size=10, fill=colour)
    frame.legend(series)
    frame.finish(path, x_title)
