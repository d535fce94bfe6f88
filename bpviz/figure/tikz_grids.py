r"""Write the grid of a vector as LaTeX sets a matrix: an array in square brackets that grow with it.

LaTeX's fonts are as wide as they are: the node around a grid makes it smaller if it would be wider than its room.
"""

from __future__ import annotations

from bpviz.figure.diagram import ACROSS, ASLANT, DOWNWARDS, EMPTY, FILLED, RULED, Entry, EntryGrid
from bpviz.figure.grid_labels import COLUMN_GAP, ENTRY_BLANK
from bpviz.formula import latex

DOTS_IN_LATEX = {ACROSS: r"\cdots", DOWNWARDS: r"\vdots", ASLANT: r"\ddots"}


def write_matrix(grid: EntryGrid, state: str, scale: float, *, is_italic: bool = False) -> str:
    r"""Write a grid as mathematics, in the state of its label; scale is how much larger the figure is.

    >>> grid = EntryGrid(((Entry("1"),), (Entry("−0.5"),)))
    >>> print(write_matrix(grid, "shown", 1.0))
    \left[\begin{array}{@{}r@{}}1 \\ -0.5\end{array}\right]
    """
    columns = rf"@{{\hskip{COLUMN_GAP * scale:.2f}bp}}".join("r" * len(grid.rows[0]))
    rows = r" \\ ".join(" & ".join(_write_entry(each, state, is_italic) for each in row) for row in grid.rows)
    matrix = rf"\left[\begin{{array}}{{@{{}}{columns}@{{}}}}{rows}\end{{array}}\right]"
    if grid.caption:
        caption = rf"\scriptstyle\textcolor{{bpvizfaint}}{{{latex.symbols(grid.caption)}}}"
        matrix = rf"\begin{{array}}{{@{{}}c@{{}}}}{caption} \\ {matrix}\end{{array}}"
    return f"{latex.write_wire_label(grid.prefix)} {matrix}" if grid.prefix else matrix


def _write_entry(entry: Entry, state: str, is_italic: bool) -> str:
    """Write an entry, with what aligns it at its point; one that is not to be seen is its space, or a line."""
    if entry.text in DOTS_IN_LATEX:
        return rf"\hfill{DOTS_IN_LATEX[entry.text]}\hfill"
    text = latex.write_wire_label(entry.text or ENTRY_BLANK, is_italic=is_italic)
    text = rf"\hphantom{{{text}}}" if state in (EMPTY, RULED) or not entry.text else text
    if entry.padding:
        padding = rf"\textit{{{entry.padding}}}" if is_italic else entry.padding
        text += rf"\hphantom{{{padding}}}"
    return rf"\underline{{{text}\strut}}" if state in (RULED, FILLED) else text
