"""The formulas of vector operations, for listings: forward, and backward for each operand, by their shapes.

They are in the notation of formula/tree.py, in which + − · / and every function of a gate work entry by entry as in
NumPy, with these functions of grids:

matmul(a, b), outer(a, b), T(a)      the products, and the transpose
total, average, largest, smallest, multiplied(a) or (a, axis)   over all entries, or along an axis
others(a) or (a, axis)               for each entry the product of all the others
norm(a)                              the length of a vector
expand(a, axis)                      a as the rows or columns of what is longer along this axis
repeat(x, a)                         x at every entry of a
size(a) or (a, axis)                 how many entries there are
at(a, i) or (a, i, j)                an entry, or a row
part(a, start, stop)                 some entries, or rows
hstack(...), vstack(...), list(...)  vectors one after another, matrices under one another, a list of what it is given
scatter(a, i) or (a, i, j)           of a gradient only: a, added at this place
softmax(a), log_sum(a) or (a, axis)  as a framework has them
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate

from bpviz.vectors.shapes import MOST_AXES, Shape
from bpviz.vectors.vector_row import ArrayFormulas

MakeFormulas = Callable[[Sequence[Shape], Sequence[int]], ArrayFormulas]

FIRST = {1: ", 0", 2: ""}  # the axis of all entries, by the number of axes
PRODUCTS = {  # by the number of axes of both factors
    (2, 2): ("matmul(up, T(b))", "matmul(T(a), up)"),
    (2, 1): ("outer(up, b)", "matmul(T(a), up)"),
    (1, 2): ("matmul(b, up)", "outer(a, up)"),
    (1, 1): ("up*b", "up*a"),
}


def write_matmul(shapes: Sequence[Shape], arguments: Sequence[int]) -> ArrayFormulas:
    """Write a product of matrices or vectors."""
    left, right = PRODUCTS[len(shapes[0]), len(shapes[1])]
    return ArrayFormulas(("matmul(a, b)",), ((left,), (right,)))


def write_outer(shapes: Sequence[Shape], arguments: Sequence[int]) -> ArrayFormulas:
    """Write an outer product."""
    return ArrayFormulas(("outer(a, b)",), (("matmul(up, b)",), ("matmul(T(up), a)",)))


def write_transpose(shapes: Sequence[Shape], arguments: Sequence[int]) -> ArrayFormulas:
    """Write a transpose."""
    return ArrayFormulas(("T(a)",), (("T(up)",),))


def write_index(shapes: Sequence[Shape], arguments: Sequence[int]) -> ArrayFormulas:
    """Write an entry, or a row; its gradient is added at its place."""
    place = ", ".join(f"{index % size}" for index, size in zip(arguments, shapes[0], strict=False))
    return ArrayFormulas((f"at(a, {place})",), ((f"scatter(up, {place})",),))


def write_concat(shapes: Sequence[Shape], arguments: Sequence[int]) -> ArrayFormulas:
    """Write vectors one after another; each gets its part of the gradient."""
    stops = [*accumulate(shape[0] if shape else 1 for shape in shapes)]
    starts = [0, *stops]
    parts = [
        f"part(up, {start}, {stop})" if shape else f"at(up, {start})"
        for shape, start, stop in zip(shapes, starts, stops, strict=False)
    ]
    stack = "vstack" if len(shapes[0]) == MOST_AXES else "hstack"
    return ArrayFormulas((f"{stack}(...)",), tuple((part,) for part in parts))


def write_list(shapes: Sequence[Shape], arguments: Sequence[int]) -> ArrayFormulas:
    """Write a list of numbers or of rows."""
    return ArrayFormulas(("list(...)",), tuple((f"at(up, {k})",) for k in range(len(shapes))))


def _choose_axis(shapes: Sequence[Shape], arguments: Sequence[int]) -> tuple[str, Callable[[str], str]]:
    """Return how an axis is written behind an operand, and what makes a formula fit an operand again."""
    if not arguments:
        return "", str
    axis = arguments[0] % len(shapes[0])
    is_last_of_two = len(shapes[0]) == MOST_AXES and axis == 1  # along the first, a result fits as it is
    return f", {axis}", lambda text: f"expand({text}, {axis})" if is_last_of_two else text


def reduce_by(forward: str, backward: str) -> MakeFormulas:
    """Make the formulas of an operation over all entries or along an axis.

    In the templates {axis} is the axis behind an operand, and {up}, {z} are the gradient and z, fit for the operand.
    """

    def write(shapes: Sequence[Shape], arguments: Sequence[int]) -> ArrayFormulas:
        axis, fit = _choose_axis(shapes, arguments)
        largest, tied = fit(f"largest(a{axis})"), fit(f"total(a == {fit('z')}{axis})")
        texts = {"axis": axis, "up": fit("up"), "z": fit("z"), "largest": largest, "tied": tied}
        library = f"log_sum(a{axis or FIRST[len(shapes[0])]})" if "{largest}" in forward else ""
        return ArrayFormulas((forward.format(**texts),), ((backward.format(**texts),),), library)

    return write


def write_norm(shapes: Sequence[Shape], arguments: Sequence[int]) -> ArrayFormulas:
    """Write the length of a vector."""
    return ArrayFormulas(("norm(a)",), (("up*a/z",),))


def write_softmax(shapes: Sequence[Shape], arguments: Sequence[int]) -> ArrayFormulas:
    """Write softmax along the last axis, the largest score subtracted first: exp overflows at 710."""
    axis, fit = _choose_axis(shapes, (1,) if len(shapes[0]) == MOST_AXES else ())
    forward = f"exp(a - {fit(f'largest(a{axis})')})", f"z/{fit(f'total(z{axis})')}"
    return ArrayFormulas(forward, ((f"z*(up - {fit(f'total(up*z{axis})')})",),), "softmax(a)")


LOGSUMEXP = "largest(a) + ln(total(exp(a - largest(a))))"


def write_cross_entropy(shapes: Sequence[Shape], arguments: Sequence[int]) -> ArrayFormulas:
    """Write logsumexp(z) − z[class], or with a vector of what is wanted logsumexp(z)·Σy − z·y."""
    softmax = "exp(a - largest(a))/total(exp(a - largest(a)))"
    if arguments:
        (wanted,) = arguments
        backward = (f"up*{softmax}", f"scatter(-up, {wanted})")
        return ArrayFormulas((f"{LOGSUMEXP} - at(a, {wanted})",), (backward,), f"log_sum(a, 0) - at(a, {wanted})")
    forward, library = (f"({each})*total(b) - matmul(a, b)" for each in (LOGSUMEXP, "log_sum(a, 0)"))
    return ArrayFormulas((forward,), ((f"up*({softmax}*total(b) - b)",), (f"up*({LOGSUMEXP} - a)",)), library)
