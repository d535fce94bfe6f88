"""Shapes of vectors and matrices: (3,) is a vector of 3 entries, (2, 3) a matrix of 2 rows, () one number.

Entries are counted row by row. Two shapes fit entry by entry as in NumPy: a shorter one has axes of 1 put before it,
and an axis of 1 is repeated.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from math import prod
from typing import Any

from bpviz.errors import UsageError

Shape = tuple[int, ...]
MOST_AXES = 2
Nested = float | list["Nested"]


def write_shape(shape: Shape) -> str:
    """Write a shape for a message or a figure.

    >>> [write_shape(each) for each in [(2, 3), (4,), ()]]
    ['2×3', '4', 'one number']
    """
    return "×".join(map(str, shape)) or "one number"


def say_shape(shape: Shape) -> str:
    """Say what has a shape: "a 2×3 matrix", "a vector of 4", "one number"."""
    if not shape:
        return "one number"
    return f"a vector of {shape[0]}" if len(shape) == 1 else f"a {write_shape(shape)} matrix"


def count_entries(shape: Shape) -> int:
    """Count the entries of a shape: 6 for (2, 3), 1 for one number."""
    return prod(shape)


def list_indices(shape: Shape) -> list[tuple[int, ...]]:
    """List the index of every entry, row by row.

    >>> list_indices((2, 2))
    [(0, 0), (0, 1), (1, 0), (1, 1)]
    """
    return list(product(*map(range, shape)))


def broadcast(shapes: Sequence[Shape]) -> Shape | None:
    """Return the shape that shapes come to entry by entry, or None if they do not fit.

    >>> broadcast([(2, 3), (3,)]), broadcast([(2, 3), (2,)])
    ((2, 3), None)
    """
    axes = max(map(len, shapes), default=0)
    result = []
    for axis in range(-axes, 0):
        sizes = {shape[axis] for shape in shapes if len(shape) >= -axis} - {1}
        if len(sizes) > 1:
            return None
        result.append(sizes.pop() if sizes else 1)
    return tuple(result)


def spread(shape: Shape, result: Shape) -> list[int]:
    """Return which entry of a shape stands at each entry of the result that it is repeated to.

    >>> spread((3,), (2, 3)), spread((), (2,))
    ([0, 1, 2, 0, 1, 2], [0, 0])
    """
    found = []
    for index in list_indices(result):
        own = index[len(index) - len(shape) :]
        place = 0
        for i, size in zip(own, shape, strict=True):
            place = place * size + (i if size > 1 else 0)
        found.append(place)
    return found


def nest(numbers: Sequence[Any], shape: Shape) -> Any:
    """Nest numbers that are listed row by row: a list of rows for a matrix, the number itself for one number.

    >>> nest([1, 2, 3, 4], (2, 2))
    [[1, 2], [3, 4]]
    """
    if not shape:
        return numbers[0]
    size = count_entries(shape[1:])
    return [nest(numbers[i * size : (i + 1) * size], shape[1:]) for i in range(shape[0])]


def read_nested(name: str, value: Any) -> tuple[Shape, list[Any]]:
    """Return the shape and the entries of a value: a number, nested lists, an array or a tensor.

    Raises UsageError for rows of unequal length, for an empty list, and for more than two axes.
    """
    if hasattr(value, "tolist"):  # of NumPy, PyTorch and pandas
        value = value.tolist()
    if not isinstance(value, (list, tuple)):
        return (), [value]
    if not value:
        raise UsageError(f"{name} has no entries", hint=f"give it some, as in {name} = [1, 2]")
    rows = [read_nested(name, each) for each in value]
    shapes = {shape for shape, _ in rows}
    if len(shapes) > 1:
        listed = " and ".join(
            write_shape(shape) if shape else "1" for shape in list(dict.fromkeys(s for s, _ in rows))[:2]
        )
        raise UsageError(
            f"the rows of {name} have different lengths: {listed}", hint="give all rows equally many entries"
        )
    shape = (len(rows), *rows[0][0])
    if len(shape) > MOST_AXES:
        raise UsageError(f"{name} has {len(shape)} axes, and two are the most", hint="give it as a list of rows")
    return shape, [entry for _, entries in rows for entry in entries]
