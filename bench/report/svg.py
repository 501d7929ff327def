"""A drawing, written as SVG: as much as charts need."""

import html

FONT = "font-family='DejaVu Sans, Helvetica, Arial, sans-serif'"


class Drawing:
    def __init__(self, width, height):
        self._width, self._height = width, height
        self._parts = [f"<rect width='{width}' height='{height}' fill='#ffffff'/>"]

    def rectangle(self, x, y, width, height, fill, title=""):
        tip = f"<title>{html.escape(title)}</title>" if title else ""
        self._parts.append(f"<rect x='{x:.1f}' y='{y:.1f}' width='{width:.1f}' "
                           f"height='{height:.1f}' fill='{fill}'>{tip}</rect>")

    def line(self, x1, y1, x2, y2, stroke, width=1, dash=""):
        dashes = f" stroke-dasharray='{dash}'" if dash else ""
        self._parts.append(f"<line x1='{x1:.1f}' y1='{y1:.1f}' x2='{x2:.1f}' y2='{y2:.1f}' "
                           f"stroke='{stroke}' stroke-width='{width}'{dashes}/>")

    def path(self, points, stroke):
        joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self._parts.append(f"<polyline points='{joined}' fill='none' stroke='{stroke}' "
                           "stroke-width='2'/>")

    def dot(self, x, y, fill, title=""):
        tip = f"<title>{html.escape(title)}</title>" if title else ""
        self._parts.append(f"<circle cx='{x:.1f}' cy='{y:.1f}' r='4' fill='{fill}'>{tip}</circle>")

    def text(self, x, y, words, size=12, anchor="middle", fill="#222222", weight="normal",
             turned=False):
        turn = f" transform='rotate(-90 {x:.1f} {y:.1f})'" if turned else ""
        self._parts.append(f"<text x='{x:.1f}' y='{y:.1f}' font-size='{size}' {FONT} "
                           f"text-anchor='{anchor}' fill='{fill}' font-weight='{weight}'{turn}>"
                           f"{html.escape(words)}</text>")

    def write(self, path):
        path.write_text(
            f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {self._width} {self._height}' "
            f"width='{self._width}' height='{self._height}'>\n" + "\n".join(self._parts)
            + "\n</svg>\n", encoding="utf-8")
