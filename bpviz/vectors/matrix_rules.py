"""What vector operations compute and what comes back to their operands, in matrix notation, by their shapes.

rule_numbers.py says how the notation is read, and has the functions that occur in it.
"""

from __future__ import annotations

from collections.abc import Sequence

from bpviz.vectors.shapes import MOST_AXES, Shape
from bpviz.vectors.vector_row import MakeRules, MatrixRules

RESULT = "z"


def state(forward: str, *backward: str) -> MakeRules:
    """Make rules that are the same for all shapes."""
    return lambda shapes, arguments, turned: MatrixRules(forward, backward)


def state_matmul(shapes: Sequence[Shape], arguments: Sequence[int], turned: Sequence[bool]) -> MatrixRules:
    """State a product of matrices or vectors; a vector on the left of a matrix lies as a row."""
    left, right = map(len, shapes)
    if left == right == 1:
        return MatrixRules("T(a) @ b", ("b * up", "a * up"))
    if left == 1 and turned[0]:
        return MatrixRules("T(a) @ b", ("b @ T(up)", "a @ up"), rows="z")
    return MatrixRules("a @ b", ("up @ T(b)", "T(a) @ up"), rows="az" if left == 1 else "")


def state_index(shapes: Sequence[Shape], arguments: Sequence[int], turned: Sequence[bool]) -> MatrixRules:
    """State an entry or a row of a matrix: unit is 1 at its place and 0 elsewhere."""
    (shape,) = shapes
    place = ", ".join(str(index % size) for size, index in zip(shape, arguments, strict=False))
    if not arguments:
        return MatrixRules("a", ("up",))
    is_row = len(arguments) < len(shape)
    return MatrixRules(f"entry(a, {place})", (f"unit({place}) @ T(up)" if is_row else f"unit({place}) * up",))


def state_concat(shapes: Sequence[Shape], arguments: Sequence[int], turned: Sequence[bool]) -> MatrixRules:
    """State vectors one after another, or matrices one under another."""
    sizes = [shape[0] if shape else 1 for shape in shapes]
    starts = [sum(sizes[:k]) for k in range(len(sizes))]
    parts = [
        f"slice(up, {start}, {start + size})" if shape else f"entry(up, {start})"
        for start, size, shape in zip(starts, sizes, shapes, strict=True)
    ]
    return MatrixRules("concat(...)", tuple(parts))


def state_list(shapes: Sequence[Shape], arguments: Sequence[int], turned: Sequence[bool]) -> MatrixRules:
    """State a vector of numbers, or a matrix of rows."""
    return MatrixRules("list(...)", tuple(f"entry(up, {k})" for k in range(len(shapes))))


def state_sum(shapes: Sequence[Shape], arguments: Sequence[int], turned: Sequence[bool]) -> MatrixRules:
    """State a sum of all entries, or of those along an axis: ones repeat what comes back."""
    axis, (rows, columns) = _find_axis(shapes, arguments)
    if axis is None:
        return MatrixRules("sum(a)", ("ones * up",))
    copies = f"up @ T(ones({columns}))" if axis else f"ones({rows}) @ up"
    return MatrixRules(f"sum(a, {axis})", (copies,), rows="" if axis else RESULT)


def state_mean(shapes: Sequence[Shape], arguments: Sequence[int], turned: Sequence[bool]) -> MatrixRules:
    """State a mean: a sum by how many there are."""
    axis, (rows, columns) = _find_axis(shapes, arguments)
    count = rows * columns if axis is None else columns if axis else rows
    of_sum = state_sum(shapes, arguments, turned)
    backward = f"1/{count} * ({of_sum.backward[0]})"
    return MatrixRules(of_sum.forward.replace("sum", "mean"), (backward,), of_sum.rows)


def spread(name: str, local: str) -> MakeRules:
    """Make the rules of a gate over all entries, or over those along an axis: local gradient times up.

    Along axis 0 the result has a number for each column: it is a row, which is repeated down the rows.
    """

    def state(shapes: Sequence[Shape], arguments: Sequence[int], turned: Sequence[bool]) -> MatrixRules:
        axis, _ = _find_axis(shapes, arguments)
        forward = f"{name}(a)" if axis is None else f"{name}(a, {axis})"
        along = "" if axis is None else f", {axis}"
        return MatrixRules(forward, (f"{local.format(along=along)} * up",), rows=RESULT if axis == 0 else "")

    return state


def _find_axis(shapes: Sequence[Shape], arguments: Sequence[int]) -> tuple[int | None, tuple[int, int]]:
    """Return the axis that is reduced, None for all entries, and how many rows and columns there are."""
    (shape,) = shapes
    axis = arguments[0] % len(shape) if arguments and len(shape) == MOST_AXES else None
    return axis, (shape[0], shape[1] if len(shape) == MOST_AXES else 1)


def state_logsumexp(shapes: Sequence[Shape], arguments: Sequence[int], turned: Sequence[bool]) -> MatrixRules:
    """State a logsumexp; its slope is the softmax, which along an axis has no short name."""
    is_vector = len(shapes[0]) < MOST_AXES
    return spread("logsumexp", "softmax(a)" if is_vector else "exp(a - z)")(shapes, arguments, turned)


def state_softmax(shapes: Sequence[Shape], arguments: Sequence[int], turned: Sequence[bool]) -> MatrixRules:
    """State the softmax of a vector, or of every row of a matrix."""
    along = ", 1" if len(shapes[0]) == MOST_AXES else ""
    return MatrixRules("softmax(a)", (f"z * (up - sum(z*up{along}))",))


def state_cross_entropy(shapes: Sequence[Shape], arguments: Sequence[int], turned: Sequence[bool]) -> MatrixRules:
    """State the cross entropy of scores with a class, or with a vector of what is wanted."""
    if arguments:
        return MatrixRules(f"cross_entropy(a, {arguments[0]})", (f"(softmax(a) - unit({arguments[0]})) * up",))
    return MatrixRules("cross_entropy(a, b)", ("(softmax(a)*sum(b) - b) * up", "(logsumexp(a) - a) * up"))
