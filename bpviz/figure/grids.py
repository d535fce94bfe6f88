"""Write the numbers of a vector as a grid, or in one line: [[0.09, 0.18], [0.1, 0.21]].

Up to a dozen entries are written whole. Of a larger vector there are the corners, with dots between; its shape stands
over the grid.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bpviz.figure.diagram import ACROSS, ASLANT, DOTS, DOWNWARDS, Entry, EntryGrid
from bpviz.formula.numerals import Rounding, number, write_entries
from bpviz.vectors import Shape, write_shape
from bpviz.vectors.shapes import count_entries

MOST_ENTRIES = 12  # of a vector that is written whole
MOST_ALONG_AXIS = 3  # entries along an axis of a larger one; of more, the first and the last
PLAIN_NUMBER = re.compile(r"−?\d+(\.\d+)?")


def make_grid(numbers: Sequence[float] | None, shape: Shape, rounding: Rounding) -> EntryGrid:
    """Write numbers that are listed row by row as a grid; without numbers its entries are empty.

    >>> [[entry.text for entry in row] for row in make_grid([1, 2, 3, 4], (2, 2), Rounding(2)).rows]
    [['1', '2'], ['3', '4']]
    """
    rows, columns = shape if len(shape) > 1 else (shape[0], 1)
    across, down = _pick_places(columns, shape), _pick_places(rows, shape)
    entries = write_entries(numbers, rounding) if numbers is not None else [""] * count_entries(shape)
    texts = [[_pick_text(entries, i, j, columns) for j in across] for i in down]
    caption = write_shape(shape) if is_cut(shape) else ""
    aligned = [_align(column) for column in zip(*texts, strict=True)]
    return EntryGrid(tuple(zip(*aligned, strict=True)), caption)


def write_list(numbers: Sequence[float], shape: Shape, rounding: Rounding) -> str:
    """Write numbers that are listed row by row in one line, brackets round each row; of many the corners.

    >>> write_list([0.5, 2], (2,), Rounding(2)), write_list(range(100), (10, 10), Rounding(2))
    ('[0.5, 2]', '[[0, …, 9], …, [90, …, 99]]')
    """
    if not shape:
        return number(numbers[0], rounding)
    texts = write_entries(numbers, rounding)
    for size in reversed(shape):
        places = _pick_places(size, shape)
        rows = [texts[start : start + size] for start in range(0, len(texts), size)]
        texts = [f"[{', '.join(ACROSS if k is None else row[k] for k in places)}]" for row in rows]
    return texts[0]


def is_cut(shape: Shape) -> bool:
    """Say whether entries of this shape are left out."""
    return count_entries(shape) > MOST_ENTRIES


def _pick_places(size: int, shape: Shape) -> list[int | None]:
    """Pick which places along an axis are written: all, or the first, dots (None) and the last."""
    if not is_cut(shape) or size <= MOST_ALONG_AXIS:
        return [*range(size)]
    return [0, None, size - 1]


def _pick_text(entries: Sequence[str], row: int | None, column: int | None, columns: int) -> str:
    """Pick the text of an entry, or dots in a row or a column that is left out."""
    if row is None or column is None:
        return ACROSS if row is not None else DOWNWARDS if column is not None else ASLANT
    return entries[row * columns + column]


def _align(column: Sequence[str]) -> list[Entry]:
    """Give the entries of a column what aligns them at their points, if all are plain decimals."""
    if not all(PLAIN_NUMBER.fullmatch(text) for text in column if text not in DOTS):
        return [Entry(text) for text in column]
    most = max(len(text.partition(".")[2]) for text in column)
    return [_pad(text, most) for text in column]


def _pad(text: str, decimals: int) -> Entry:
    if text in DOTS:
        return Entry(text)
    _, point, digits = text.partition(".")
    return Entry(text, "." * (not point and decimals > 0) + "0" * (decimals - len(digits)))
