"""The rules of vector operations as formulas, with names or with numbers in place of their letters.

A row states what an operation computes and the gradient of each operand in the notation of formula/tree.py: a, b are
the operands, z the result, up the gradient that comes back to it; @ is the product of matrices, * that of entries or
with a number, T the transpose. A vector is a column, unless the row says that it lies as a row.

>>> from bpviz.formula.printing import TEXT, show
>>> from bpviz.formula.tree import read
>>> show(read("T(a) @ up"), TEXT)
'aᵀ · up'
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import exp, fsum, log, prod, sqrt
from typing import Any

from bpviz.formula.tree import ALL, Atom, Formula, Term
from bpviz.vectors.shapes import Shape

Grid = list[list[Any]]  # rows of floats or Decimals; a column has one in each row, and one number is a grid of one
Numbers = Sequence[Any]
UPSTREAM = "up"  # what the gradient of the result is called
OPERATORS = ("+", "-", "*", "⊙", "/", "@", "T")
NUMBERS = ("sum", "norm", "logsumexp")  # functions that make one number of a grid
ONES, UNIT = "ones", "unit"  # all 1; and 1 at one place


def fill_rule(formula: Formula, names: Mapping[str, Formula], every: Sequence[Formula] = ()) -> Formula:
    """Put formulas into a rule in place of its letters; every is what stands for all operands."""
    if isinstance(formula, Atom):
        return names.get(formula.text, formula) if formula.value is None else formula
    parts: list[Formula] = []
    for part in formula.parts:
        parts += every if part == Atom(ALL) else [fill_rule(part, names, every)]
    return Term(formula.head, tuple(parts))


def mark_entrywise(formula: Formula, is_number: Callable[[Atom], bool]) -> Formula:
    """Tell the product of two grids, entry by entry, from that with a number: the first is ⊙.

    >>> from bpviz.formula.tree import read
    >>> mark_entrywise(read("a*b"), lambda atom: atom.text == "a").head
    '*'
    """
    if isinstance(formula, Atom):
        return formula
    parts = [mark_entrywise(part, is_number) for part in formula.parts]
    if formula.head != "*":
        return Term(formula.head, tuple(parts))
    flat = [each for part in parts for each in (part.parts if isinstance(part, Term) and part.head == "*" else (part,))]
    grids = [part for part in flat if not _is_number(part, is_number)]
    if len(grids) < 2:
        return Term("*", tuple(flat))
    numbers = [part for part in flat if part not in grids]
    product = Term("⊙", tuple(grids))
    return Term("*", (*numbers, product)) if numbers else product


def _is_number(formula: Formula, is_number: Callable[[Atom], bool]) -> bool:
    if isinstance(formula, Atom):
        return formula.value is not None or is_number(formula)
    if formula.head in NUMBERS and len(formula.parts) == 1:
        return True
    return formula.head not in (ONES, UNIT) and all(_is_number(part, is_number) for part in formula.parts)


def make_grid(numbers: Numbers, shape: Shape, *, is_row: bool = False) -> Grid:
    """Return numbers that are listed row by row as rows; a vector is a column if it does not lie as a row."""
    if len(shape) > 1:
        return [[*numbers[start : start + shape[1]]] for start in range(0, len(numbers), shape[1])]
    return [[*numbers]] if is_row else [[number] for number in numbers]


def evaluate(formula: Formula, grids: Mapping[str, Grid], shape: Shape) -> Grid:
    """Compute a rule for the gradient of an operand of this shape; grids are those of its letters.

    Raises ZeroDivisionError for a quotient by 0.
    """
    if isinstance(formula, Atom):
        if formula.text == ONES:
            return make_grid([1.0] * prod(shape), shape)
        return grids[formula.text] if formula.value is None else [[formula.value]]
    if formula.head in OPERATORS:
        return apply(formula.head, [evaluate(part, grids, shape) for part in formula.parts])
    given: list[Any] = []
    for part in formula.parts:
        is_count = isinstance(part, Atom) and part.value is not None
        given.append(int(part.value or 0) if is_count else evaluate(part, grids, shape))  # type: ignore[union-attr]
    if formula.head == ONES:
        return [[1.0]] * given[0]
    return _make_unit(shape, given) if formula.head == UNIT else FUNCTIONS[formula.head](*given)


def apply(head: str, parts: Sequence[Grid]) -> Grid:
    """Apply an operator to grids."""
    first, *others = parts
    for other in others:
        first = _multiply(first, other) if head == "@" else _work(ENTRYWISE[head], first, other)
    return _transpose(first) if head == "T" else first


def _multiply(left: Grid, right: Grid) -> Grid:
    columns = _transpose(right)
    return [[_add([a * b for a, b in zip(row, column, strict=True)]) for column in columns] for row in left]


def _work(operation: Callable[[Any, Any], Any], left: Grid, right: Grid) -> Grid:
    """Apply an operation entry by entry; one row, one column or one number is repeated."""
    rows, columns = max(len(left), len(right)), max(len(left[0]), len(right[0]))

    def pick(grid: Grid, i: int, j: int) -> Any:
        return grid[i if len(grid) > 1 else 0][j if len(grid[0]) > 1 else 0]

    return [[operation(pick(left, i, j), pick(right, i, j)) for j in range(columns)] for i in range(rows)]


def _transpose(grid: Grid) -> Grid:
    return [list(column) for column in zip(*grid, strict=True)]


def _add(numbers: Numbers) -> Any:
    total: Any = 0  # no sum(), which rounds otherwise from Python 3.12 on, and no fsum(), which makes floats
    for number in numbers:
        total += number
    return total


def _flatten(grid: Grid) -> list[Any]:
    return [number for row in grid for number in row]


def _make_unit(shape: Shape, place: Sequence[int]) -> Grid:
    """Return a grid of zeros with a 1 at a place; of a matrix, one index is that of a row, in a column."""
    zeros = [[0.0] * (shape[1] if len(place) > 1 else 1) for _ in range(shape[0])]
    zeros[place[0]][place[1] if len(place) > 1 else 0] = 1.0
    return zeros


def _add_up(grid: Grid, axis: int | None = None) -> Grid:
    """Add up all entries, those of every column (axis 0) or those of every row (axis 1)."""
    if axis is None:
        return [[_add(_flatten(grid))]]
    return [[_add(row)] for row in grid] if axis else _transpose(_add_up(_transpose(grid), 1))


def _exponentiate(grid: Grid) -> Grid:
    return [[exp(number) for number in row] for row in grid]


def _share(grid: Grid) -> Grid:
    """Return the softmax of a vector."""
    largest = max(_flatten(grid))
    shares = [[exp(number - largest) for number in row] for row in grid]
    return _work(ENTRYWISE["/"], shares, _add_up(shares))


def _multiply_others(grid: Grid, axis: int | None = None) -> Grid:
    """Return for each number the product of all others, or of the others along an axis."""
    if axis == 0:
        return _transpose(_multiply_others(_transpose(grid), 1))
    groups = grid if axis else [_flatten(grid)]
    found = [prod(group[:k]) * prod(group[k + 1 :]) for group in groups for k in range(len(group))]
    return make_grid(found, (len(grid), len(grid[0])))


def _take(grid: Grid, result: Grid) -> Grid:
    """Return 1 where a grid has the number that was taken, and 0 elsewhere; at a tie they share."""
    taken = _work(lambda a, b: float(a == b), grid, result)
    axis = None if len(result) == len(result[0]) == 1 else 1 if len(result) > 1 else 0
    return _work(ENTRYWISE["/"], taken, _add_up(taken, axis))


def _find_norm(grid: Grid) -> Grid:
    return [[sqrt(fsum(number * number for number in _flatten(grid)))]]


def _find_log_sum(grid: Grid) -> Grid:
    numbers = _flatten(grid)
    return [[max(numbers) + log(fsum(exp(number - max(numbers)) for number in numbers))]]


ENTRYWISE: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "⊙": lambda a, b: a * b,
    "/": lambda a, b: a / b,
}
FUNCTIONS: Mapping[str, Callable[..., Grid]] = {
    "exp": _exponentiate,
    "softmax": _share,
    "logsumexp": _find_log_sum,
    "sum": _add_up,
    "norm": _find_norm,
    "others": _multiply_others,
    "taken": _take,
    "slice": lambda grid, start, stop: grid[start:stop],
    "entry": lambda grid, i: _transpose([grid[i]]),
}
