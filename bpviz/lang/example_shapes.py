"""An example of what may be typed for a program of vectors of which nothing says how long they are.

The shapes are found by trying: numbers, vectors and square matrices, a matrix sooner for a capital letter, until the
program fits together and comes to one number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import islice, product

from bpviz.errors import BpvizError
from bpviz.vectors import Nested, Shape, nest
from bpviz.vectors.shapes import count_entries

SIZES = (2, 3, 4)  # an entry v[2] needs three
MOST_TRIED = 300  # combinations of shapes of one size


def find_shapes(
    fits: Callable[[Mapping[str, Shape]], object], names: Sequence[str], known: Mapping[str, Shape]
) -> dict[str, Shape]:
    """Return shapes for inputs with which a program fits together; none if none are found.

    fits makes the program with shapes, and raises BpvizError where it does not fit; known are the shapes that stand.
    """
    for size in SIZES:
        choices = [[known[name]] if name in known else _list_choices(name, size) for name in names]
        for shapes in islice(product(*choices), MOST_TRIED):
            candidate = dict(zip(names, shapes, strict=True))
            try:
                fits(candidate)
            except BpvizError:
                continue
            return candidate
    return {}


def _list_choices(name: str, size: int) -> list[Shape]:
    number, vector, matrix = (), (size,), (size, size)
    return [matrix, vector, number] if name[0].isupper() else [vector, number, matrix]


def write_example(shape: Shape) -> str:
    """Write a value of a shape, as one types it.

    >>> write_example((2, 2)), write_example(())
    ('[[1, 2], [3, 4]]', '1')
    """
    value: Nested = nest(range(1, count_entries(shape) + 1), shape)
    return str(value)
