"""Vectors and matrices as formulas of numbers, and as blocks of lines; large ones are shortened to their corners.

A vector is a term "column" or "row" of its numbers, a matrix a term of rows. In plain text both vectors are
[0.22, 0.26], and ᵀ stands behind one that is turned; LaTeX, Typst and MathML show how it lies.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from bpviz.errors import count_columns
from bpviz.formula.numerals import Rounding, number, write_entries
from bpviz.formula.printing import TEXT, show
from bpviz.formula.tree import GRIDS, Atom, Formula, Term
from bpviz.vectors import Shape
from bpviz.vectors.rule_numbers import Grid

T = TypeVar("T")
MOST_ENTRIES = 12  # of a grid that is shown whole
MOST_ALONG_AXIS = 3  # entries along an axis of a larger one
DOTS = Atom("…", 0.0)
TURNED = {"column": "turned column", "row": "turned row"}


def make_numbers(numbers: Sequence[float], shape: Shape, rounding: Rounding, *, is_row: bool = False) -> Formula:
    """Make the formula of numbers that are listed row by row, each as it is printed.

    >>> show(make_numbers([0.1, 0.5, -0.3, 0.8], (2, 2), Rounding()), TEXT)
    '[[0.1, 0.5], [−0.3, 0.8]]'
    """
    if not shape:
        return Atom(number(numbers[0], rounding), numbers[0])
    texts = write_entries(numbers, rounding)
    return make_grid_term([Atom(text, each) for text, each in zip(texts, numbers, strict=True)], shape, is_row=is_row)


def make_grid_term(entries: Sequence[Formula], shape: Shape, *, is_row: bool = False) -> Term:
    """Make the formula of entries that are listed row by row."""
    if len(shape) == 1:
        return Term("row" if is_row else "column", tuple(entries))
    rows = [entries[start : start + shape[1]] for start in range(0, len(entries), shape[1])]
    return Term("matrix", tuple(Term("matrix row", tuple(row)) for row in rows))


def turn(formula: Formula) -> Formula:
    """Return the transpose of numbers: of a matrix, or of a vector, which is then called turned.

    >>> show(turn(make_numbers([1, 2], (2,), Rounding())), TEXT)
    '[1, 2]ᵀ'
    """
    if isinstance(formula, Atom):
        return formula
    if formula.head in TURNED:
        return Term(TURNED[formula.head], formula.parts)
    rows = [row.parts for row in formula.parts if isinstance(row, Term)]
    return Term("matrix", tuple(Term("matrix row", column) for column in zip(*rows, strict=True)))


def make_formula(grid: Grid, expected: Shape, rounding: Rounding) -> Formula:
    """Make the formula of rows of floats: of the shape that is expected if it fits, or else as it lies."""
    rows, columns = len(grid), len(grid[0])
    numbers = [each for row in grid for each in row]
    if (expected in ((rows, columns), (rows,)) and columns == 1) or (rows, columns) == expected:
        return make_numbers(numbers, expected, rounding)
    if rows > 1 and columns > 1:
        return make_numbers(numbers, (rows, columns), rounding)
    return make_numbers(numbers, (rows * columns,) if rows * columns > 1 else (), rounding, is_row=columns > 1)


def list_rows(term: Term) -> list[list[Formula]]:
    """List the entries of a grid as rows, as it lies."""
    if term.head == "matrix":
        return [[*row.parts] for row in term.parts if isinstance(row, Term)]
    return [[*term.parts]] if term.head in ("row", "turned column") else [[each] for each in term.parts]


def list_atoms(formula: Formula) -> list[Atom]:
    """List the entries of a grid row by row, or the one number."""
    entries = [formula] if isinstance(formula, Atom) else [entry for row in list_rows(formula) for entry in row]
    return [entry for entry in entries if isinstance(entry, Atom)]


def is_large(formula: Formula) -> bool:
    """Say whether a grid in a formula has too many entries to be shown whole."""
    if isinstance(formula, Atom):
        return False
    if formula.head in GRIDS:
        rows = list_rows(formula)
        return len(rows) * len(rows[0]) > MOST_ENTRIES
    return any(map(is_large, formula.parts))


def shorten(formula: Formula) -> Formula:
    """Return a grid with its corners alone if it is large.

    >>> show(shorten(make_numbers(range(100), (10, 10), Rounding())), TEXT)
    '[[0, …, 9], …, [90, …, 99]]'
    """
    if isinstance(formula, Atom) or not is_large(formula):
        return formula
    if formula.head != "matrix":
        return Term(formula.head, (*_pick_ends(formula.parts, DOTS),))
    rows = [Term("matrix row", (*_pick_ends(row.parts, DOTS),)) for row in formula.parts if isinstance(row, Term)]
    return Term("matrix", (*_pick_ends(rows, Term("matrix row", (DOTS,) * len(rows[0].parts))),))


def _pick_ends(parts: Sequence[T], dots: T) -> list[T]:
    return [*parts] if len(parts) <= MOST_ALONG_AXIS else [parts[0], dots, parts[-1]]


def write_inline(numbers: Sequence[float], shape: Shape, rounding: Rounding) -> str:
    """Write numbers in one line: [[0.1, 0.5], [−0.3, 0.8]]."""
    return show(shorten(make_numbers(numbers, shape, rounding)), TEXT)


def write_axis(axis: int) -> Atom:
    """Write an axis as it stands behind an operand: sum(M, axis=0)."""
    return Atom(f"axis={axis}")


# blocks of lines


def write_block(formula: Formula) -> str:
    """Write a grid as lines: a matrix has one for each row, its columns aligned at their points.

    >>> print(write_block(make_numbers([0.1, 0.5, -0.3, 10], (2, 2), Rounding())))
    [ 0.1   0.5]
    [−0.3  10  ]
    """
    if isinstance(formula, Atom) or formula.head != "matrix":
        return show(formula, TEXT)
    texts = [[show(entry, TEXT) for entry in row] for row in list_rows(formula)]
    columns = [_align(column) for column in zip(*texts, strict=True)]
    return "\n".join(f"[{'  '.join(row)}]" for row in zip(*columns, strict=True))


def _align(column: Sequence[str]) -> list[str]:
    """Pad texts to one width, with their decimal points in line."""
    behind = [len(text.partition(".")[2]) + ("." in text) for text in column]
    padded = [text + " " * (max(behind) - own) for text, own in zip(column, behind, strict=True)]
    width = max(map(count_columns, padded))
    return [" " * (width - count_columns(text)) + text for text in padded]


def join_blocks(blocks: Sequence[str], sign: str) -> str:
    """Put blocks beside one another, a sign between them on the first line.

    >>> print(join_blocks(["[1]\\n[2]", "[3]\\n[4]"], "+"))
    [1] + [3]
    [2]   [4]
    """
    columns = [block.split("\n") for block in blocks]
    height = max(map(len, columns))
    lines = []
    for k in range(height):
        between = f" {sign} " if k == 0 else " " * (len(sign) + 2)
        cells = [(column[k] if k < len(column) else "").ljust(max(map(count_columns, column))) for column in columns]
        lines.append(between.join(cells).rstrip())
    return "\n".join(lines)
