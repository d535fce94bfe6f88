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


def make_grid(numbers: Sequence[float] | None, shape: Shape, rounding: Rounding, *, is_row: bool = False) -> EntryGrid:
    """Write numbers that are listed row by row as a grid; without numbers its entries are empty.

    A vector stands as a column unless it lies as a row.

    >>> [[entry.text for entry in row] for row in make_grid([1, 2, 3, 4], (2, 2), Rounding(2)).rows]
    [['1', '2'], ['3', '4']]
    """
    lying = (1, *shape) if is_row else shape
    columns = [_align(column) for column in zip(*_write_rows(numbers, lying, rounding), strict=True)]
    return EntryGrid(tuple(zip(*columns, strict=True)), write_shape(shape) if is_cut(shape) else "")


def write_list(numbers: Sequence[float], shape: Shape, rounding: Rounding) -> str:
    """Write numbers that are listed row by row in one line, brackets round each row; of many the corners.

    >>> write_list([0.5, 2], (2,), Rounding(2)), write_list(range(100), (10, 10), Rounding(2))
    ('[0.5, 2]', '[[0, …, 9], …, [90, …, 99]]')
    """
    if not shape:
        return number(numbers[0], rounding)
    rows = [ACROSS if row[0] == DOWNWARDS else ", ".join(row) for row in _write_rows(numbers, shape, rounding)]
    if len(shape) == 1:
        return f"[{', '.join(rows)}]"
    return f"[{', '.join(row if row == ACROSS else f'[{row}]' for row in rows)}]"


def is_cut(shape: Shape) -> bool:
    """Say whether entries of this shape are left out."""
    return count_entries(shape) > MOST_ENTRIES


def list_places(shape: Shape) -> list[list[int | str]]:
    """List which entries are shown, by their place row by row, in rows; dots stand for those that are left out.

    >>> list_places((2, 2)), list_places((20,))
    ([[0, 1], [2, 3]], [[0], ['⋮'], [19]])
    """
    columns = shape[1] if len(shape) > 1 else 1
    rows = _pick_places(shape[0] if shape else 1, shape)
    across = _pick_places(columns, shape)
    return [[_write_dots(i, j) or (i or 0) * columns + (j or 0) for j in across] for i in rows]


def _write_rows(numbers: Sequence[float] | None, shape: Shape, rounding: Rounding) -> list[list[str]]:
    """Write the entries that are shown, in rows, and the dots between them; a vector is a column."""
    places = list_places(shape)
    shown = [k for row in places for k in row if isinstance(k, int)]
    texts = iter(write_entries([numbers[k] for k in shown], rounding) if numbers is not None else [""] * len(shown))
    return [[k if isinstance(k, str) else next(texts) for k in row] for row in places]


def _pick_places(size: int, shape: Shape) -> list[int | None]:
    """Pick which places along an axis are written: all, or the first, dots (None) and the last."""
    if not is_cut(shape) or size <= MOST_ALONG_AXIS:
        return [*range(size)]
    return [0, None, size - 1]


def _write_dots(row: int | None, column: int | None) -> str:
    if row is None:
        return DOWNWARDS if column is not None else ASLANT
    return ACROSS if column is None else ""


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
