"""The legend under a figure: lines of words and samples of wires, and rows of words in columns."""

from __future__ import annotations

from bpviz.figure.cells import ON_OFF, SAMPLE
from bpviz.figure.sketch import Course, Legend
from bpviz.figure.tikz.canvas import Canvas
from bpviz.formula import latex

SPACE = 4.0  # points between words and samples


def legend(said: Legend, canvas: Canvas) -> list[str]:
    """Return a legend as lines of text, smaller than the title over them."""
    font = canvas.font(canvas.page.theme.operation_size).removeprefix("font=")
    space = rf"\hskip{canvas.length(SPACE)}\relax "
    rows = [space.join(_part(part, canvas) for part in line) for line in said.lines if line]
    if said.rows:
        columns = "l" * max(map(len, said.rows))
        table = r" \\ ".join(" & ".join(map(latex.text, row)) for row in said.rows)
        rows.append(rf"\begin{{tabular}}{{@{{}}{columns}@{{}}}}{table}\end{{tabular}}")
    return [f"{font} {row}" for row in rows]


def _part(part: Course | str, canvas: Canvas) -> str:
    """Return words, or a sample of a wire: rules, since a picture in a picture would take over its options."""
    if isinstance(part, str):
        return latex.text(part)
    on, off = ON_OFF.get(part.pattern, (SAMPLE, 0.0))
    high = canvas.length(part.width)
    low = f"\\dimexpr 0.35em-{canvas.length(part.width / 2)}\\relax"
    count = max(1, round((SAMPLE + off) / (on + off)))
    dash = rf"\rule[{low}]{{{canvas.length(on)}}}{{{high}}}"
    dashes = rf"\kern{canvas.length(off)}".join([dash] * count)
    return rf"{{\color{{bpviz{part.tone}}}{dashes}}}"
